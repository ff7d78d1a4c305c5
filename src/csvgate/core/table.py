"""Batches of records in; names, counts, column profiles and the byte counts of the table out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Protocol

from csvgate.core.columns.abridged import Abridged, shown
from csvgate.core.columns.profile import ColumnProfile, ColumnProfiler
from csvgate.core.columns.profilers import Columns, Concluded, Profilers
from csvgate.core.columns.shapes import Shape
from csvgate.core.dialect import DOUBLED
from csvgate.core.notes import Notes, printable
from csvgate.core.structure.batch import Batch, Stretch
from csvgate.core.structure.footer import Tail, is_like_footer
from csvgate.core.structure.repeats import Repeats, repeats_of
from csvgate.core.structure.scan import Stride
from csvgate.core.structure.sections import Sections
from csvgate.core.structure.sniff import Sniffed
from csvgate.core.tally import Tally, excerpt_of
from csvgate.core.unseen import Unseen

# Columns past this are counted and named, not profiled (16,384 is the widest sheet that spreadsheets know).
MAX_PROFILED = 16_384
# Distinct values that all columns together may keep, and what one may keep at the most and at the least.
DISTINCT_BUDGET, MOST_DISTINCT, LEAST_DISTINCT = 200_000, 10_000, 16
# Where more than one record in ten holds lines that look like records, that is how the file is meant.
RARE = 10
# A name with so many blanks in it reads like a sentence.
SENTENCE = 2


class Records(Stride, Protocol):
    """Records that were read many at a time."""

    @property
    def terminator(self) -> str:
        """How each of them ends."""

    @property
    def swallowing(self) -> Mapping[int, int]:
        """How many values of a record hold lines that look like records, where there are any."""

    def rows_with(self, cells: Sequence[str]) -> list[int]:
        """Which of them have just these cells."""

    def unseen(self) -> Iterable[tuple[int, int, str]]:
        """Row, column and text of each value that holds characters which nobody sees."""

    def blank(self) -> list[int]:
        """Which of them have no value."""

    def record(self, row: int) -> Batch:
        """One of them, as the only row of a batch."""


class Table:
    """Everything that is counted of a table while it is read; holds counters, never rows."""

    def __init__(self, sniffed: Sniffed, tally: Tally) -> None:
        """Nothing is read yet."""
        self.names: tuple[str, ...] = ()
        self.row_count = 0
        self.header_bytes = self.record_bytes = self.blank_bytes = self.comment_bytes = self.footer_bytes = 0
        self.terminators: Counter[str] = Counter()
        self._tally = tally
        self._notes = Notes(tally, sniffed.dialect)
        self._unseen = Unseen(tally, header_rows=sniffed.dialect.header_row_count)
        self._sniffed = sniffed
        self._header_rows = sniffed.dialect.header_row_count
        self._repeats = Repeats()
        self._tail, self._sections = Tail(), Sections(sniffed.kinds)
        self.profilers = Profilers()
        self.columns: Columns = self.profilers
        self._concluded: Sequence[Concluded] = ()
        self._swallowing = 0
        if not self._header_rows:
            self._open([f"column_{number}" for number in range(1, sniffed.width + 1)])

    @property
    def size(self) -> int:
        """The bytes of the file that were counted."""
        return self.header_bytes + self.record_bytes + self.blank_bytes + self.comment_bytes + self.footer_bytes

    def add(self, batch: Batch) -> None:
        """The batch is counted, and what is wrong in it is noted."""
        header = self._take_header(batch)
        self.header_bytes += header
        self.record_bytes += batch.size() - header - batch.blank_bytes - batch.comment_bytes
        self.blank_bytes += batch.blank_bytes
        self.comment_bytes += batch.comment_bytes
        self.terminators += batch.terminators()
        self._notes.faults(batch)
        self._take_records(batch)

    @property
    def is_settled(self) -> bool:
        """The columns are known, and what follows cannot be another table."""
        return bool(self.names) and not self._sections.is_open

    def add_stride(self, stride: Records) -> None:
        """The records are counted, but their values are not: who read them looks at these."""
        for held in self._tail.release():
            self._count(held)
        self.row_count += stride.count
        self.record_bytes += stride.size()
        self.terminators[stride.terminator] += stride.count
        for row, values in stride.swallowing.items():
            self._swallowing += values
            if not self._notes.count_swallowed(values):
                self._notes.swallowed(Stretch(stride.record(row), 0, 1), len(self.names))
        for row, column, text in stride.unseen():
            self._unseen.value(text, column, lambda row=row: (stride.record(row), 0))  # type: ignore[misc]  # mypy infers no lambda default
        again = sorted(row for cells in self._repeats.spellings for row in stride.rows_with(cells))
        self._notes.records("repeated-header", again, lambda row: (stride.record(row), 0))
        self._notes.records("blank-row", stride.blank(), lambda row: (stride.record(row), 0))

    def mark(self, batch: Batch, column: int, shape: Shape) -> None:
        """The only row of the batch holds the column's first value of the shape."""
        self._notes.mark(batch, 0, column, shape)

    def profiles(self) -> tuple[ColumnProfile, ...]:
        """The profile of every column that is profiled; the table is concluded."""
        return tuple(_printable(column.profile) for column in self._concluded)

    def conclude(self, *, is_whole: bool) -> None:
        """What only the whole table shows is among the findings; it is not whole where reading was stopped."""
        self._take_footer()
        self._concluded = self.columns.conclude(self.names)
        named = enumerate(zip(self._concluded, self.names, strict=False))
        remarks = ((at, name, remark) for at, (column, name) in named for remark in column.remarks)
        self._notes.remarks(remarks, rows=self.row_count)
        if len(self.names) > MAX_PROFILED:
            message = f"the file has {len(self.names):,} columns; the first {MAX_PROFILED:,} are profiled"
            self._tally.add("too-wide", message)
        if len(self.terminators) > 1:
            self._notes.mixed_endings(self.terminators)
        if DOUBLED in self.terminators:
            self._notes.doubled_endings(self.terminators)
        if self._swallowing > max(1, self.row_count // RARE):
            self._tally.weigh("swallowed-lines", "info")
        if is_whole:
            self._notes.broken_off()
        if is_whole and not self.row_count:
            self._tally.add("no-data-rows", _without_records(self.names))

    def _take_header(self, batch: Batch) -> int:
        """The size of those header rows that the batch holds."""
        header = Stretch(batch, 0, min(max(0, self._header_rows - batch.first_row), len(batch.rows)))
        row = self._sniffed.name_row - batch.first_row
        if 0 <= row < header.stop:
            self._open([shown(cell) if isinstance(cell, Abridged) else cell for cell in batch.rows[row]])
            self._repeats = repeats_of(batch.rows[row], self._sniffed.header, self._sniffed.dialect.quote_char)
            self._notes.labels(batch, row, self.names)
            self._unseen.labels(batch, row, self.names)
            self._notes.long_labels(batch, row)
        for other in range(header.stop):
            if other != row:
                self._notes.header_row(Stretch(batch, other, other + 1), is_above=other < row)
        return header.size()

    def _take_records(self, batch: Batch) -> None:
        """All that are records for sure; what may be a footer waits."""
        first, width = min(max(0, self._header_rows - batch.first_row), len(batch.rows)), len(self.names)
        if self._sniffed.is_next_unsure and 0 <= self._header_rows - batch.first_row < len(batch.rows):
            self._notes.like_header(Stretch(batch, first, first + 1))
        if batch.first_row == 0 and batch.rows:
            self._notes.open_table(Stretch(batch, 0, 1))
        for stretch in self._tail.pass_on(batch, first, width):
            self._count(stretch)
        for header in self._sections.add(batch, max(0, self._header_rows - batch.first_row), self.names):
            self._notes.open_table(header)

    def _take_footer(self) -> None:
        """The last lines are records or a footer."""
        records, footer = self._tail.conclude(len(self.names))
        for stretch in records:
            self._count(stretch)
            if stretch is records[-1] and is_like_footer(stretch):
                self._notes.footer(stretch, is_record=True)
        for stretch in footer:
            self._notes.footer(stretch, is_record=False)
            self.footer_bytes += stretch.size()
            self.record_bytes -= stretch.size()

    def _open(self, names: Sequence[str]) -> None:
        self.names = tuple(printable(name) for name in names)
        profiled = min(len(self.names), MAX_PROFILED)
        budget = min(MOST_DISTINCT, max(LEAST_DISTINCT, DISTINCT_BUDGET // max(profiled, 1)))
        self.columns = self.profilers = Profilers(ColumnProfiler(budget=budget) for _ in range(profiled))

    def _count(self, stretch: Stretch) -> None:
        batch = stretch.batch
        self.row_count += stretch.stop - stretch.start
        if stretch.start == stretch.stop:
            return
        self._profile(stretch)
        self._unseen.values(stretch)
        odd = {"repeated-header": self._repeats.rows_of(stretch.rows), "blank-row": _blank(stretch.rows, self.names)}
        for code, found in odd.items():
            self._notes.records(code, found, lambda row: (batch, stretch.start + row))
        if len(batch.rows) < batch.line_at(len(batch.data)) - batch.line:
            self._swallowing += self._notes.swallowed(stretch, len(self.names))

    def _profile(self, stretch: Stretch) -> None:
        rows = stretch.rows
        is_even = set(map(len, rows)) == {len(self.names)}
        if not is_even:
            self._notes.ragged(stretch, len(self.names))
        columns = zip(*rows, strict=True) if is_even else _present(rows, len(self.profilers))
        for column, marks in enumerate(self.columns.add(columns)):
            for mark in marks:
                row = stretch.start + (mark.index if is_even else _row_of(mark.index, column, rows))
                self._notes.mark(stretch.batch, row, column, mark.shape)


def _present(rows: Sequence[Sequence[str]], width: int) -> Iterable[Sequence[str]]:
    """The columns of ragged rows: a cell that is missing is missing, not empty."""
    return ([row[at] for row in rows if len(row) > at] for at in range(width))


def _row_of(index: int, column: int, rows: Sequence[Sequence[str]]) -> int:
    """Which row holds the value that is number `index` of a column of ragged rows."""
    return next(islice((at for at, row in enumerate(rows) if len(row) > column), index, None))


def _blank(rows: Sequence[Sequence[str]], names: Sequence[str]) -> list[int]:
    """The rows without a value; in a table of one column, an empty cell is a value that is missing."""
    blank = [""] * len(names)
    return [at for at, row in enumerate(rows) if row == blank] if len(names) > 1 and blank in rows else []


def _without_records(names: Sequence[str]) -> str:
    """What a file is that has none: a sentence is hardly a header."""
    line = ", ".join(name.strip() for name in names)
    if max((name.strip().count(" ") for name in names), default=0) < SENTENCE:
        return "the file has a header and no record"
    return f"the file has no record: “{excerpt_of(line)}” was taken for its header, but reads like a message"


def _printable(profile: ColumnProfile) -> ColumnProfile:
    values = "".join([profile.min or "", profile.max or "", *(value for value, _ in profile.top_values)])
    if values == printable(values):
        return profile
    return replace(
        profile,
        min=profile.min and printable(profile.min),
        max=profile.max and printable(profile.max),
        top_values=tuple((printable(value), count) for value, count in profile.top_values),
    )
