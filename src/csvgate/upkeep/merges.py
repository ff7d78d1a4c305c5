"""Deliveries that were merged into tables in, one by one; tables in which rows must be missing, out.

A row of one delivery may have been replaced by one of another, so nobody can say how many rows of each there should be.
But no row goes without one that takes its place: a table has at least as many rows as its largest delivery had, as long
as none was undone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from csvgate.delivery import Delivery
from csvgate.load import Stored


@dataclass(frozen=True, kw_only=True, slots=True)
class _Table:
    """What is known of one table: its largest delivery, and the rows that readers see of all."""

    largest: Delivery
    counted: int = 0
    has_undone: bool = False


@dataclass(frozen=True, slots=True)
class Merges:
    """Tables of merged rows, while what a sink has loaded is read."""

    _tables: dict[str, _Table] = field(default_factory=dict)

    def add(self, stored: Stored, delivery: Delivery, counted: int) -> None:
        """One more delivery, of which readers see so many rows."""
        known = self._tables.get(stored.load.table) or _Table(largest=delivery)
        self._tables[stored.load.table] = replace(
            known,
            largest=max(known.largest, delivery, key=lambda each: each.rows_loaded or 0),
            counted=known.counted + counted,
            has_undone=known.has_undone or stored.load.outcome == "undone" or stored.generation > 1,
        )

    def lacking(self) -> Iterator[tuple[Delivery, int]]:
        """The largest delivery of each table that has fewer rows than that alone had, and how many the table has."""
        for table in self._tables.values():
            if not table.has_undone and table.counted < (table.largest.rows_loaded or 0):
                yield table.largest, table.counted
