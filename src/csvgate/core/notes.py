"""What is wrong in a batch in; occurrences with place and sentence, in the tally, out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from csvgate.core.columns.abridged import length_of
from csvgate.core.columns.profile import Remark
from csvgate.core.dialect import DOUBLED, Dialect, line_terminators_of
from csvgate.core.findings import EXCERPT_LENGTH, Place
from csvgate.core.structure.batch import Batch, Comment, QuoteFault, Stretch
from csvgate.core.structure.long import LongCell
from csvgate.core.structure.swallowed import has_lines, line_ends_of, lines_like_records
from csvgate.core.tally import Tally, excerpt_of

_DIGIT = re.compile("[0-9]")
_UNDECODED = re.compile("[\ud800-\udfff]")
# What begins in the last tenth of the records begins late.
LAST = 10
# So many columns are named in a message; the places name more.
NAMED_COLUMNS = 3


class Notes:
    """Writes down what batches show, with the place where it was; knows sentences, no figures."""

    def __init__(self, tally: Tally, dialect: Dialect) -> None:
        """Nothing is noted yet."""
        self._tally = tally
        self._dialect = dialect
        self._marks: dict[tuple[int, str], Place] = {}
        # Where quotes were taken for text, one that opens a value casts doubt on that.
        delimiter = re.escape(dialect.delimiter.encode())
        self._opening = None if dialect.quote_char else re.compile(rb"(?:\A|[\r\n]|" + delimiter + rb')"')
        self._first_table: Place | None = None
        self._broken: Place | None = None

    def labels(self, batch: Batch, row: int, names: Sequence[str]) -> None:
        """Blank and repeated names of columns, which a row of the batch holds."""
        line = batch.line_at(batch.extent(row)[0])
        seen: dict[str, int] = {}
        for column, name in enumerate(names, start=1):
            if name.strip() and seen.setdefault(name, column) == column:
                continue
            excerpt = excerpt_of(name)
            code, message = "blank-label", f"column {column} has no name"
            if name.strip():
                code, message = "duplicate-label", f"columns {seen[name]} and {column} are both called “{excerpt}”"
            self._tally.add(code, message, Place(record=0, line=line, column=column, excerpt=excerpt))

    def long_labels(self, batch: Batch, row: int) -> None:
        """Names of columns that are too long to be held."""
        for column, cell in enumerate(batch.rows[row], start=1):
            if isinstance(cell, LongCell):
                message = f"column {column} has a name of {length_of(cell):,} characters; only its beginning is shown"
                self._tally.add("field-too-long", message, self._place(batch, row, column=column))

    def header_row(self, stretch: Stretch, *, is_above: bool) -> None:
        """One of several header rows, that does not give the names."""
        place = replace(self._place(stretch.batch, stretch.start), record=0)
        where = "above" if is_above else "below"
        message = f"line {place.line}, “{place.excerpt}”, is a header row {where} the names of the columns"
        self._tally.add("header-rows", message, place)

    def ragged(self, stretch: Stretch, width: int) -> None:
        """Records that have more or fewer cells than there are columns."""
        for at, row in enumerate(stretch.rows, start=stretch.start):
            if len(row) == width:
                continue
            code, column = ("extra-cell", width + 1) if len(row) > width else ("missing-cell", len(row) + 1)
            if self._tally.wants_place(code):
                place = self._place(stretch.batch, at, column=column)
                cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
                self._tally.add(code, f"line {place.line} has {cells}, the header has {width}", place)
            else:
                self._tally.add(code)
            if code == "missing-cell" and at + 1 == len(stretch.batch.rows):
                self._breaking_off(stretch.batch, at)

    def _breaking_off(self, batch: Batch, at: int) -> None:
        """A record that lacks cells and also a line end, which only the last one may do, was hardly written so."""
        start, end = batch.extent(at)
        if not batch.data[start:end].endswith((b"\n", b"\r")):
            self._broken = self._place(batch, at)

    def broken_off(self) -> None:
        """The last record of a whole file, if it breaks off; where the file ends too early, that is told already."""
        if self._broken:
            message = f"line {self._broken.line}, the last one, breaks off: it has neither all its cells nor a line end"
            self._tally.add("truncated", message, self._broken)
            self._tally.weigh("truncated", "warning")

    def faults(self, batch: Batch) -> None:
        """Quotes that broke the rules, comments, bytes that cannot be decoded, lost characters, NULs."""
        for fault in batch.faults:
            self._quote(batch, fault)
        for found in batch.comments:
            self._comment(batch, found)
        if self._opening and b'"' in batch.data:
            quotes = (match.end() - 1 for match in self._opening.finditer(batch.data))
            self._bytes(batch, quotes, "stray-quote", "a value begins with a quote, as none before did,")
        self._bytes(batch, batch.nul_bytes(), "nul-byte", "a NUL byte")
        if not batch.data.isascii():
            self._characters(batch)

    def _characters(self, batch: Batch) -> None:
        self._bytes(batch, batch.undecodable(), "encoding-error", f"bytes that are not valid {batch.encoding.name}")
        self._bytes(batch, batch.replaced(), "replacement-character", "U+FFFD, for a character that was lost before,")
        self._bytes(batch, batch.doubled(), "double-encoded", "a character that was encoded twice")

    def count_swallowed(self, values: int) -> bool:
        """So many quoted values that hold lines like records are counted; False if their places are wanted, too."""
        if self._tally.wants_place("swallowed-lines"):
            return False
        self._tally.add("swallowed-lines", count=values)
        return True

    def swallowed(self, stretch: Stretch, width: int) -> int:
        """How many quoted values hold lines that look like records: allowed, but often a quote too many."""
        found = 0
        for at, row in enumerate(stretch.rows, start=stretch.start):
            for column, cell in enumerate(row):
                if has_lines(cell) and (alike := lines_like_records(cell, self._dialect.delimiter, width)):
                    self._swallowing(stretch.batch, at, column, alike)
                    found += 1
        return found

    def footer(self, stretch: Stretch, *, is_record: bool) -> None:
        """A line behind the data that is no record, or a last record that says that it is a total."""
        place = self._place(stretch.batch, stretch.start)
        message = f"line {place.line}: “{place.excerpt}” stands behind the data and is no record"
        if is_record:
            message = f"line {place.line}: the last record, “{place.excerpt}”, says that it is none; it is counted"
        self._tally.add("footer", message, place)

    def like_header(self, stretch: Stretch) -> None:
        """The first record looks like one more header row."""
        place = self._place(stretch.batch, stretch.start)
        message = f"line {place.line} looks like a second header row; it is counted as a record"
        self._tally.add("header-unsure", message, place)

    def open_table(self, header: Stretch) -> None:
        """Remembers where the table begins; a second one makes both a finding."""
        code, first = "several-tables", self._first_table
        if first and not self._tally.wants_place(code):
            self._tally.add(code)
            return
        place = self._place(header.batch, header.start)
        self._first_table = first or place
        if first and not self._tally.count(code):
            self._tally.add(code, f"another table begins on line {place.line}, with another header", first)
        if first:
            self._tally.add(code, "", place)

    def records(self, code: str, rows: Sequence[int], where: Callable[[int], tuple[Batch, int]]) -> None:
        """Records that are hardly meant as such; `where` says of which batch one is which row, for the first places."""
        for done, found in enumerate(rows):
            if not self._tally.wants_place(code):
                self._tally.add(code, count=len(rows) - done)
                return
            place = self._place(*where(found))
            self._tally.add(code, f"line {place.line} {_RECORDS[code]}; it is counted as a record", place)

    def mark(self, batch: Batch, row: int, column: int, shape: str) -> None:
        """Remembers where a column's first value of a shape stands; a finding may come of it at the end."""
        place = self._place(batch, row, column=column + 1, excerpt=batch.rows[row][column])
        self._marks.setdefault((column, shape), place)

    def remarks(self, found: Iterable[tuple[int, str, Remark]], *, rows: int) -> None:
        """Findings that hold for columns (number, name) after so many rows; one message speaks of all columns."""
        sentences: dict[str, list[str]] = {}
        for column, name, remark in found:
            place = self._marks[column, remark.shape]
            if remark.only_late and (place.record or 0) <= rows - rows // LAST:
                continue
            values = "1 value" if remark.count == 1 else f"{remark.count:,} values"
            example = f"“{excerpt_of(printable(remark.example))}” (line {place.line})"
            are = "is" if remark.count == 1 else "are"
            sentence = _SENTENCES[remark.code].format(values=values, are=are, example=example, kind=remark.kind)
            sentences.setdefault(remark.code, []).append(f"{_called(column, name)}: {sentence}")
            self._tally.add(remark.code, "", place, count=remark.count)
            if remark.code == "mixed-types" and not _DIGIT.search(remark.example):
                self._tally.weigh(remark.code, "warning")
        for code, said in sentences.items():
            more = len(said) - NAMED_COLUMNS
            alike = [f"{more:,} more {'column' if more == 1 else 'columns'} alike"] if more > 0 else []
            self._tally.say(code, "; ".join([*said[:NAMED_COLUMNS], *alike]))

    def mixed_endings(self, terminators: Counter[str]) -> None:
        """Lines end in more than one way."""
        shown = {"\r\n": "CRLF", "\n": "LF", "\r": "CR", DOUBLED: "CR CR LF"}
        counts = ", ".join(f"{terminators[end]:,} {shown[end]}" for end in line_terminators_of(terminators))
        self._tally.add("mixed-line-endings", f"lines end in several ways: {counts}")
        if "\r" in terminators:  # a lone CR among others may as well be part of a value
            self._tally.weigh("mixed-line-endings", "warning")

    def doubled_endings(self, terminators: Counter[str]) -> None:
        """Lines end in CR CR LF."""
        lines = f"{terminators[DOUBLED]:,} of {terminators.total():,} lines end"
        self._tally.add(
            "doubled-carriage-return",
            f"{lines} in CR CR LF; each was read as the end of one line",
            count=terminators[DOUBLED],
        )

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
            record=max(0, batch.first_row + row + 1 - self._dialect.header_row_count),
            line=batch.line_at(byte),
            byte_offset=batch.offset_at(byte),
            column=column,
            excerpt=excerpt_of(printable(excerpt)),
        )

    def _comment(self, batch: Batch, found: Comment) -> None:
        """Before the data a comment is usual; behind the first record it may be one that was meant as data."""
        if batch.first_row + found.row > self._dialect.header_row_count:
            self._tally.weigh("comment-line", "warning")
        if not self._tally.wants_place("comment-line"):
            self._tally.add("comment-line")
            return
        text = batch.data[found.start : found.end][: 4 * EXCERPT_LENGTH]
        place = Place(
            line=batch.line_at(found.start),
            byte_offset=batch.offset_at(found.start),
            excerpt=excerpt_of(printable(text.decode(batch.encoding.scanned_as, "replace").rstrip("\r\n"))),
        )
        message = (
            f"line {place.line} begins with {self._dialect.comment_prefix} and was read as a comment, not as a record"
        )
        self._tally.add("comment-line", message, place)

    def _quote(self, batch: Batch, fault: QuoteFault) -> None:
        if not self._tally.wants_place(fault.code):
            self._tally.add(fault.code)
            return
        place = self._place(batch, fault.row, column=fault.column + 1, at=fault.at)
        message = f"line {place.line}: a quote stands where none belongs; it was read as an ordinary character"
        if fault.code == "unclosed-quote":
            lines = "1 line" if fault.swallowed == 1 else f"{fault.swallowed:,} lines"
            loss = f"; {lines} would have been swallowed" if fault.swallowed else ""
            message = f"line {place.line}: quote never closed{loss}"
        self._tally.add(fault.code, message, place)

    def _bytes(self, batch: Batch, places: Iterator[int], code: str, what: str) -> None:
        while self._tally.wants_place(code) and (at := next(places, None)) is not None:
            self._byte(batch, at, code, what)
        if more := sum(1 for _ in places):
            self._tally.add(code, count=more)

    def _byte(self, batch: Batch, at: int, code: str, what: str) -> None:
        excerpt = batch.near(at)
        place = self._place(batch, batch.row_at(at), at=at, excerpt=excerpt)
        place = place if batch.is_in_row(at) else replace(place, record=None)
        self._tally.add(code, f"line {place.line}: {what} at byte {place.byte_offset:,}", place)

    def _swallowing(self, batch: Batch, row: int, column: int, alike: int) -> None:
        if not self._tally.wants_place("swallowed-lines"):
            self._tally.add("swallowed-lines")
            return
        place = self._place(batch, row, column=column + 1, at=batch.cell_at(row, column))
        lines = line_ends_of(batch.rows[row][column]) + 1
        what = f"a value of {lines:,} lines, of which {alike:,} look like records"
        self._tally.add("swallowed-lines", f"the quote on line {place.line} opens {what}", place)


