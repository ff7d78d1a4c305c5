"""Batches in; the headers of further tables in the same file, out.

A further table stands behind a blank line, perhaps under a title: a header of another width than the records before,
and below it a record of that width.
"""

from __future__ import annotations

from collections.abc import Sequence

from csvgate.core.structure.batch import Batch, Stretch
from csvgate.core.structure.header import kind_of

NARROWEST = 2
MOST_TITLES = 2


class Sections:
    """Remembers what stood behind the last blank line, so that no cut between batches hides a table.

    `is_open`: the next row may be a title, a header or the record that proves one.
    """

    def __init__(self) -> None:
        """No table is known; the first batches tell."""
        self._width = 0
        self._titles = 0
        self.is_open = False
        self._header: Stretch | None = None

    def add(self, batch: Batch, first: int, width: int) -> list[Stretch]:
        """The headers of the tables that the rows from `first` on prove; the file's first table has `width` columns."""
        self._width = self._width or width
        starts = sorted(row for row in batch.breaks if row >= first)
        found: list[Stretch] = []
        for start in [*([first] if self.is_open and first not in starts else []), *starts]:
            if start in batch.breaks:
                self._titles, self._header = 0, None
            found += self._look(batch, start)
        return found

    def _look(self, batch: Batch, start: int) -> list[Stretch]:
        """The header that the rows from `start` on prove, if they do."""
        for row in range(start, len(batch.rows)):
            if self._header and len(batch.rows[row]) == len(_cells(self._header)):
                proved, self._header, self.is_open = self._header, None, False
                self._width = len(_cells(proved))
                return [proved]
            if not self._may_follow(batch, row):
                self._header, self.is_open = None, False
                return []
        self.is_open = True
        return []

    def _may_follow(self, batch: Batch, row: int) -> bool:
        """Whether the row is a title or the header of a table that the next row may prove."""
        cells = batch.rows[row]
        if len(cells) == 1:
            self._titles += 1
            return self._header is None and self._titles <= MOST_TITLES
        if self._header or len(cells) == self._width or not _are_names(cells):
            return False
        self._header = Stretch(batch, row, row + 1)
        return True


def _cells(header: Stretch) -> list[str]:
    return header.batch.rows[header.start]


def _are_names(cells: Sequence[str]) -> bool:
    return len(set(cells)) == len(cells) and all(kind_of(cell) == "text" for cell in cells)
