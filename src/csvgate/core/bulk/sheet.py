"""A stretch of bytes that begins at a record's start in; its first records, as far as they are plain, out.

Plain are whole records of the table's width, without blank lines, comments, NULs, faults of quotes or of characters,
all with the same line end. What is not plain is left to the scanner, which reads any bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from csvgate.core.bulk.alike import rows_with
from csvgate.core.bulk.grid import Outline, outline_of
from csvgate.core.bulk.separators import CR, LF, find
from csvgate.core.bulk.swallowed import swallowing
from csvgate.core.bulk.unseen import unseen
from csvgate.core.bulk.words import Bytes, Places, places_of
from csvgate.core.structure.batch import Batch, Start
from csvgate.core.structure.footer import MOST_LINES, may_be_footer
from csvgate.core.structure.grammar import Grammar
from csvgate.core.structure.wellformed import add_clean
from csvgate.core.text.encoding import REPLACEMENT, Encoding, stored_length
from csvgate.core.text.evidence import valid_utf8
from csvgate.core.text.mojibake import doubled

# Fewer records are not worth it.
FEWEST = 16
_LONE_CR = re.compile(rb"\r(?!\n)")
_BEYOND_ASCII = 0x80


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """Plain records, the `data` of which begin at `start` and fill so many physical `lines`; `outline` their cells.

    `ends` are the places in `data` behind each record; `swallowing` says how many values of a record hold lines that
    look like records.
    """

    data: bytes
    start: Start
    grammar: Grammar
    encoding: Encoding
    lines: int
    outline: Outline
    ends: Places
    terminator: str
    swallowing: Mapping[int, int]

    @property
    def count(self) -> int:
        """How many records there are."""
        return len(self.ends)

    def size(self) -> int:
        """How many bytes of the file they are."""
        return stored_length(self.data, self.encoding)

    def rows_with(self, cells: Sequence[str]) -> list[int]:
        """Which of the records have just these cells."""
        if not self.outline.may_begin_with(cells[0]):
            return []
        grid = self.outline.grid()
        return rows_with(cells, lambda column: grid.cells(column, column + 1))

    def unseen(self) -> Iterator[tuple[int, int, str]]:
        """Row, column and text of each value that holds characters which nobody sees."""
        return unseen(self.data, self.outline)

    def blank(self) -> list[int]:
        """Which of the records have no value."""
        return self.outline.blank()

    def record(self, row: int) -> Batch:
        """One of the records, as the scanner would have read it."""
        begin = int(self.ends[row - 1]) if row else 0
        before, data = self.data[:begin], self.data[begin : int(self.ends[row])]
        start = self.start.behind(rows=row, size=stored_length(before, self.encoding), lines=before.count(b"\n"))
        batch = Batch(
            data=data,
            grammar=self.grammar,
            encoding=self.encoding,
            first_row=start.row,
            offset=start.offset,
            line=start.line,
        )
        add_clean(batch, 0, len(data))
        return batch


def cut(data: bytes, start: Start, grammar: Grammar, encoding: Encoding, *, width: int) -> Sheet | None:
    """The plain records with which the data begin; None where they are too few."""
    if grammar.escape or grammar.skips_space or len(grammar.delimiter) > 1:
        return None
    view = np.frombuffer(data, np.uint8, _plain_until(data, grammar, encoding))
    quote = grammar.quote[0] if grammar.quote else None
    found = find(view, grammar.delimiter[0], quote)
    ends = _regular(view, found.separate, width)
    has_cr = bool(len(ends)) and bool(view[ends[0, -1] - 1] == CR)
    sheet_ends = ends[: _without_footer(data, ends, grammar, encoding)]
    if len(sheet_ends) < FEWEST:
        return None
    ends_of_records = sheet_ends[:, -1] + 1
    return Sheet(
        data=data[: int(ends_of_records[-1])],
        start=start,
        grammar=grammar,
        encoding=encoding,
        lines=len(sheet_ends) + found.lines_inside(int(ends_of_records[-1])),
        outline=outline_of(view, found, sheet_ends, quote, has_cr=has_cr),
        ends=ends_of_records,
        terminator="\r\n" if has_cr else "\n",
        swallowing=swallowing(found, ends_of_records, width),
    )


def _plain_until(data: bytes, grammar: Grammar, encoding: Encoding) -> int:
    """Before the first byte that needs a closer look."""
    marks = [b"\0", *([grammar.comment] if grammar.comment else []), *([b'"'] if grammar.quote is None else [])]
    found = [at for mark in marks if (at := data.find(mark)) >= 0]
    if b"\r" in data and (lone := _LONE_CR.search(data)):
        found.append(lone.start())
    if not data.isascii():
        found.append(_decodable_until(data, encoding))
        found.append(_before(REPLACEMENT.encode(), data))
        found += islice(doubled(data), 1)
    return min(found, default=len(data))


def _before(mark: bytes, data: bytes) -> int:
    """A first byte that is rare is found faster than all of them."""
    at = data.find(mark) if mark[:1] in data else -1
    return at if at >= 0 else len(data)


def _decodable_until(data: bytes, encoding: Encoding) -> int:
    """Of code pages only the ASCII part is taken: their text is not UTF-8."""
    if encoding.scanned_as != "utf-8" or (encoding.is_guess and not encoding.is_wide):
        return int(np.argmax(np.frombuffer(data, np.uint8) >= _BEYOND_ASCII))
    return valid_utf8(data)


def _regular(view: Bytes, separate: Places, width: int) -> Places:
    """The separators of the first records that have `width` cells and the line end of the first; one row for each."""
    lines = places_of(view[separate] == LF)
    wrong = places_of(lines != np.arange(width - 1, len(lines) * width, width))
    count = int(wrong[0]) if len(wrong) else len(lines)
    ends = separate[: count * width].reshape(count, width)
    if not count:
        return ends
    has_cr = view[ends[:, -1] - 1] == CR
    odd = has_cr != has_cr[0]
    if width == 1:
        odd |= np.diff(ends[:, -1], prepend=-1) <= 1 + has_cr[0]
    return ends[: int(np.argmax(odd))] if odd.any() else ends


def _without_footer(data: bytes, ends: Places, grammar: Grammar, encoding: Encoding) -> int:
    """How many records there are before those at the end that may be a footer; none if these are too many."""
    count, width = ends.shape
    for row in range(count - 1, max(count - MOST_LINES - 1, 0), -1):
        record = data[int(ends[row - 1, -1]) + 1 : int(ends[row, -1]) + 1]
        batch = Batch(data=record, grammar=grammar, encoding=encoding, first_row=0, offset=0, line=1)
        add_clean(batch, 0, len(record))
        if not may_be_footer(batch.rows[0], width):
            return row + 1
    return 0
