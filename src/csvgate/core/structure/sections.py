"""Batches in; the headers of further tables in the same file, out.

A further table stands behind a blank line, perhaps under a title: a header, and below it a record of its width. Where
that is the width of the records before, the header must be text above values, where their columns speak against it.
"""

from __future__ import annotations

from collections.abc import Sequence

from csvgate.core.columns.shapes import MISSING_WORDS
from csvgate.core.structure.batch import Batch, Stretch
from csvgate.core.structure.header import is_name, kind_of, kinds_of

NARROWEST = 2
MOST_TITLES = 2


class Sections:
    """Remembers what stood behind the last blank line, so that no cut between batches hides a table.

    `is_open`: the next row may be a title, a header or the record that proves one.
    """

    def __init__(self, kinds: Sequence[str] = ()) -> None:
        """No table is known but the first, the columns of which are of these kinds."""
        self._names: Sequence[str] = ()
        self._kinds = kinds
        self._titles = 0
        self.is_open = False
        self._header: Stretch | None = None

    def add(self, batch: Batch, first: int, names: Sequence[str]) -> list[Stretch]:
        """The headers of the tables that the rows from `first` on prove; `names` are of the file's first table."""
        self._names = self._names or names
        starts = sorted(row for row in batch.breaks if row >= first)
        found: list[Stretch] = []
        for start in [*([first] if self.is_open and first not in starts else []), *starts]:
            if found and found[-1].batch is batch and start <= found[-1].start:
                continue  # it was reached from an earlier title
            if start in batch.breaks:
                self._titles, self._header = 0, None
            found += self._look(batch, start)
        return found

    def _look(self, batch: Batch, start: int) -> list[Stretch]:
        """The header that the rows from `start` on prove, if they do."""
        for row in range(start, len(batch.rows)):
            if self._header and self._is_proof(batch.rows[row], _cells(self._header)):
                proved, self._header, self.is_open = self._header, None, False
                self._names, self._kinds = _cells(proved), kinds_of(batch.rows[row])
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
        if self._header or not _are_names(cells) or (len(cells) == len(self._names) and not self._is_odd(cells)):
            return False
        self._header = Stretch(batch, row, row + 1)
        return True

    def _is_odd(self, cells: Sequence[str]) -> bool:
        """Names cannot be a record of the table before, which has a column of values; nor are they its header again."""
        if list(cells) == list(self._names) or any(cell.strip() in MISSING_WORDS for cell in cells):
            return False
        return any(map(_is_value, self._kinds))

    def _is_proof(self, cells: Sequence[str], header: Sequence[str]) -> bool:
        """The record below a header has its width; below one of the width before, the columns are others."""
        if len(cells) != len(header) or len(cells) != len(self._names):
            return len(cells) == len(header)
        kinds = kinds_of(cells)
        if sum(map(is_name, header)) * 2 > len(header):
            return any(map(_is_value, kinds))
        pairs = list(zip(kinds, self._kinds, strict=False))
        has_text = any(kind == "text" and _is_value(before) for kind, before in pairs)
        return any(_is_value(kind) and (has_text or before not in ("", kind)) for kind, before in pairs)


def _is_value(kind: str) -> bool:
    return kind not in ("", "text")


def _cells(header: Stretch) -> list[str]:
    return header.batch.rows[header.start]


def _are_names(cells: Sequence[str]) -> bool:
    return len(set(cells)) == len(cells) and all(kind_of(cell) == "text" for cell in cells)
