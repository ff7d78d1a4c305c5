"""What every Catalog promises of removals and amendments: what leads after them, and what does not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from csvgate.delivery import Delivery
from tests.ports.conftest import AnyCatalog
from tests.ports.deliveries import LEASE, LOAD, NOON, OLDER, arrived, latest, recorded


@pytest.fixture
def two_versions(catalog: AnyCatalog, record: Callable[..., bool]) -> tuple[Delivery, Delivery]:
    """The older one is history, the newer one the head."""
    older, newer = recorded(arrived("v1", "0A")), recorded(arrived("v2", "0B"))
    assert record(newer)
    assert record(older, OLDER)
    return older, newer


def test_a_removal_leads_back_and_nothing_older_takes_the_head(
    catalog: AnyCatalog, record: Callable[..., bool], two_versions: tuple[Delivery, Delivery]
) -> None:
    older, newer = two_versions
    removal = arrived("v2", "0D", kind="purged")
    assert catalog.lead(older, ["id"], seen=newer.delivery_id, order=removal.order)
    assert catalog.head("test-bucket", older.arrival.key) == older
    assert not record(recorded(arrived("v3", "0C")))
    assert record(recorded(arrived("v4", "0E")))
    assert catalog.head("test-bucket", older.arrival.key) == recorded(arrived("v4", "0E"))


def test_nobody_leads_in_place_of_a_head_that_was_not_seen(
    catalog: AnyCatalog, two_versions: tuple[Delivery, Delivery]
) -> None:
    older, newer = two_versions
    assert not catalog.lead(older, ["id"], seen=older.delivery_id)
    assert not catalog.lead(older, ["id"], seen=None)
    assert catalog.head("test-bucket", older.arrival.key) == newer


def test_a_head_that_stays_can_outlive_a_removal(
    catalog: AnyCatalog, record: Callable[..., bool], two_versions: tuple[Delivery, Delivery]
) -> None:
    _, newer = two_versions
    assert catalog.lead(newer, [], seen=newer.delivery_id, order=arrived("v0", "0D").order)
    assert catalog.lead(newer, [], seen=newer.delivery_id, order=arrived("v0", "0C").order)
    assert not record(recorded(arrived("v3", "0D")))
    assert catalog.head("test-bucket", newer.arrival.key) == newer


@pytest.mark.parametrize("sequencer", ["0C", None])
def test_what_s3_calls_latest_does_not_forget_a_removal(
    catalog: AnyCatalog,
    record: Callable[..., bool],
    two_versions: tuple[Delivery, Delivery],
    sequencer: str | None,
) -> None:
    _, newer = two_versions
    assert catalog.lead(newer, [], seen=newer.delivery_id, order=arrived("v0", "0E").order)
    found = recorded(arrived("v3", sequencer))
    assert record(found, latest(newer))
    assert not record(recorded(arrived("v4", "0D")))
    assert catalog.head("test-bucket", newer.arrival.key) == found


def test_who_leads_without_any_sequencer_is_compared_with_nobody(
    catalog: AnyCatalog, record: Callable[..., bool], two_versions: tuple[Delivery, Delivery]
) -> None:
    _, newer = two_versions
    found = recorded(arrived("v3", None))
    assert record(found, OLDER)
    assert catalog.lead(found, ["id"], seen=newer.delivery_id)
    assert not record(recorded(arrived("v4", "0F")))


def test_a_failed_head_that_outlived_a_removal_is_not_followed_by_less(
    catalog: AnyCatalog, record: Callable[..., bool]
) -> None:
    failed = recorded(arrived(), state="failed", verdict=None)
    assert record(failed)
    assert catalog.lead(failed, [], seen=failed.delivery_id, order=arrived("v0", "0E").order)
    assert not record(recorded(arrived()))
    assert record(recorded(arrived()), latest(failed))
    assert not record(recorded(arrived("v2", "0D")))


@pytest.fixture
def loaded(record: Callable[..., bool]) -> Delivery:
    """It was loaded, and leads its key."""
    delivery = recorded(arrived()).after(LOAD)
    assert record(delivery)
    return delivery


def undone(delivery: Delivery) -> Delivery:
    return delivery.after(replace(LOAD, rows_loaded=0, outcome="undone"))


def test_a_final_delivery_is_amended_where_it_leads_and_where_it_is_listed(
    catalog: AnyCatalog, record: Callable[..., bool], loaded: Delivery
) -> None:
    amended = undone(loaded)
    assert catalog.amend(amended, ["id", "name"], seen=loaded)
    assert catalog.get(loaded.delivery_id) == catalog.head("test-bucket", loaded.arrival.key) == amended
    assert [list(catalog.newest(state=state)) for state in ("loaded", "undone")] == [[], [amended]]
    assert record(loaded)
    assert catalog.get(loaded.delivery_id) == amended


def test_what_was_amended_can_be_amended_again_and_the_head_keeps_its_order(
    catalog: AnyCatalog, record: Callable[..., bool], loaded: Delivery
) -> None:
    again = loaded.after(LOAD, generation=2)
    assert catalog.amend(undone(loaded), ["id"], seen=loaded)
    assert catalog.amend(again, ["id"], seen=undone(loaded))
    assert catalog.head("test-bucket", loaded.arrival.key) == again
    assert not record(recorded(arrived("v0", "09")))
    assert record(recorded(arrived("v2", "0B")))


def test_what_leads_no_more_is_amended_in_history(
    catalog: AnyCatalog, record: Callable[..., bool], loaded: Delivery
) -> None:
    newer = recorded(arrived("v2", "0B"))
    assert record(newer)
    assert catalog.amend(undone(loaded), ["id"], seen=loaded)
    assert catalog.get(loaded.delivery_id) == undone(loaded)
    assert catalog.head("test-bucket", loaded.arrival.key) == newer


def test_nothing_is_amended_that_is_not_as_it_was_seen(
    catalog: AnyCatalog, claim: Callable[..., str], loaded: Delivery
) -> None:
    """Its state is another, its generation is another, it is in work, or nobody knows it."""
    for seen in (undone(loaded), loaded.after(LOAD, generation=2), replace(loaded, generation=None)):
        assert not catalog.amend(undone(loaded), [], seen=seen)
    assert catalog.get(loaded.delivery_id) == loaded
    claim(arrived("v2", "0B"))
    held = catalog.get(arrived("v2").delivery_id)
    assert held is not None
    assert not catalog.amend(undone(held), [], seen=held)
    unknown = recorded(arrived("v3"))
    assert not catalog.amend(undone(unknown), [], seen=unknown)


def test_of_many_who_amend_the_same_at_once_one_does(catalog: AnyCatalog, loaded: Delivery) -> None:
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: catalog.amend(undone(loaded), [], seen=loaded), range(16)))
    assert sorted(done) == [False] * 15 + [True]


def test_of_what_is_erased_a_tombstone_stays_which_leads_where_it_led_and_is_never_claimed_again(
    catalog: AnyCatalog, record: Callable[..., bool]
) -> None:
    """Everything else is taken out, and what is final may still be told apart from what was."""
    arrival = arrived()
    loaded = recorded(arrival, inspection_uri="s3://results/x.json", feed="sales").after(LOAD)
    assert record(loaded)
    erasing = Delivery.of(arrival, "erasing", at=NOON)
    erased = replace(Delivery.of(replace(arrival, etag=None), "erased", at=NOON), reason="by Ada")
    assert catalog.amend(erasing, (), seen=loaded)
    assert not catalog.amend(erased, (), seen=loaded)
    assert catalog.amend(erased, (), seen=erasing)
    assert [catalog.get(arrival.delivery_id), catalog.head(arrival.bucket, arrival.key)] == [erased, erased]
    assert [*catalog.newest(state="erased")] == [erased]
    assert [*catalog.newest(verdict="ok")] == []
    assert record(loaded)
    assert catalog.claim(arrival, owner="us", now=NOON, lease=LEASE).delivery == erased
