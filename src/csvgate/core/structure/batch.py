"""Consecutive records as the scanner found them; where each of them is, and what stands between them, on demand.

Offsets are bytes of the file: where its text was transcoded, they are counted back.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Literal

from csvgate.core.dialect import DOUBLED
from csvgate.core.structure.grammar import LINE_END, Grammar
from csvgate.core.text.encoding import ESCAPED, REPLACEMENT, UNDECODED_BYTE, Encoding, pieces_of, stored_length
from csvgate.core.text.mojibake import doubled

QuoteCode = Literal["unclosed-quote", "stray-quote"]
SegmentKind = Literal["clean", "loose", "single", "blank"]
# So many bytes before and behind a place are shown with it.
AROUND = 20
_CONTINUATION = bytes(range(0x80, 0xC0))
_UNDECODED = re.compile(UNDECODED_BYTE + b"+")
_NUL = re.compile(b"\\0")
_REPLACED = re.compile(b"(?:" + REPLACEMENT.encode() + b")+")


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
    kind: SegmentKind


@dataclass(frozen=True, slots=True)
class Close:
    """The first quote from `start` on that ends a field is `at`; `more` well-formed fields follow it in its record.

    `more` is None where there is no such quote up to `at`, or where what follows it is not well-formed.
    """

    start: int
    at: int
    is_found: bool
    more: int | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """A line that begins with the comment mark and is no record, in data[start:end]; it stands before row `row`."""

    start: int
    end: int
    row: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """Where in the file something begins: so many rows and bytes are before it, and it is on that line (from 1)."""

    row: int
    offset: int
    line: int

    def behind(self, *, rows: int, size: int, lines: int) -> Start:
        """The same, so much later."""
        return Start(row=self.row + rows, offset=self.offset + size, line=self.line + lines)


@dataclass(kw_only=True)
class Batch:
    """Consecutive rows and what was seen between them; positions are found when somebody asks."""

    data: bytes
    grammar: Grammar
    encoding: Encoding
    first_row: int
    offset: int
    line: int
    # Values that are too long to be held are there as LongCells.
    is_abridged: bool = False
    rows: list[list[str]] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    faults: list[QuoteFault] = field(default_factory=list)
    blank_bytes: int = 0
    comments: list[Comment] = field(default_factory=list)
    # The rows before which blank lines stand.
    breaks: set[int] = field(default_factory=set)
    # The last quote that was looked for behind lines of a value, so that none is looked for twice.
    close: Close | None = None
    # Where the first rows begin and end: as many as somebody asked for.
    _known: list[tuple[int, int]] = field(default_factory=list)

    def extent(self, row: int) -> tuple[int, int]:
        """Where the row begins and ends (behind its line end) in `data`; all of it, where it holds no row."""
        self._known.extend(islice(self._unknown, max(0, row + 1 - len(self._known))))
        return self._known[row] if self._known else (0, len(self.data))

    def cell_at(self, row: int, column: int) -> int:
        """Where in `data` a cell of a row in which all quotes obey the rules begins."""
        at, end = self.extent(row)
        grammar = self.grammar
        for _ in range(column):
            match = grammar.first.match(self.data, at, end)
            at = min(match.end() + len(grammar.delimiter), end - 1) if match else at
        return at

    def row_at(self, at: int) -> int:
        """The row that holds a byte of `data`."""
        self._known.extend(self._unknown)
        return max(bisect_right(self._known, (at, len(self.data))) - 1, 0)

    def is_in_row(self, at: int) -> bool:
        """Whether a row holds a byte of `data`; if not, a comment or a blank line does."""
        start, end = self.extent(self.row_at(at))
        return bool(self.rows) and start <= at < end

    def near(self, at: int) -> str:
        """What stands around a byte of `data`, on its line; no character is cut in two."""
        before, behind = self.data[max(0, at - AROUND) : at], self.data[at : at + AROUND]
        name = self.encoding.scanned_as
        if name == "utf-8" and at > AROUND:
            before = before.lstrip(_CONTINUATION)
        is_cut = at + AROUND < len(self.data) and not LINE_END.search(behind)
        written = LINE_END.split(before)[-1] + LINE_END.split(behind)[0]
        return codecs.getincrementaldecoder(name)("replace").decode(written, final=not is_cut)

    def line_at(self, at: int) -> int:
        """The physical line, from 1, of a byte of `data`."""
        return self.line + count_lines(self.data, 0, at)

    def offset_at(self, at: int) -> int:
        """The offset in the file of a byte of `data`."""
        is_shifted = self.encoding.is_transcoded
        return self.offset + (stored_length(self.data[:at], self.encoding) if is_shifted else at)

    def size(self) -> int:
        """How many bytes of the file the batch stands for."""
        return stored_length(self.data, self.encoding)

    @cached_property
    def comment_bytes(self) -> int:
        """The bytes of the file that are comments."""
        return sum(stored_length(self.data[found.start : found.end], self.encoding) for found in self.comments)

    def undecodable(self) -> Iterator[int]:
        """Where in `data` bytes stand that are not valid in the encoding; a run of them counts once."""
        if self.data.isascii():
            return
        at, name = 0, self.encoding.scanned_as
        for piece in pieces_of(self.data):
            yield from (at + place for place in _undecodable(piece, name, is_marked=self.encoding.is_transcoded))
            at += len(piece)

    def replaced(self) -> Iterator[int]:
        """Where in `data` U+FFFD stands, in place of a character that was lost earlier; a run counts once."""
        is_there = self.encoding.scanned_as == "utf-8" and REPLACEMENT.encode() in self.data
        found = _REPLACED.finditer(self.data) if is_there else ()
        return (match.start() for match in found)

    def doubled(self) -> Iterator[int]:
        """Where in `data` characters stand that were encoded twice; a run counts once."""
        return doubled(self.data) if self.encoding.scanned_as == "utf-8" else iter(())

    def nul_bytes(self) -> Iterator[int]:
        """Where in `data` NULs stand."""
        return (match.start() for match in _NUL.finditer(self.data))

    def terminators(self) -> Counter[str]:
        """How often each kind of line end stands outside of quotes."""
        data = self.data
        if self.grammar.quote and self.grammar.quote in data:
            data = b"".join(self._outside_quotes())
        return count_terminators(data)

    def _outside_quotes(self) -> Iterator[bytes]:
        """The data with a letter for each value in quotes, and for each record that is not well-formed."""
        at = 0
        for segment in self.segments:
            yield self.data[at : segment.start]
            at = segment.end
            if segment.kind == "single":
                yield b"x" + _line_end_of(self.data[max(segment.start, at - len(DOUBLED)) : at])
            else:
                stretch = self.data[segment.start : at]
                yield self._without_values(stretch, segment.kind)
        yield self.data[at:]

    def _without_values(self, stretch: bytes, kind: SegmentKind) -> bytes:
        if kind == "loose" and self.grammar.loose:
            return b"".join(b"x" + _line_end_of(match.group()) for match in self.grammar.loose.record.finditer(stretch))
        return self.grammar.quoted.sub(b"x", stretch) if kind == "clean" else stretch

    @cached_property
    def _unknown(self) -> Iterator[tuple[int, int]]:
        """The extents of the rows that nobody asked for so far."""
        return (extent for segment in self.segments for extent in self._extents_of(segment))

    def _extents_of(self, segment: Segment) -> Iterable[tuple[int, int]]:
        if segment.kind == "single":
            return [(segment.start, segment.end)]
        pattern = LINE_END if segment.kind == "blank" else self.grammar.record
        if segment.kind == "loose" and self.grammar.loose:
            pattern = self.grammar.loose.record
        return (match.span() for match in pattern.finditer(self.data, segment.start, segment.end))


@dataclass(frozen=True, slots=True)
class Stretch:
    """The rows from `start` up to `stop` of a batch."""

    batch: Batch
    start: int
    stop: int

    @property
    def rows(self) -> list[list[str]]:
        """Their cells."""
        is_all = self.start == 0 and self.stop == len(self.batch.rows)
        return self.batch.rows if is_all else self.batch.rows[self.start : self.stop]

    def size(self) -> int:
        """How many bytes of the file they stand for, without what stands between them."""
        extents = map(self.batch.extent, range(self.start, self.stop))
        return sum(stored_length(self.batch.data[start:end], self.batch.encoding) for start, end in extents)


def count_lines(data: bytes, start: int = 0, end: int | None = None) -> int:
    """How many physical lines end in the data, or in a part of it, by LF, CRLF, CR or CR CR LF."""
    stop = len(data) if end is None else end
    lines = data.count(b"\n", start, stop)
    if data.find(b"\r", start, stop) < 0:
        return lines
    doubled = data.count(DOUBLED.encode(), start, stop)
    return lines + data.count(b"\r", start, stop) - data.count(b"\r\n", start, stop) - doubled


def count_terminators(data: bytes) -> Counter[str]:
    """How often each kind of line end stands in the data."""
    if b"\r" not in data:
        return Counter({"\n": data.count(b"\n")} if b"\n" in data else ())
    pairs, doubled = data.count(b"\r\n"), data.count(DOUBLED.encode())
    counts = {"\r\n": pairs - doubled, "\n": data.count(b"\n") - pairs, DOUBLED: doubled}
    counts["\r"] = data.count(b"\r") - pairs - doubled
    return Counter({end: count for end, count in counts.items() if count})


def _line_end_of(record: bytes) -> bytes:
    return record[len(record.rstrip(b"\r\n")) :]


def _undecodable(data: bytes, encoding: str, *, is_marked: bool) -> Iterator[int]:
    """As `Batch.undecodable`; where they are not marked, positions in characters become positions in bytes."""
    if is_marked:
        yield from (match.start() for match in _UNDECODED.finditer(data))
        return
    with suppress(UnicodeDecodeError):
        data.decode(encoding)
        return
    runs = ESCAPED.finditer(text := data.decode(encoding, "surrogateescape"))
    if len(text) == len(data):
        yield from (match.start() for match in runs)
        return
    done = at = 0
    for match in runs:
        at += len(text[done : match.start()].encode(encoding, "surrogateescape"))
        done = match.start()
        yield at
