"""Sheets in; counted in a table, several columns at once where `each` can, out.

While the columns of one sheet are counted, the next sheet may be read and cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from csvgate.core.bulk.cells import Cells
from csvgate.core.bulk.column import BulkColumn
from csvgate.core.bulk.sheet import Sheet, cut
from csvgate.core.columns.column import Mark
from csvgate.core.structure.scan import Scanner
from csvgate.core.table import Table

Found = Sequence[Mark]


class Each(Protocol):
    """As `map`, which does one after the other; another one may do several at once."""

    def __call__(
        self, task: Callable[[BulkColumn, Cells], Found], columns: Iterable[BulkColumn], cells: Iterable[Cells], /
    ) -> Iterable[Found]:
        """What the task found in each column with its cells, in order."""


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
        self._found = self._each(BulkColumn.add, self._columns, sheet.columns)

    def _finish(self) -> None:
        found, sheet = self._found, self._sheet
        self._found, self._sheet = (), None
        for column, marks in enumerate(found):
            for mark in marks:
                assert sheet is not None  # noqa: S101  who found marks had a sheet
                self._table.mark(sheet.record(mark.index), column, mark.shape)
