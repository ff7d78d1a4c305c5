"""A delivery that is written as a message is read as the same delivery, and messages stay small."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate import delivery_json
from csvgate.core.receipt import compose
from csvgate.delivery import Arrival, Delivery
from csvgate.errors import UndecodableEvent
from csvgate.load import Load

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ARRIVAL = Arrival(
    bucket="test-bucket", key="in/a.csv", version_id="v1", etag="e" * 32, size=2**40, sequencer="AB" * 16, time=WHEN
)
DELIVERY = replace(
    Delivery.of(ARRIVAL, "inspected", at=WHEN),
    verdict="warning",
    row_count=10**12,
    column_count=10**6,
    sha256="a" * 64,
    inspection_uri="s3://csvgate-results/inspections/" + "a" * 64 + ".json",
)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_message_is_read_as_it_was_written(key: str) -> None:
    delivery = Delivery.of(replace(ARRIVAL, key=key), "inspected", at=WHEN)
    assert delivery_json.from_message(delivery_json.to_message(delivery)) == delivery


def test_what_a_sink_did_is_read_as_it_was_written() -> None:
    load = Load(sink="postgresql", table="sales", rows_loaded=9, rows_quarantined=1, verified=True)
    done = DELIVERY.after(load, generation=2)
    assert delivery_json.from_message(delivery_json.to_message(done)) == done
    assert delivery_json.facts(done)["load"]["generation"] == 2
    assert "generation" not in delivery_json.facts(DELIVERY.after(load))["load"]


def test_a_message_stays_below_a_kilobyte_beside_its_key() -> None:
    assert len(delivery_json.to_message(DELIVERY)) - len(ARRIVAL.key) < 1_000
    assert delivery_json.from_message(delivery_json.to_message(DELIVERY)) == DELIVERY


@pytest.mark.parametrize("text", ["", "{}", "[]", "7", '{"arrival": {"bucket": 1, "key": "a"}}'])
def test_what_is_no_delivery_is_refused(text: str) -> None:
    with pytest.raises(UndecodableEvent):
        delivery_json.from_message(text)


@pytest.mark.parametrize(("name", "wrong"), [("inspected", "gone"), ("warning", "fine"), ("2026-01-02", "soon")])
def test_a_word_that_nobody_knows_is_refused(name: str, wrong: str) -> None:
    with pytest.raises(UndecodableEvent):
        delivery_json.from_message(delivery_json.to_message(DELIVERY).replace(name, wrong, 1))


def test_the_facts_are_the_receipts_part_of_the_delivery() -> None:
    receipt = compose({}, delivery_json.facts(DELIVERY))
    assert receipt["upload_timestamp"] == "2026-01-02T03:04:05Z"
    assert receipt["filename"] == "a.csv"
    assert "reason" not in receipt
