"""Columns of a table, side by side; their cells in, sheet by sheet or batch by batch; what is to be said of them out.

Some of them may be given to somebody else, with all that was counted of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from csvgate.core.bulk.band import count_band
from csvgate.core.bulk.column import BulkColumn
from csvgate.core.bulk.grid import Outline
from csvgate.core.columns.column import Mark
from csvgate.core.columns.profilers import Concluded, Marks

# So many cells are counted together: fewer would not be worth a call, more would not stay in the processor's cache.
BAND = 32_768


class BulkColumns:
    """Counts all that it is given; the columns are independent of each other."""

    def __init__(self, columns: Iterable[BulkColumn] = ()) -> None:
        """These columns, from left to right."""
        self._columns = list(columns)

    def __len__(self) -> int:
        return len(self._columns)

    def count(self, outline: Outline) -> Marks:
        """The cells, which are those of all columns, are counted; says which are the first of their shape."""
        if not self._columns:
            return []
        grid = outline.grid()
        step = max(1, BAND // grid.height)
        marks: list[Sequence[Mark]] = []
        for at in range(0, len(self._columns), step):
            band = self._columns[at : at + step]
            marks += count_band(band, grid.cells(at, at + len(band)))
        return marks

    def add(self, columns: Iterable[Sequence[str]]) -> Marks:
        """The values, those of one column after the other, are counted; says which are the first of their shape."""
        return [column.add(values) if values else () for column, values in zip(self._columns, columns, strict=False)]

    def conclude(self, names: Sequence[str]) -> Sequence[Concluded]:
        """What there is to say of the columns, which have these names."""
        return [column.conclude(name) for column, name in zip(self._columns, names, strict=False)]

    def give(self) -> BulkColumn:
        """The last column, which is here no longer."""
        return self._columns.pop()

    def take(self, column: BulkColumn) -> None:
        """The column is before those that were here."""
        self._columns.insert(0, column)
