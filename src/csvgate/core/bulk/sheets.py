"""Sheets in; counted in a table, several bands of columns at once where `each` can, out.

While the columns of one sheet are counted, the next sheet may be read and cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Protocol

from csvgate.core.bulk.band import Columns, Found, count_band
from csvgate.core.bulk.cells import Cells
from csvgate.core.bulk.column import BulkColumn
from csvgate.core.bulk.sheet import Sheet, cut
from csvgate.core.structure.scan import Scanner
from csvgate.core.table import Table

# So many cells are counted together: fewer would not be worth a call, more would not stay in the processor's cache.
BAND = 32_768


class Each(Protocol):
    """As `map`, which does one after the other; another one may do several at once."""

    def __call__(
        self, task: Callable[[Columns, Cells], Found], columns: Iterable[Columns], cells: Iterable[Cells], /
    ) -> Iterable[Found]:
        """What the task found in each band of columns with its cells, in order."""


class Sheets:
    """Counts sheets into a table that also takes batches; each waits for the other."""

    def __init__(self, table: Table, each: Each = map) -> None:
        """No sheet is counted; the table knows its columns."""
        self._table = table
        self._each = each
        self._columns = [BulkColumn(profiler) for profiler in table.profilers]
        self._sheet: Sheet | None = None
        self._found: Iterable[Found] = ()

    def take(self, scanner: Scanner) -> None:
        """All plain records from here on are counted, or will be before anybody asks."""
        while self._table.is_settled and (sheet := scanner.stride(cut)):
            self._add(sheet)

    def make_way(self, rows: int) -> None:
        """The table may take so many rows from somebody else."""
        self._finish()
        for column in self._columns:
            column.make_way(rows)

    def hand_over(self) -> None:
        """The table knows all that was counted."""
        self._finish()
        for column in self._columns:
            column.hand_over()

    def _add(self, sheet: Sheet) -> None:
        self._finish()
        self._table.add_stride(sheet)
        self._sheet = sheet
        step = max(1, BAND // sheet.count)
        begins = range(0, len(self._columns), step)
        bands = [self._columns[begin : begin + step] for begin in begins]
        cells = [sheet.band(begin, begin + len(band)) for begin, band in zip(begins, bands, strict=True)]
        self._found = self._each(count_band, bands, cells)

    def _finish(self) -> None:
        found, sheet = self._found, self._sheet
        self._found, self._sheet = (), None
        for column, marks in enumerate(chain.from_iterable(found)):
            for mark in marks:
                assert sheet is not None  # noqa: S101  who found marks had a sheet
                self._table.mark(sheet.record(mark.index), column, mark.shape)
