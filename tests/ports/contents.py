"""Rows as a test writes them in; Deliveries, Targets and Contents out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from csvgate.delivery import Arrival, Delivery
from csvgate.load import CellType, Column, RawCsv, Target

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
Cells = Sequence[str | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A Content over rows in memory; `stored` are its bytes, if PostgreSQL may read them itself."""

    cells: Sequence[Cells]
    numbers: Sequence[int] | None = None
    rows_quarantined: int = 0
    stored: RawCsv | None = None
    claimed: int | None = None

    @property
    def row_count(self) -> int:
        return len(self.cells) if self.claimed is None else self.claimed

    def rows(self) -> Iterator[tuple[int, Cells]]:
        return zip(self.numbers or range(1, len(self.cells) + 1), self.cells, strict=True)

    def raw(self) -> RawCsv | None:
        return self.stored


def table(*rows: str) -> Table:
    """The rows as `a,b,c`; an empty cell has no value."""
    return Table(cells=[[cell or None for cell in row.split(",")] for row in rows])


def as_stored(cells: Sequence[Cells], *, delimiter: str = ",", quoting: int = csv.QUOTE_ALL) -> RawCsv:
    """The cells as a program would have written them, without a header."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL if quoting else csv.QUOTE_MINIMAL).writerows(cells)
    return stored(text.getvalue().encode(), delimiter=delimiter, has_header=False)


def stored(body: bytes, *, delimiter: str = ",", has_header: bool = True) -> RawCsv:
    """The bytes, in three pieces."""
    third = len(body) // 3
    pieces = (body[:third], body[third : 2 * third], body[2 * third :])
    return RawCsv(chunks=lambda: iter(pieces), delimiter=delimiter, has_header=has_header)


def target(*columns: str, types: Sequence[CellType] = (), **facts: object) -> Target:
    """A typed table called sales, whose columns are texts unless types are given."""
    kinds = types or ["string"] * len(columns)
    own = tuple(Column(name=name, type=kind) for name, kind in zip(columns, kinds, strict=True))
    return replace(Target(table="sales", columns=own, shape="typed"), **facts)  # type: ignore[arg-type]  # any fact


def version(number: int, key: str = "sales.csv", *, sequencer: bool = True) -> Delivery:
    """The delivery of the n-th version of a key; the higher, the newer."""
    arrival = Arrival(
        bucket="in",
        key=key,
        version_id=f"{key}-v{number}",
        size=12,
        sequencer=f"{number:04X}" if sequencer else None,
        time=NOON + timedelta(minutes=number),
    )
    return replace(Delivery.of(arrival, "inspected", at=arrival.time or NOON), sha256="ff" * 32)
