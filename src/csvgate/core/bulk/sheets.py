"""A scanner in; its plain records, sheet by sheet, counted in a table, out."""

from __future__ import annotations

from collections.abc import Iterable

from csvgate.core.bulk.shared import Seen, SharedColumns
from csvgate.core.bulk.sheet import cut
from csvgate.core.partner import Partner
from csvgate.core.structure.scan import Scanner
from csvgate.core.table import Table


class Sheets:
    """Counts sheets into a table that also takes batches; the table keeps its columns here from now on."""

    def __init__(self, table: Table, partner: Partner) -> None:
        """No sheet is counted; the table knows its columns."""
        self._table = table
        self._columns = table.columns = SharedColumns(table.profilers, partner)

    def take(self, scanner: Scanner) -> None:
        """All plain records from here on are counted, up to the first place that is not plain."""
        while self._table.is_settled and (sheet := scanner.stride(cut)):
            self._table.add_stride(sheet)
            self._note(self._columns.count(sheet))
        self._note(self._columns.settle())

    def _note(self, seen: Iterable[Seen]) -> None:
        for each in seen:
            self._table.mark(each.sheet.record(each.mark.index), each.column, each.mark.shape)