_RECORDS = {"repeated-header": "repeats the header", "blank-row": "holds no value, only delimiters"}
_SENTENCES = {
    "leading-zeros": "{values} with leading zeros, such as {example}; kept as text",
    "leading-plus": "{values} with a plus before seven digits or more, such as {example}; kept as text",
    "long-identifier": "{values} of nineteen digits or more, such as {example}; kept as text",
    "ambiguous-date": "{values} such as {example} can be read day first or month first; kept as text",
    "ambiguous-number": "{values} such as {example} can be read in two ways; kept as text",
    "rounded-number": "{values} rounded, such as {example}; the last digits are lost",
    "mixed-formats": "{values} written in another way than the others, such as {example}; kept as text",
    "mixed-types": "{values} that {are} no {kind}, such as {example}, unlike nearly all others; kept as text",
    "unread-format": "{values} written in a way that is not read, such as {example}; kept as text",
    "late-type-change": "{values} of another type than the others, such as {example}",
}


def _called(column: int, name: str) -> str:
    return f"column “{excerpt_of(name)}”" if name.strip() else f"column {column + 1} (no name)"


def printable(text: str) -> str:
    """The text with U+FFFD for bytes that could not be decoded, so that every JSON reader takes it."""
    return text if text.isascii() else _UNDECODED.sub("\ufffd", text)
