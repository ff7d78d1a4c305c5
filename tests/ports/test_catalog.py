"""What every Catalog promises: claims, records and heads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from csvgate.delivery import FINAL_STATES, Arrival, Delivery
from csvgate.load import Load
from csvgate.ports import Standing
from tests.ports.conftest import AnyCatalog

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
BY_SEQUENCER = Standing(how="by-sequencer")
OLDER = Standing(how="older")
LOAD = Load(sink="postgresql", table="sales", rows_loaded=3, rows_quarantined=0, verified=True)


def latest(seen: Delivery | None) -> Standing:
    return Standing(how="latest", seen=seen.delivery_id if seen else None)


def arrived(version: str = "v1", sequencer: str | None = "0A", **facts: Any) -> Arrival:  # noqa: ANN401  # any fact
    usual = {"bucket": "test-bucket", "key": "in/é +%\N{GRINNING FACE}.csv", "etag": "e", "size": 12, "time": NOON}
    return Arrival(**{**usual, "version_id": version, "sequencer": sequencer, **facts})


def recorded(arrival: Arrival, **facts: Any) -> Delivery:  # noqa: ANN401  # any fact
    delivery = Delivery.of(arrival, "recorded", at=arrival.time or NOON)
    return replace(delivery, **{"verdict": "ok", "row_count": 3, "column_count": 2, "sha256": "ff" * 32, **facts})


def deleted(arrival: Arrival) -> Delivery:
    return Delivery.of(arrival, "deleted", at=NOON)


@pytest.fixture
def claim(catalog: AnyCatalog) -> Callable[..., str]:
    """Claims and says only how it went."""
    return lambda arrival, owner="us", now=NOON: catalog.claim(arrival, owner=owner, now=now, lease=LEASE).status


@pytest.fixture
def record(catalog: AnyCatalog) -> Callable[..., bool]:
    """Records with two column names."""
    return lambda delivery, standing=BY_SEQUENCER: catalog.record(delivery, ["id", "name"], standing)


def test_a_new_delivery_is_claimed_and_known_as_inspecting(catalog: AnyCatalog) -> None:
    held = catalog.claim(arrived(), owner="us", now=NOON, lease=LEASE)
    assert (held.status, held.attempts) == ("held", 1)
    assert held.delivery == catalog.get(arrived().delivery_id) == Delivery.of(arrived(), "inspecting", at=NOON)


def test_of_many_who_claim_at_once_one_wins(catalog: AnyCatalog, claim: Callable[..., str]) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: claim(arrived(), owner=f"worker {number}"), range(48)))
    assert sorted(answers) == ["busy"] * 47 + ["held"]
    assert catalog.claim(arrived(), owner="late", now=NOON, lease=LEASE).attempts == 1


def test_while_a_lease_runs_others_are_told_until_when(catalog: AnyCatalog, claim: Callable[..., str]) -> None:
    claim(arrived())
    busy = catalog.claim(arrived(), owner="others", now=NOON + LEASE / 2, lease=LEASE)
    assert (busy.status, busy.busy_until, busy.attempts) == ("busy", NOON + LEASE, 1)


def test_after_its_lease_a_delivery_is_anybodys(catalog: AnyCatalog, claim: Callable[..., str]) -> None:
    claim(arrived())
    taken = catalog.claim(arrived(), owner="others", now=NOON + LEASE + timedelta(seconds=1), lease=LEASE)
    assert (taken.status, taken.attempts) == ("held", 2)
    assert claim(arrived(), now=NOON + LEASE + timedelta(seconds=2)) == "busy"


def test_a_lease_ends_at_its_very_moment(claim: Callable[..., str]) -> None:
    claim(arrived())
    assert claim(arrived(), now=NOON + LEASE - timedelta(milliseconds=1)) == "busy"
    assert claim(arrived(), now=NOON + LEASE) == "held"


def test_the_same_owner_does_not_claim_twice(claim: Callable[..., str]) -> None:
    assert [claim(arrived()), claim(arrived())] == ["held", "busy"]


def test_after_a_release_the_next_need_not_wait(catalog: AnyCatalog, claim: Callable[..., str]) -> None:
    claim(arrived())
    catalog.release(arrived().delivery_id, owner="us")
    again = catalog.claim(arrived(), owner="others", now=NOON, lease=LEASE)
    assert (again.status, again.attempts) == ("held", 2)


def test_a_claim_that_is_held_on_to_ends_later(catalog: AnyCatalog, claim: Callable[..., str]) -> None:
    claim(arrived())
    assert catalog.hold(arrived().delivery_id, owner="us", until=NOON + 3 * LEASE)
    assert claim(arrived(), owner="others", now=NOON + 2 * LEASE) == "busy"
    assert claim(arrived(), owner="others", now=NOON + 3 * LEASE) == "held"
    assert not catalog.hold(arrived().delivery_id, owner="us", until=NOON + 9 * LEASE)
    assert claim(arrived(), owner="third", now=NOON + 4 * LEASE) == "held"


def test_nobody_holds_what_is_finished_released_or_unknown(
    catalog: AnyCatalog, claim: Callable[..., str], record: Callable[..., bool]
) -> None:
    assert not catalog.hold("unknown", owner="us", until=NOON + LEASE)
    assert catalog.get("unknown") is None
    claim(arrived())
    catalog.release(arrived().delivery_id, owner="us")
    assert not catalog.hold(arrived().delivery_id, owner="us", until=NOON + LEASE)
    claim(arrived())
    record(recorded(arrived()))
    assert not catalog.hold(arrived().delivery_id, owner="us", until=NOON + LEASE)
    assert catalog.get(arrived().delivery_id) == recorded(arrived(), attempts=2)


def test_a_release_leaves_somebody_elses_claim(catalog: AnyCatalog, claim: Callable[..., str]) -> None:
    claim(arrived())
    catalog.release(arrived().delivery_id, owner="others")
    assert claim(arrived(), owner="others") == "busy"


def test_a_release_of_what_is_finished_or_unknown_changes_nothing(
    catalog: AnyCatalog, claim: Callable[..., str], record: Callable[..., bool]
) -> None:
    claim(arrived())
    record(recorded(arrived()))
    catalog.release(arrived().delivery_id, owner="us")
    catalog.release("unknown", owner="us")
    assert catalog.get(arrived().delivery_id) == recorded(arrived())
    assert catalog.get("unknown") is None


@pytest.mark.parametrize("state", sorted(FINAL_STATES))
def test_a_finished_delivery_is_replayed(
    catalog: AnyCatalog, record: Callable[..., bool], state: str, claim: Callable[..., str]
) -> None:
    claim(arrived())
    record(recorded(arrived(), state=state))
    replay = catalog.claim(arrived(), owner="others", now=NOON + 2 * LEASE, lease=LEASE)
    assert (replay.status, replay.delivery) == ("finished", recorded(arrived(), state=state))


def test_a_failed_delivery_can_be_claimed_at_once_and_become_final(
    catalog: AnyCatalog, record: Callable[..., bool], claim: Callable[..., str]
) -> None:
    claim(arrived())
    record(recorded(arrived(), state="failed", verdict=None, reason="the database was down"))
    again = catalog.claim(arrived(), owner="redrive", now=NOON, lease=LEASE)
    assert (again.status, again.attempts) == ("held", 2)
    assert again.delivery is not None
    assert (again.delivery.state, again.delivery.reason) == ("inspecting", None)
    assert record(recorded(arrived()))
    assert catalog.get(arrived().delivery_id) == recorded(arrived(), attempts=2)


def test_every_fact_of_a_delivery_is_kept(catalog: AnyCatalog, record: Callable[..., bool]) -> None:
    facts = {"state": "rejected", "verdict": "rejected", "reason": "not CSV: \N{SNOWMAN}", "row_count": 0}
    facts |= {"sink": "postgresql", "table": "t", "rows_loaded": 0, "rows_verified": 0, "generation": 2, "feed": "f"}
    delivery = recorded(arrived(), **facts, inspection_uri="s3://csvgate-results/inspections/1.json", attempts=3)
    assert record(delivery)
    assert catalog.get(delivery.delivery_id) == catalog.head("test-bucket", delivery.arrival.key) == delivery


def test_what_is_not_known_stays_unknown(catalog: AnyCatalog, record: Callable[..., bool]) -> None:
    bare = Arrival(bucket="test-bucket", key="k", etag="e", kind="deleted", sequencer="1")
    delivery = Delivery.of(bare, "deleted", at=NOON)
    assert record(delivery)
    assert catalog.get(delivery.delivery_id) == delivery


def test_recording_again_changes_nothing(catalog: AnyCatalog, record: Callable[..., bool]) -> None:
    assert record(recorded(arrived()))
    assert record(recorded(arrived(), row_count=99))
    assert record(recorded(arrived(), row_count=99), OLDER)
    assert record(recorded(arrived(), row_count=99), latest(None))
    assert catalog.get(arrived().delivery_id) == recorded(arrived())
    assert catalog.head("test-bucket", arrived().key) == recorded(arrived())


def test_many_records_at_once_leave_one_delivery_and_the_highest_head(
    catalog: AnyCatalog, record: Callable[..., bool]
) -> None:
    versions = [recorded(arrived(f"v{number}", f"{number:04X}")) for number in range(12)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda version: record(version) or record(version, OLDER), versions * 3))
    assert catalog.head("test-bucket", arrived().key) == versions[-1]
    assert sorted(d.delivery_id for d in catalog.newest()) == sorted(d.delivery_id for d in versions)


def test_an_older_delivery_that_comes_late_is_history_only_when_the_store_was_asked(
    catalog: AnyCatalog, record: Callable[..., bool]
) -> None:
    newer, older = recorded(arrived("v2", "0B")), recorded(arrived("v1", "0A"))
    assert record(newer)
    assert not record(older)
    assert catalog.get(older.delivery_id) is None
    assert record(older, OLDER)
    assert catalog.head("test-bucket", newer.arrival.key) == newer
    assert catalog.get(older.delivery_id) == older


@pytest.mark.parametrize(("lower", "higher"), [("0A", "0B"), ("0A", "0A1"), ("9", "A"), ("00F", "0A"), ("0a", "0B")])
def test_sequencers_of_any_length_and_case_are_compared_padded(
    catalog: AnyCatalog, record: Callable[..., bool], lower: str, higher: str
) -> None:
    first, second = recorded(arrived("v1", lower)), recorded(arrived("v2", higher))
    assert [record(second), record(first)] == [True, False]
    assert catalog.head("test-bucket", first.arrival.key) == second


def test_the_same_sequencer_does_not_take_the_head(catalog: AnyCatalog, record: Callable[..., bool]) -> None:
    first, twin = recorded(arrived("v1", "0A")), recorded(arrived("v2", "0A0"))
    assert [record(first), record(twin)] == [True, False]
    assert catalog.head("test-bucket", first.arrival.key) == first


def test_sequencers_are_compared_within_a_key_only(catalog: AnyCatalog, record: Callable[..., bool]) -> None:
    high, low = recorded(arrived("v1", "FF", key="a")), recorded(arrived("v1", "01", key="b"))
    elsewhere = recorded(arrived("v1", "01", key="a", bucket="other-bucket"))
    for delivery in (high, low, elsewhere):
        assert record(delivery)
        assert catalog.head(delivery.arrival.bucket, delivery.arrival.key) == delivery


def test_a_created_event_that_comes_after_its_deletion_does_not_bring_the_object_back(
    catalog: AnyCatalog, record: Callable[..., bool]
) -> None:
    tombstone = deleted(arrived("v2", "0B", kind="deleted", etag=None, size=None))
    assert record(tombstone)
    assert not record(recorded(arrived("v1", "0A")))
    assert catalog.head("test-bucket", arrived().key) == tombstone


def test_a_failed_delivery_does_not_take_the_head_from_a_newer_one(
    catalog: AnyCatalog, record: Callable[..., bool]
) -> None:
    newer, failed = recorded(arrived("v2", "0B")), recorded(arrived("v1", "0A"), state="failed", verdict=None)
    assert [record(newer), record(failed), record(failed, OLDER)] == [True, False, True]
    assert catalog.head("test-bucket", newer.arrival.key) == newer
    assert catalog.get(failed.delivery_id) == failed


def test_a_failed_head_is_replaced_by_what_becomes_of_it(catalog: AnyCatalog, record: Callable[..., bool]) -> None:
    assert record(recorded(arrived(), state="failed", verdict=None, reason="no memory"))
    assert record(recorded(arrived()))
    assert catalog.head("test-bucket", arrived().key) == recorded(arrived())


def test_a_sequencer_cannot_be_compared_with_a_head_that_has_none(
    catalog: AnyCatalog, record: Callable[..., bool]
) -> None:
    head, other = recorded(arrived("v1", None)), recorded(arrived("v2", "0A"))
    assert record(head, latest(None))
    assert not record(other)
    assert catalog.get(other.delivery_id) is None
    assert catalog.head("test-bucket", head.arrival.key) == head


def test_no_sequencer_cannot_be_compared_with_any_head(catalog: AnyCatalog, record: Callable[..., bool]) -> None:
    head, other = recorded(arrived("v1", "0A")), recorded(arrived("v2", None))
    assert record(head)
    assert not record(other)
    assert catalog.get(other.delivery_id) is None


def test_what_s3_calls_latest_follows_the_head_that_was_seen(catalog: AnyCatalog, record: Callable[..., bool]) -> None:
    first, second, third = recorded(arrived("v1", None)), recorded(arrived("v2", "0A")), recorded(arrived("v3", None))
    assert record(first, latest(None))
    assert record(second, latest(first))
    assert record(third, latest(second))
    assert catalog.head("test-bucket", first.arrival.key) == third


@pytest.mark.parametrize("sequencer", [None, "0A", "0C"])
def test_if_the_head_changed_since_it_was_seen_nothing_is_written(
    catalog: AnyCatalog, record: Callable[..., bool], sequencer: str | None
) -> None:
    first, second = recorded(arrived("v1", "0A")), recorded(arrived("v2", "0B"))
    third = recorded(arrived("v3", sequencer))
    assert [record(first), record(second)] == [True, True]
    assert [record(third, latest(first)), record(third, latest(None))] == [False, False]
    assert catalog.get(third.delivery_id) is None
    assert catalog.head("test-bucket", first.arrival.key) == second


def test_older_is_history_and_never_head(catalog: AnyCatalog, record: Callable[..., bool]) -> None:
    assert record(recorded(arrived()), OLDER)
    assert catalog.head("test-bucket", arrived().key) is None
    assert catalog.get(arrived().delivery_id) == recorded(arrived())


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


def test_a_key_may_be_as_long_as_s3_allows(catalog: AnyCatalog, record: Callable[..., bool]) -> None:
    longest = recorded(arrived(key="\N{GRINNING FACE}" * 256))
    assert record(longest)
    assert catalog.head("test-bucket", longest.arrival.key) == longest
    assert list(catalog.history("test-bucket", longest.arrival.key)) == [longest]


def test_names_and_reasons_without_end_are_recorded(catalog: AnyCatalog) -> None:
    wide = recorded(arrived(), column_count=100_000)
    assert catalog.record(wide, [f"column \udc80 {number}" for number in range(100_000)], BY_SEQUENCER)
    assert catalog.get(wide.delivery_id) == wide
