"""The structural truth: bytes and a Dialect in; every record, with its line and byte offset, in batches out.

A quote opens only at the start of a field. One that is never closed, or that closes in the middle of a later line,
is read as an ordinary character, so that the lines behind it stay records; it is reported where it opened.
Well-formed stretches are matched by one pattern and split in C; everything else is read field by field.
"""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Protocol

from csvgate.core.dialect import Dialect
from csvgate.core.encoding import ESCAPED, Encoding, stored_length
from csvgate.core.grammar import BLANK_LINES, LINE_END, Grammar, grammar_of

WINDOW = 1024 * 1024
# A quoted field longer than this is a quote that was never meant to open (DuckDB stops at 2 MB a line).
MAX_FIELD = 16 * 1024 * 1024
# A record longer than this cannot be held; reading stops there.
MAX_RECORD = 32 * 1024 * 1024
# Trailing blank lines of a one-column file are no records unless there are more bytes of them than this.
MAX_BLANK_TAIL = 1024 * 1024

csv.field_size_limit(MAX_RECORD)  # the csv module's own limit is 128 KiB, for the whole process

QuoteCode = Literal["unclosed-quote", "stray-quote"]


class Readable(Protocol):
    """Something that hands out exactly as many bytes as asked for, until its end."""

    def read(self, size: int) -> bytes:
        """The next bytes; fewer only at the end."""


