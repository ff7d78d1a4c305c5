"""What every Catalog promises of records and heads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from csvgate.delivery import Arrival, Delivery
from tests.ports.conftest import AnyCatalog
from tests.ports.deliveries import BY_SEQUENCER, NOON, OLDER, arrived, deleted, latest, recorded


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


def test_a_key_may_be_as_long_as_s3_allows(catalog: AnyCatalog, record: Callable[..., bool]) -> None:
    longest = recorded(arrived(key="\N{GRINNING FACE}" * 256))
    assert record(longest)
    assert catalog.head("test-bucket", longest.arrival.key) == longest
    assert list(catalog.history("test-bucket", longest.arrival.key)) == [longest]


def test_names_and_reasons_without_end_are_recorded(catalog: AnyCatalog) -> None:
    wide = recorded(arrived(), column_count=100_000)
    assert catalog.record(wide, [f"column \udc80 {number}" for number in range(100_000)], BY_SEQUENCER)
    assert catalog.get(wide.delivery_id) == wide
