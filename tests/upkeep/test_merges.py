"""No row of a merged table goes without one that takes its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from csvgate.delivery import Arrival, Delivery
from csvgate.load import Load, Stored
from csvgate.upkeep.merges import Merges

LOAD = Load(sink="postgresql", table="sales", rows_loaded=0, rows_quarantined=0, verified=True)
STORED = Stored(delivery_id="", generation=1, load=LOAD, is_seen=True)


def delivery(rows: int) -> Delivery:
    arrival = Arrival(bucket="b", key=f"{rows}.csv", version_id="1")
    return Delivery.of(arrival, "loaded", at=datetime(2026, 1, 1, tzinfo=UTC)).after(replace(LOAD, rows_loaded=rows))


@pytest.mark.parametrize(("counted", "lacks"), [((1, 2), False), ((0, 3), False), ((0, 2), True), ((0, 0), True)])
def test_a_table_has_as_many_rows_as_its_largest_delivery(counted: tuple[int, int], lacks: bool) -> None:  # noqa: FBT001
    merges, largest = Merges(), delivery(3)
    merges.add(STORED, largest, counted[0])
    merges.add(STORED, delivery(2), counted[1])
    merges.add(replace(STORED, load=replace(LOAD, table="other")), delivery(1), 1)
    assert list(merges.lacking()) == ([(largest, sum(counted))] if lacks else [])


@pytest.mark.parametrize(
    "other", [replace(STORED, load=replace(LOAD, outcome="undone")), replace(STORED, generation=2)]
)
def test_where_rows_were_taken_back_nobody_can_tell(other: Stored) -> None:
    merges = Merges()
    merges.add(STORED, delivery(3), 1)
    merges.add(other, delivery(2), 0)
    assert list(merges.lacking()) == []
