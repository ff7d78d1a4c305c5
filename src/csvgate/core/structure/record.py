"""One record that is not well-formed (or may not be) in; its cells, and the quotes that broke the rules, out.

A quote opens only at the start of a field. One that is never closed, or that closes in the middle of a later line,
is an ordinary character, so that the lines behind it stay records; it is reported where it opened.
Only where that breaks the width of the table, and a value with quotes inside keeps it, the lines are one value.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import Literal

from csvgate.core.structure.batch import Batch, Close, QuoteCode, QuoteFault, Segment, count_lines
from csvgate.core.structure.grammar import LINE_END, Grammar
from csvgate.core.structure.long import LONGEST, long_cell

# A quote that is not closed within so much was never meant to open (DuckDB stops at 2 MB a line). It is nearly as much
# as a record may have: however much is held, what can be read is read.
MAX_FIELD = 31 * 1024 * 1024
# A record of more cells is no table's.
MAX_CELLS = 250_000
# So far behind a stray quote the end of its value of several lines is looked for, and behind that the record's end.
REACH = 8 * 1024
# More than any delimiter is long: what is said of a quote never depends on where the bytes that are held end.
MARGIN = 16

_SECOND = itemgetter(1)

Reason = Literal["too-long", "too-wide"]


class UnreadableError(Exception):
    """The record that begins at `at` cannot be held; the scanner stops there, and nobody else hears of it."""

    def __init__(self, at: int, reason: Reason) -> None:
        super().__init__(reason)
        self.at = at
        self.reason: Reason = reason


class Record:
    """Reads one record field by field; adds it, with its faults, to the batch."""

    def __init__(self, batch: Batch, start: int, limit: int, *, at_end: bool, width: int) -> None:
        """Nothing is read yet; `width` is what the table's records have."""
        self._batch = batch
        self._width = width
        self._data = batch.data
        self._grammar = batch.grammar
        self._start, self._limit, self._at_end = start, limit, at_end
        self._cells: list[str] = []
        self._faults: list[QuoteFault] = []
        self._closing: re.Match[bytes] | None = None

    def read(self) -> int | None:
        """Where the record ends; None if that cannot be decided without more bytes."""
        at = self._start
        while True:
            end = self._field(at)
            if end is None or (end == self._limit and not self._at_end):
                return None
            if not self._data.startswith(self._grammar.delimiter, end):
                break
            if len(self._cells) >= MAX_CELLS:
                raise UnreadableError(self._start, "too-wide")
            at = end + len(self._grammar.delimiter)
        line_end = LINE_END.match(self._data, end, self._limit)
        return self._add(line_end.end() if line_end else end)

    def _add(self, end: int) -> int:
        batch = self._batch
        batch.segments.append(Segment(len(batch.rows), self._start, end, "single"))
        batch.faults += self._faults
        batch.rows.append(self._cells)
        return end

    def _keep(self, value: bytes) -> None:
        """One more cell, which is abridged if it is too long to be held."""
        batch = self._batch
        if batch.is_abridged and len(value) > LONGEST:
            self._cells.append(long_cell(value, self._grammar, batch.encoding, width=self._width))
        else:
            self._cells.append(value.decode(batch.encoding.scanned_as, "surrogateescape"))

    def _field(self, at: int) -> int | None:
        quote = self._grammar.quote
        while self._grammar.skips_space and at < self._limit and self._data[at] in b" ":
            at += 1
        if quote is None or not self._data.startswith(quote, at):
            return self._bare(at)
        match = self._grammar.quoted.match(self._data, at, self._limit)
        if match is None:
            return self._unclosed(at, self._limit)
        end = match.end()
        if end == self._limit and not self._at_end:
            return self._unclosed(at, end)
        if end == self._limit or self._data[end] in b"\r\n" or self._data.startswith(self._grammar.delimiter, end):
            self._keep(unquoted(self._data[at:end], self._grammar))
            return end
        return self._malformed(at, end)

    def _unclosed(self, at: int, end: int) -> int | None:
        """No closing quote so far: wait for more, until the end or the limit says that there is none."""
        if not self._at_end and end - at <= MAX_FIELD:
            return None
        return self._literal(at, end)

    def _malformed(self, at: int, end: int) -> int | None:
        """Text follows the closing quote: an inner quote if the field ends properly on this line, else literal."""
        if count_lines(self._data, at, end):
            return self._over_lines(at, end)
        close = self._closing_after(end)
        if close.end() >= self._limit and not self._at_end:
            return None
        self._fault("stray-quote", end - 1)
        if close.group() != self._grammar.quote:
            return self._bare(at, is_reported=True)
        self._keep(self._data[at + 1 : close.start()])
        return close.end()

    def _over_lines(self, at: int, end: int) -> int | None:
        """An inner quote if only that keeps the width of the table, else literal."""
        if self._limit < end + 2 * REACH + MARGIN and not self._at_end:
            return None
        close = self._close_behind(end)
        is_near = close.more is not None and close.at < end + REACH
        if not is_near or len(self._cells) + 1 + (close.more or 0) != self._width or self._are_records(at, close.at):
            return self._literal(at, end)
        self._fault("stray-quote", end - 1)
        self._keep(self._data[at + 1 : close.at])
        return close.at + 1

    def _are_records(self, at: int, stop: int) -> bool:
        """Taken line by line, the first or the second line from `at` on has the width of the table."""
        data, delimiter = self._data, self._grammar.delimiter
        first = LINE_END.search(data, at, stop)
        if first is None or len(self._cells) + 1 + data.count(delimiter, at, first.start()) == self._width:
            return True
        second = LINE_END.search(data, first.end(), stop)
        return second is not None and 1 + data.count(delimiter, first.end(), second.start()) == self._width

    def _close_behind(self, at: int) -> Close:
        """The next quote that ends a field, on any line; found once, like `_closing_after`, but for all records."""
        known = self._batch.close
        if known is None or not known.start <= at <= known.at:
            known = Close(at, at, is_found=False)
        if not known.is_found:
            match = self._grammar.close.search(self._data, known.at, min(self._limit, at + REACH + MARGIN))
            is_found = match is not None and match.start() < at + REACH
            more = self._more(match.end()) if match and is_found else None
            known = Close(at, match.start() if match and is_found else at + REACH, is_found=is_found, more=more)
        self._batch.close = known
        return known

    def _more(self, at: int) -> int | None:
        """How many well-formed fields follow up to the end of the record, if nothing else does and it is near."""
        stop = min(self._limit, at + REACH)
        match = self._grammar.rest.match(self._data, at, stop)
        if match is None or (match.end() == stop and not (self._at_end and stop == self._limit)):
            return None
        return sum(1 for _ in self._grammar.more.finditer(self._data, at, match.end()))

    def _closing_after(self, at: int) -> re.Match[bytes]:
        """The next quote that ends a field, or line end; found once, or a line of such fields would take for ever."""
        if self._closing is None or self._closing.start() < at:
            self._closing = self._grammar.closing.search(self._data, at, self._limit)
        assert self._closing is not None  # noqa: S101  the pattern matches the end of the data, if nothing else
        return self._closing

    def _literal(self, at: int, end: int) -> int | None:
        """The opening quote is an ordinary character: the field ends at the next delimiter or line end."""
        # What follows the last line end is a line of its own, if anything does.
        swallowed = count_lines(self._data, at, end) - (end == self._limit and self._data[end - 1] in b"\r\n")
        self._fault("unclosed-quote", at, swallowed=swallowed)
        return self._bare(at, is_reported=True)

    def _bare(self, at: int, *, is_reported: bool = False) -> int:
        match = self._grammar.bare.match(self._data, at, self._limit)
        end = match.end() if match else at
        quote = self._grammar.quote
        if quote and not is_reported and (stray := self._data.find(quote, at, end)) >= 0:
            self._fault("stray-quote", stray)
        self._keep(self._data[at:end])
        return end

    def _fault(self, code: QuoteCode, at: int, *, swallowed: int = 0) -> None:
        row, column = len(self._batch.rows), len(self._cells)
        self._faults.append(QuoteFault(code, at, row, column, swallowed))


def unquoted(field: bytes, grammar: Grammar) -> bytes:
    """The value of a well-formed field in quotes."""
    value, quote = field[1:-1], grammar.quote or b""
    if grammar.escape is None:
        return value.replace(quote * 2, quote) if quote in value else value
    if quote * 2 in value or grammar.escape * 2 in value:
        return grammar.pair.sub(_SECOND, value)
    return value.replace(grammar.escape + quote, quote)
