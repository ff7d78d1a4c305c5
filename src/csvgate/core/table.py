"""Batches of records in; names, counts, column profiles, findings and the byte ledger of the table out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from csvgate.core.dialect import Dialect
from csvgate.core.encoding import stored_length
from csvgate.core.findings import EXCERPT_LENGTH, Place
from csvgate.core.profile import ColumnProfile, ColumnProfiler, Remark
from csvgate.core.scan import Batch, QuoteFault
from csvgate.core.sniff import Sniffed
from csvgate.core.tally import Tally, excerpt_of

# Columns past this are counted and named, not profiled (16,384 is the widest sheet that spreadsheets know).
MAX_PROFILED = 16_384
# More columns than this is no table: reading stops.
MAX_COLUMNS = 250_000
# Distinct values that all columns together may keep.
DISTINCT_BUDGET = 200_000
_UNDECODED = re.compile("[\ud800-\udfff]")


class Table:
    """Everything that is known of a table while it is read; holds counters, never rows."""

    def __init__(self, sniffed: Sniffed, tally: Tally) -> None:
        """Nothing is read yet."""
        self.names: tuple[str, ...] = ()
        self.row_count = 0
        self.header_bytes = self.record_bytes = self.blank_bytes = self.comment_bytes = 0
        self.terminators: Counter[str] = Counter()
        self._sniffed = sniffed
        self._tally = tally
        self._header_rows = sniffed.dialect.header_row_count
        self._profilers: list[ColumnProfiler] = []
        self._marks: dict[tuple[int, str], Place] = {}
        self._swallowing = 0
        if not self._header_rows:
            self._open([f"column_{number}" for number in range(1, sniffed.width + 1)])

    @property
    def size(self) -> int:
        """The bytes of the file that were counted."""
        return self.header_bytes + self.record_bytes + self.blank_bytes + self.comment_bytes

    @property
    def is_too_wide(self) -> bool:
        """There are more columns than a table can have."""
        return len(self.names) > MAX_COLUMNS

    def add(self, batch: Batch) -> None:
        """The batch is counted."""
        size = batch.size()
        skipped = self._take_header(batch)
        self.header_bytes += skipped
        self.record_bytes += size - skipped - batch.blank_bytes - batch.comment_bytes
        self.blank_bytes += batch.blank_bytes
        self.comment_bytes += batch.comment_bytes
        self.terminators += batch.terminators()
        self._note_faults(batch)
        if not self.is_too_wide:
            self._count(batch, self._header_rows - batch.first_row if batch.first_row < self._header_rows else 0)

    def profiles(self) -> tuple[ColumnProfile, ...]:
        """The profile of every column that is profiled."""
        return tuple(
            _printable(profiler.finish(name)) for profiler, name in zip(self._profilers, self.names, strict=False)
        )

    def conclude(self) -> None:
        """What only the whole table shows is among the findings."""
        for column, profiler in enumerate(self._profilers):
            for remark in profiler.remarks():
                self._note_remark(column, remark)
        if len(self.names) > MAX_PROFILED:
            self._tally.add("too-wide", f"the file has {len(self.names):,} columns; the first {MAX_PROFILED:,} are profiled")
        if len(self.terminators) > 1:
            self._note_mixed_endings()
        if self._swallowing > max(1, self.row_count // 10):
            self._tally.soften("swallowed-lines", "info")
        if not self.row_count:
            self._tally.add("no-data-rows", "the file has a header and no record")

    def _take_header(self, batch: Batch) -> int:
        """The size of the header, if the batch holds it."""
        if not self._header_rows or batch.first_row or not batch.rows:
            return 0
        start, end = batch.extent(0)
        self._open(batch.rows[0])
        self._note_labels(batch)
        return stored_length(batch.data[start:end], batch.encoding)

    def _open(self, names: Sequence[str]) -> None:
        self.names = tuple(printable(name) for name in names)
        profiled = min(len(self.names), MAX_PROFILED)
        budget = min(10_000, max(16, DISTINCT_BUDGET // max(profiled, 1)))
        self._profilers = [ColumnProfiler(budget=budget) for _ in range(profiled if not self.is_too_wide else 0)]

    def _note_labels(self, batch: Batch) -> None:
        line = batch.line_at(batch.extent(0)[0])
        seen: dict[str, int] = {}
        for column, name in enumerate(self.names, start=1):
            place = Place(record=0, line=line, column=column, excerpt=excerpt_of(name))
            if not name.strip():
                self._tally.add("blank-label", f"column {column} has no name", place)
            elif name in seen:
                message = f"columns {seen[name]} and {column} are both called “{excerpt_of(name)}”"
                self._tally.add("duplicate-label", message, place)
            seen.setdefault(name, column)

    def _count(self, batch: Batch, first: int) -> None:
        rows = batch.rows[first:] if first else batch.rows
        self.row_count += len(rows)
        if not rows:
            return
        is_even = set(map(len, rows)) == {len(self.names)}
        if not is_even:
            self._note_ragged(batch, first)
        columns = zip(*rows, strict=True) if is_even else _present(rows, len(self._profilers))
        for at, (profiler, values) in enumerate(zip(self._profilers, columns, strict=False)):
            for mark in profiler.add(values) if values else ():
                self._marks.setdefault((at, mark.code), self._place_of_mark(batch, first, at, mark.index))
        if len(rows) + first < batch.line_at(len(batch.data)) - batch.line:
            self._note_swallowed(batch, first)

    def _place_of_mark(self, batch: Batch, first: int, column: int, index: int) -> Place:
        holders = (at for at, row in enumerate(batch.rows[first:], start=first) if len(row) > column)
        row = next(at for number, at in enumerate(holders) if number == index)
        return self._place(batch, row, column=column + 1, excerpt=batch.rows[row][column])

    def _place(
        self, batch: Batch, row: int, *, column: int | None = None, at: int | None = None, excerpt: str | None = None
    ) -> Place:
        """A place in the file: `at` a byte of the batch, else the beginning of the row, which is the excerpt."""
        start, end = batch.extent(row)
        byte = start if at is None else at
        if excerpt is None:
            written = batch.data[start : min(end, start + 4 * EXCERPT_LENGTH)]
            excerpt = written.decode(batch.encoding.scanned_as, "replace").rstrip("\r\n")
        return Place(
            record=batch.first_row + row + 1 - self._header_rows,
            line=batch.line_at(byte),
            byte_offset=batch.offset_at(byte),
            column=column,
            excerpt=excerpt_of(printable(excerpt)),
        )

    def _note_ragged(self, batch: Batch, first: int) -> None:
        width = len(self.names)
        odd = [at for at, row in enumerate(batch.rows) if at >= first and len(row) != width]
        for at in odd:
            row = batch.rows[at]
            code, column = ("extra-cell", width + 1) if len(row) > width else ("missing-cell", len(row) + 1)
            if not self._tally.wants_place(code):
                self._tally.add(code, "")
                continue
            place = self._place(batch, at, column=column)
            cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
            self._tally.add(code, f"line {place.line} has {cells}, the header has {width}", place)

    def _note_faults(self, batch: Batch) -> None:
        for fault in batch.faults:
            self._note_quote(batch, fault)
        encoding = batch.encoding.name
        for at in batch.undecodable():
            self._note_byte(batch, at, "encoding-error", f"bytes that are not valid {encoding}")
        if b"\0" in batch.data:
            for at in batch.nul_bytes():
                self._note_byte(batch, at, "nul-byte", "a NUL byte")

    def _note_quote(self, batch: Batch, fault: QuoteFault) -> None:
        if not self._tally.wants_place(fault.code):
            self._tally.add(fault.code, "")
            return
        place = self._place(batch, fault.row, column=fault.column + 1, at=fault.at)
        message = f"line {place.line}: a quote stands where none belongs; it was read as an ordinary character"
        if fault.code == "unclosed-quote":
            lines = "1 line" if fault.swallowed == 1 else f"{fault.swallowed} lines"
            message = f"line {place.line}: quote never closed; {lines} would have been swallowed"
        self._tally.add(fault.code, message, place)

    def _note_byte(self, batch: Batch, at: int, code: str, what: str) -> None:
        if not self._tally.wants_place(code):
            self._tally.add(code, "")
            return
        excerpt = batch.data[max(0, at - 20) : at + 20].decode(batch.encoding.scanned_as, "replace")
        place = self._place(batch, batch.row_at(at), excerpt=excerpt, at=at)
        self._tally.add(code, f"line {place.line}: {what} at byte {place.byte_offset}", place)

    def _note_swallowed(self, batch: Batch, first: int) -> None:
        """Quoted values whose inner lines look like records: allowed, but often a quote too many."""
        for at in range(first, len(batch.rows)):
            row = batch.rows[at]
            for column, cell in enumerate(row):
                if "\n" in cell and (lines := _lines_like_records(cell, self._sniffed.dialect, len(self.names))):
                    self._swallowing += 1
                    self._note_swallowing_cell(batch, at, column, lines)

    def _note_swallowing_cell(self, batch: Batch, row: int, column: int, lines: int) -> None:
        if not self._tally.wants_place("swallowed-lines"):
            self._tally.add("swallowed-lines", "")
            return
        place = self._place(batch, row, column=column + 1, excerpt=batch.rows[row][column])
        message = f"the record on line {place.line} holds a quoted value of which {lines} lines look like records"
        self._tally.add("swallowed-lines", message, place)

    def _note_remark(self, column: int, remark: Remark) -> None:
        name = excerpt_of(self.names[column])
        place = self._marks.get((column, remark.code), Place(column=column + 1, excerpt=excerpt_of(printable(remark.example))))
        self._tally.add(remark.code, _sentence(remark, name, place), place, count=remark.count)

    def _note_mixed_endings(self) -> None:
        shown = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}
        counts = ", ".join(f"{count:,} {shown[end]}" for end, count in self.terminators.most_common())
        self._tally.add("mixed-line-endings", f"lines end in several ways: {counts}")
        if "\r" in self.terminators:  # a lone CR among others may as well be part of a value
            self._tally.soften("mixed-line-endings", "warning")


def printable(text: str) -> str:
    """The text with U+FFFD for bytes that could not be decoded, so that every JSON reader takes it."""
    return _UNDECODED.sub("\ufffd", text)


def _printable(profile: ColumnProfile) -> ColumnProfile:
    values = [profile.min or "", profile.max or "", *(value for value, _ in profile.top_values)]
    if not any(map(_UNDECODED.search, values)):
        return profile
    return replace(
        profile,
        min=profile.min and printable(profile.min),
        max=profile.max and printable(profile.max),
        top_values=tuple((printable(value), count) for value, count in profile.top_values),
    )


def _present(rows: Sequence[Sequence[str]], width: int) -> Iterator[list[str]]:
    """The columns of ragged rows: a cell that is missing is missing, not empty."""
    return ([row[at] for row in rows if len(row) > at] for at in range(width))


def _lines_like_records(cell: str, dialect: Dialect, width: int) -> int:
    """How many inner lines of a value have as many cells as a record, if nearly all have (0 otherwise)."""
    inner = cell.split("\n")[1:-1]
    alike = sum(line.count(dialect.delimiter) + 1 == width for line in inner)
    return alike if width > 1 and alike >= (2 if width > 2 else 5) and alike >= 0.9 * len(inner) else 0


def _sentence(remark: Remark, name: str, place: Place) -> str:
    example = excerpt_of(printable(remark.example))
    where = f" (line {place.line})" if place.line else ""
    values = "1 value" if remark.count == 1 else f"{remark.count:,} values"
    return {
        "leading-zeros": f"column “{name}”: {values} with leading zeros, such as {example}{where}; kept as text",
        "ambiguous-date": f"column “{name}”: {values} such as {example}{where} can be read day first or month first",
        "ambiguous-number": f"column “{name}”: {values} such as {example}{where} can be read in two ways",
        "late-type-change": f"column “{name}”: {values} of another type than all before, such as “{example}”{where}",
    }[remark.code]
