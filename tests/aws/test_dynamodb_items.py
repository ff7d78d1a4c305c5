"""Deliveries become items and items deliveries, in shapes that scripts and indexes rely on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.aws.dynamodb_items import (
    Item,
    classic_item,
    day_of,
    delivery_attributes,
    delivery_of,
    head_item,
    instant,
)
from csvgate.delivery import Arrival, Delivery

WHEN = datetime(2024, 12, 18, 10, 0, tzinfo=UTC)
ARRIVAL = Arrival(bucket="test-bucket", key="in/example.csv", version_id="v1", etag="e", size=12, sequencer="0a1")
DELIVERY = replace(
    Delivery.of(ARRIVAL, "recorded", at=WHEN),
    verdict="ok",
    row_count=3,
    column_count=2,
    inspection_uri="s3://csvgate-results/inspections/1.json",
)
INDEX_KEYS = {"object", "arrived", "day", "state_day", "verdict_day"}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.integers(0, 2**53)
moments = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # see timezones


def maybe(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | strategy


arrivals = st.builds(
    Arrival,
    bucket=texts,
    key=texts,
    version_id=maybe(texts),
    etag=maybe(texts),
    size=maybe(numbers),
    sequencer=maybe(st.text("0123456789abcdefABCDEF", max_size=40)),
    time=maybe(moments),
    kind=st.sampled_from(["created", "deleted", "purged"]),
)
deliveries = st.builds(
    Delivery,
    arrival=arrivals,
    state=st.sampled_from(["inspecting", "recorded", "failed", "deleted"]),
    delivery_id=texts,
    filename=texts,
    upload_timestamp=moments,
    file_size_bytes=numbers,
    reason=maybe(texts),
    verdict=maybe(st.sampled_from(["ok", "warning", "rejected"])),
    row_count=maybe(numbers),
    column_count=maybe(numbers),
    sha256=maybe(texts),
    inspection_uri=maybe(texts),
    attempts=numbers,
)


def text_of(item: Item, name: str) -> str:
    return str(item[name]["S"])


def classic(delivery: Delivery = DELIVERY, names: tuple[str, ...] = ("id", "name")) -> Item:
    return classic_item(delivery, names, inbound_bucket="test-bucket")


@given(deliveries)
def test_a_delivery_is_read_back_from_both_its_items(delivery: Delivery) -> None:
    assert delivery_of(delivery_attributes(delivery)) == delivery
    assert delivery_of(head_item(delivery, delivery.arrival.order)) == delivery


@given(deliveries)
def test_a_head_is_in_no_index(delivery: Delivery) -> None:
    assert not head_item(delivery, delivery.arrival.order).keys() & INDEX_KEYS


def test_the_indexes_find_a_delivery_by_key_day_state_and_verdict() -> None:
    item = delivery_attributes(DELIVERY)
    assert {name: text_of(item, name) for name in INDEX_KEYS} == {
        "object": "test-bucket/in/example.csv",
        "arrived": "2024-12-18T10:00:00.000Z#" + "0A1".ljust(64, "0"),
        "day": "2024-12-18",
        "state_day": "recorded#2024-12-18",
        "verdict_day": "ok#2024-12-18",
    }


def test_without_verdict_or_sequencer_their_attributes_are_absent() -> None:
    bare = replace(DELIVERY, verdict=None, arrival=replace(ARRIVAL, sequencer=None))
    assert "verdict_day" not in delivery_attributes(bare)
    assert text_of(delivery_attributes(bare), "arrived").endswith("#" + bare.delivery_id)
    assert "order" not in head_item(bare, bare.arrival.order)


def test_the_classic_item_has_the_six_attributes_and_where_to_read_on() -> None:
    assert classic() == {
        "FileName": {"S": "in/example.csv"},
        "filename": {"S": "example.csv"},
        "upload_timestamp": {"S": "2024-12-18T10:00:00Z"},
        "file_size_bytes": {"N": "12"},
        "row_count": {"N": "3"},
        "column_count": {"N": "2"},
        "column_names": {"L": [{"S": "id"}, {"S": "name"}]},
        "verdict": {"S": "ok"},
        "state": {"S": "recorded"},
        "delivery_id": {"S": DELIVERY.delivery_id},
        "inspection_uri": {"S": "s3://csvgate-results/inspections/1.json"},
        "bucket": {"S": "test-bucket"},
    }


def test_the_classic_item_of_a_deletion_has_no_counts() -> None:
    item = classic(Delivery.of(replace(ARRIVAL, kind="deleted"), "deleted", at=WHEN), ())
    assert text_of(item, "state") == "deleted"
    assert not item.keys() & {"file_size_bytes", "row_count", "column_count", "column_names"}


@pytest.mark.parametrize(
    ("bucket", "key", "name"),
    [
        ("test-bucket", "in/é +.csv", "in/é +.csv"),
        ("other-bucket", "in/a.csv", "s3://other-bucket/in/a.csv"),
        ("test-bucket", "s3://other-bucket/in/a.csv", "s3://test-bucket/s3://other-bucket/in/a.csv"),
    ],
)
def test_the_classic_key_is_the_full_key_and_never_that_of_another_object(bucket: str, key: str, name: str) -> None:
    assert classic(replace(DELIVERY, arrival=replace(ARRIVAL, bucket=bucket, key=key)))["FileName"] == {"S": name}


@pytest.mark.parametrize("name", ["", "n", "é" * 100, "x" * 70_000])
def test_the_classic_item_stays_small_however_many_columns(name: str) -> None:
    item = classic(names=(name,) * 100_000)
    kept = [text.get("S", "") for text in item["column_names"]["L"]]
    assert sum(len(text.encode()) + 1 for text in kept) <= 65_536
    assert item["column_names_cut"] == {"BOOL": True}


def test_names_that_fit_are_kept_whole_and_without_the_flag() -> None:
    item = classic(names=("x" * 65_535,))
    assert item["column_names"] == {"L": [{"S": "x" * 65_535}]}
    assert "column_names_cut" not in item


def test_what_utf8_cannot_hold_is_spelled_out() -> None:
    assert classic(names=("caf\udce9",))["column_names"] == {"L": [{"S": "caf\\udce9"}]}
    assert delivery_of(delivery_attributes(replace(DELIVERY, reason="\udce9"))).reason == "\\udce9"


def test_a_reason_is_bounded() -> None:
    assert len(text_of(delivery_attributes(replace(DELIVERY, reason="x" * 10**6)), "reason")) == 1_000


def test_days_and_instants_are_in_utc() -> None:
    late = WHEN.replace(hour=23).astimezone(timezone(timedelta(hours=9)))
    assert day_of(replace(DELIVERY, upload_timestamp=late)) == "2024-12-18"
    assert instant(late) == "2024-12-18T23:00:00.000Z"


@given(moments, moments)
def test_instants_sort_as_time_does(one: datetime, other: datetime) -> None:
    if one <= other:
        assert instant(one) <= instant(other)