@dataclass(frozen=True, slots=True)
class QuoteFault:
    """A quote that broke the rules, `at` a byte of the batch, in a row and column (from 0).

    `swallowed` lines would have become part of its value.
    """

    code: QuoteCode
    at: int
    row: int
    column: int
    swallowed: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows from number `row` of the batch on, written in data[start:end]; `kind` says how to find them again."""

    row: int
    start: int
    end: int
    kind: Literal["clean", "single", "blank"]


@dataclass(kw_only=True)
class Batch:
    """Consecutive rows and what was seen between them; positions are found when somebody asks."""

    data: bytes
    grammar: Grammar
    encoding: Encoding
    first_row: int
    offset: int
    line: int
    rows: list[list[str]] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    faults: list[QuoteFault] = field(default_factory=list)
    blank_bytes: int = 0
    comment_bytes: int = 0

    def extent(self, row: int) -> tuple[int, int]:
        """Where the row begins and ends (behind its line end) in `data`."""
        return self._extents[row]

    def row_at(self, at: int) -> int:
        """The row that holds a byte of `data`."""
        return max(bisect_right(self._extents, (at, len(self.data))) - 1, 0)

    def line_at(self, at: int) -> int:
        """The physical line, from 1, of a byte of `data`."""
        return self.line + count_lines(self.data[:at])

    def offset_at(self, at: int) -> int:
        """The offset in the file of a byte of `data`."""
        return self.offset + stored_length(self.data[:at], self.encoding)

    def size(self) -> int:
        """How many bytes of the file the batch stands for."""
        return stored_length(self.data, self.encoding)

    def undecodable(self) -> list[int]:
        """Where in `data` bytes stand that are not valid in the encoding; a run of them counts once."""
        if self.data.isascii():
            return []
        if self.encoding.is_wide:
            return _all_positions(self.data, "\ufffd".encode())
        text = self.data.decode(self.encoding.scanned_as, "surrogateescape")
        positions = [match.start() for match in ESCAPED.finditer(text)]
        return _byte_positions(text, positions, self.encoding.scanned_as) if positions else []

    def nul_bytes(self) -> list[int]:
        """Where in `data` NULs stand."""
        return _all_positions(self.data, b"\0")

    def terminators(self) -> Counter[str]:
        """How often each kind of line end stands outside of quotes."""
        data = self.data
        if b"\r" in data and b"\n" in data and self.grammar.quote and self.grammar.quote in data:
            data = self.grammar.quoted.sub(b"", data)
        pairs = data.count(b"\r\n")
        counts = {"\r\n": pairs, "\n": data.count(b"\n") - pairs, "\r": data.count(b"\r") - pairs}
        return Counter({end: count for end, count in counts.items() if count})

    @cached_property
    def _extents(self) -> list[tuple[int, int]]:
        return [extent for segment in self.segments for extent in self._extents_of(segment)]

    def _extents_of(self, segment: Segment) -> list[tuple[int, int]]:
        if segment.kind == "single":
            return [(segment.start, segment.end)]
        pattern = LINE_END if segment.kind == "blank" else self.grammar.record
        return [match.span() for match in pattern.finditer(self.data, segment.start, segment.end)]


def _behind_line_end(data: bytes, at: int) -> int:
    """The same place, but never between CR and LF."""
    return at + 1 if data[at - 1 : at + 1] == b"\r\n" else at


def count_lines(data: bytes) -> int:
    """How many physical lines end in the data, by LF, CRLF or CR."""
    lines = data.count(b"\n")
    return lines + data.count(b"\r") - data.count(b"\r\n") if b"\r" in data else lines


def _all_positions(data: bytes, needle: bytes) -> list[int]:
    found, at = [], data.find(needle)
    while at >= 0:
        found.append(at)
        at = data.find(needle, at + len(needle))
    return found


def _byte_positions(text: str, positions: list[int], encoding: str) -> list[int]:
    """Positions in characters as positions in bytes, in one pass."""
    found, done, at = [], 0, 0
    for position in positions:
        at += len(text[done:position].encode(encoding, "surrogateescape"))
        done = position
        found.append(at)
    return found


class Scanner:
    """Reads batches front to back; what it says never depends on how the bytes arrive.

    `width` is the number of columns: in a file of one column a blank line between records is an empty value.
    After the last batch, `overlong` holds the bytes from a record on that is too long to be read (else 0).
    """

    def __init__(self, source: Readable, dialect: Dialect, encoding: Encoding, *, width: int, offset: int = 0) -> None:
        """Nothing is read yet; `offset` bytes and the dialect's `skip_rows` lines were read before."""
        self._source = source
        self._grammar = grammar_of(dialect)
        self._encoding = encoding
        self._width = width
        self._buffer = b""
        self._at_end = False
        self._is_whole = True
        self._is_drained = False
        self._row = 0
        self._line = 1 + dialect.skip_rows
        self._offset = offset
        self.overlong = b""

    def batches(self, *, is_whole: bool = True) -> Iterator[Batch]:
        """All records, in order; where the source is not the whole rest of the file, without a last one that is cut."""
        self._is_whole = is_whole
        is_growing = self._fill()
        while is_growing or self._buffer:
            batch = self._consume()
            if batch.data:
                yield batch
            elif len(self._buffer) > MAX_RECORD and not self._at_end:
                self.overlong = self._buffer
                return
            elif not (is_growing := self._fill()):
                return

    def _fill(self) -> bool:
        """Whether there was more; doubles what is held, so that a long record is looked at only a few times."""
        if self._is_drained:
            return False
        size = max(WINDOW - len(self._buffer), len(self._buffer), 1)
        block = self._source.read(size)
        self._is_drained = len(block) < size
        self._at_end = self._is_drained and self._is_whole
        self._buffer += block
        return True

    def _consume(self) -> Batch:
        """The next whole records that are held, about a window of them; the rest stays."""
        data = self._buffer
        batch = Batch(
            data=data,
            grammar=self._grammar,
            encoding=self._encoding,
            first_row=self._row,
            offset=self._offset,
            line=self._line,
        )
        end = self._read_into(batch, self._limit(data))
        batch.data, self._buffer = data[:end], data[end:]
        self._row += len(batch.rows)
        self._line += count_lines(batch.data)
        self._offset += batch.size()
        return batch

    def _limit(self, data: bytes) -> int:
        """A CR at the end may be half of a CRLF."""
        return len(data) - (data.endswith(b"\r") and not self._at_end)

    def _read_into(self, batch: Batch, limit: int) -> int:
        at, enough = 0, _behind_line_end(batch.data, min(WINDOW, limit))
        while at < enough:
            end = self._grammar.records.match(batch.data, at, enough).end()  # type: ignore[union-attr]  # matches ''
            if end > at:
                _add_clean(batch, at, end)
            else:
                end = self._step(batch, at, limit)
                if end is None:
                    break
            at = end
        return at

    def _step(self, batch: Batch, at: int, limit: int) -> int | None:
        """Past blank lines, a comment or one odd record; None if more bytes are needed to decide."""
        data, comment = batch.data, self._grammar.comment
        if data[at] in b"\r\n":
            return self._blank_lines(batch, at, limit)
        if comment and data.startswith(comment, at):
            end = LINE_END.search(data, at, limit)
            if end is None and not self._at_end:
                return None
            stop = end.end() if end else limit
            batch.comment_bytes += stored_length(data[at:stop], self._encoding)
            return stop
        clean = self._grammar.record.match(data, at, limit)  # longer than the window
        if clean is None and self._at_end:
            clean = self._grammar.last.match(data, at, limit)
        if clean:
            _add_clean(batch, at, clean.end(), kind="single")
            return clean.end()
        return _Record(batch, at, limit, at_end=self._at_end).read()

    def _blank_lines(self, batch: Batch, at: int, limit: int) -> int | None:
        match = BLANK_LINES.match(batch.data, at, limit)
        end = match.end() if match else limit
        is_value = self._width == 1 and self._row + len(batch.rows) > 0
        if is_value and end == limit and not self._at_end and end - at <= MAX_BLANK_TAIL:
            return None
        if is_value and (end < limit or end - at > MAX_BLANK_TAIL):
            count = len(LINE_END.findall(batch.data, at, end))
            batch.segments.append(Segment(len(batch.rows), at, end, "blank"))
            batch.rows.extend([[""]] * count)
        else:
            batch.blank_bytes += stored_length(batch.data[at:end], self._encoding)
        return end


def _add_clean(batch: Batch, start: int, end: int, kind: Literal["clean", "single"] = "clean") -> None:
    """Well-formed, non-blank records: split in C."""
    batch.segments.append(Segment(len(batch.rows), start, end, kind))
    grammar, stretch = batch.grammar, batch.data[start:end]
    text = stretch.decode(batch.encoding.scanned_as, "surrogateescape")
    delimiter = grammar.delimiter.decode()
    if grammar.quote is None or grammar.quote not in stretch:
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        batch.rows += [line.split(delimiter) for line in text.removesuffix("\n").split("\n")]
    elif len(delimiter) == 1 and grammar.escape is None:
        batch.rows += csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=grammar.quote.decode())
    else:
        batch.rows += [_cells_of(batch, match.group()) for match in grammar.record.finditer(stretch)]


def _cells_of(batch: Batch, record: bytes) -> list[str]:
    """The cells of one well-formed record, where the csv module cannot read the dialect."""
    single = Batch(data=record, grammar=batch.grammar, encoding=batch.encoding, first_row=0, offset=0, line=1)
    _Record(single, 0, len(record), at_end=True).read()
    return single.rows[0]


class _Record:
    """Reads one record field by field; adds it, with its faults, to the batch."""

    def __init__(self, batch: Batch, start: int, limit: int, *, at_end: bool) -> None:
        self._batch = batch
        self._data = batch.data
        self._grammar = batch.grammar
        self._start, self._limit, self._at_end = start, limit, at_end
        self._cells: list[bytes] = []
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
            at = end + len(self._grammar.delimiter)
        line_end = LINE_END.match(self._data, end, self._limit)
        return self._add(line_end.end() if line_end else end)

    def _add(self, end: int) -> int:
        batch = self._batch
        batch.segments.append(Segment(len(batch.rows), self._start, end, "single"))
        batch.faults += self._faults
        encoding = batch.encoding.scanned_as
        batch.rows.append([cell.decode(encoding, "surrogateescape") for cell in self._cells])
        return end

    def _field(self, at: int) -> int | None:
        quote = self._grammar.quote
        if quote is None or not self._data.startswith(quote, at):
            return self._bare(at)
        match = self._grammar.quoted.match(self._data, at, self._limit)
        if match is None:
            return self._unclosed(at, self._limit)
        end = match.end()
        if end == self._limit and not self._at_end:
            return self._unclosed(at, end)
        if end == self._limit or self._data[end] in b"\r\n" or self._data.startswith(self._grammar.delimiter, end):
            self._cells.append(self._unquoted(self._data[at:end]))
            return end
        return self._malformed(at, end)

    def _unquoted(self, field_bytes: bytes) -> bytes:
        quote, escape = self._grammar.quote or b"", self._grammar.escape
        inner = field_bytes[1:-1].replace(quote * 2, quote)
        return inner.replace(escape + quote, quote).replace(escape * 2, escape) if escape else inner

    def _unclosed(self, at: int, end: int) -> int | None:
        """No closing quote so far: wait for more, until the end or the limit says that there is none."""
        if not self._at_end and end - at <= MAX_FIELD:
            return None
        return self._literal(at, end)

    def _malformed(self, at: int, end: int) -> int | None:
        """Text follows the closing quote: an inner quote if the field ends properly on this line, else literal."""
        if count_lines(self._data[at:end]):
            return self._literal(at, end)
        close = self._closing_after(end)
        if close.end() >= self._limit and not self._at_end:
            return None
        self._fault("stray-quote", end - 1)
        if close.group() != self._grammar.quote:
            return self._bare(at, is_reported=True)
        self._cells.append(self._data[at + 1 : close.start()])
        return close.end()

    def _closing_after(self, at: int) -> re.Match[bytes]:
        """The next quote that ends a field, or line end; found once, or a line of such fields would take for ever."""
        if self._closing is None or self._closing.start() < at:
            self._closing = self._grammar.closing.search(self._data, at, self._limit)
        assert self._closing is not None  # noqa: S101  the pattern matches the end of the data, if nothing else
        return self._closing

    def _literal(self, at: int, end: int) -> int | None:
        """The opening quote is an ordinary character: the field ends at the next delimiter or line end."""
        swallowed = count_lines(self._data[at:end])
        self._fault("unclosed-quote", at, swallowed=swallowed)
        return self._bare(at, is_reported=True)

    def _bare(self, at: int, *, is_reported: bool = False) -> int:
        match = self._grammar.bare.match(self._data, at, self._limit)
        end = match.end() if match else at
        quote = self._grammar.quote
        if quote and not is_reported and (stray := self._data.find(quote, at, end)) >= 0:
            self._fault("stray-quote", stray)
        self._cells.append(self._data[at:end])
        return end

    def _fault(self, code: QuoteCode, at: int, *, swallowed: int = 0) -> None:
        row, column = len(self._batch.rows), len(self._cells)
        self._faults.append(QuoteFault(code, at, row, column, swallowed))
