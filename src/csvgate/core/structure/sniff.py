"""The head of a file in (bytes that a byte scanner can read); its Dialect, with rivals and confidence, out.

Every delimiter that occurs is tried on the whole head, with the real scanner, and scored by how consistent the
records are and how many cells look like values. Where the head shows several ways of quoting, the one is taken that
leaves the least unexplained. Linear in the head, whatever it holds; `csv.Sniffer` is not.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from csvgate.core.dialect import Dialect, line_terminators_of
from csvgate.core.structure.batch import Batch, count_lines, count_terminators
from csvgate.core.structure.header import HeaderJudgement, Heading, kind_of, kinds_of, read_heading
from csvgate.core.structure.preamble import MAX_PREAMBLE, behind_labels, first_of_table, is_lone_name
from csvgate.core.structure.quoting import has_every_blank, quotings
from csvgate.core.structure.scan import Scanner
from csvgate.core.text.encoding import Encoding

SAMPLE = 64 * 1024
SAMPLE_ROWS = 300
# A delimiter that also occurs in values makes a table from this many columns and records on.
SURE_WIDTH, SURE_RECORDS = 3, 3
# So many records must agree on a width.
AGREEMENT = 0.4
NARROWEST = 2
# A doubled delimiter is meant as one where nearly all records agree on it.
NEARLY_ALL = 0.9
# How often a delimiter is meant as one. Space and colon occur in values: they need more evidence (see _is_plausible).
PRIORS = {
    ",": 1.0,
    ";": 0.99,
    "\t": 0.99,
    "|": 0.97,
    "\x01": 0.97,
    "\x1f": 0.97,
    "^": 0.8,
    "~": 0.8,
    ":": 0.4,
    " ": 0.3,
}
# Where one of these is meant, its first character alone is not.
BLANK_BEHIND = {", ": 1.0, "; ": 0.99}
DOUBLED = {"||": 0.97, ";;": 0.8, "::": 0.8, "^^": 0.8, "~~": 0.8}
PAIRS = BLANK_BEHIND | DOUBLED
# In a cell, these may as well be what separates cells.
OTHER_MARKS = frozenset(";\t|")
# These make a table only from the first line on; a quote or a comment there asks for a closer look.
OFTEN_TEXT = " :"
_FIRST_LINE = re.compile(rb"""\A[\r\n]*+[^#"'\r\n][^"'\r\n]*+(?=[\r\n]|\Z)""")
_SEP_HINT = re.compile(rb"sep=(.)(?:\r\n|\n|\r)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sniffed:
    """A dialect and how it was found.

    `width` columns; the table begins at byte `start` of the head (what stands before is `preamble`, unless it is a
    `sep=` hint); of several header rows, `name_row` (from 0) holds the names, and `is_next_unsure` says that the record
    below looks like one more of them; `rivals` are other delimiters with their score, best first.
    """

    dialect: Dialect
    confidence: float
    width: int
    header: HeaderJudgement
    name_row: int = 0
    is_next_unsure: bool = False
    start: int = 0
    is_hinted: bool = False
    rivals: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    """The head as one delimiter reads it: rows from the table's first record on."""

    dialect: Dialect
    score: float
    width: int
    rows: Sequence[Sequence[str]]
    start: int
    line: int

    @property
    def delimiter(self) -> str:
        """What separates the cells."""
        return self.dialect.delimiter

    @property
    def is_even(self) -> bool:
        """All records have the same width."""
        return all(len(row) == self.width for row in self.rows)


def sniff(head: bytes, encoding: Encoding, *, whole: bool) -> Sniffed:
    """The most plausible dialect of the text that begins with `head`; there always is one."""
    hint = _SEP_HINT.match(head)
    if hint and hint[1].decode("latin-1") in PRIORS:
        return _hinted(head, hint, encoding, whole=whole)
    sample = head if whole and len(head) <= SAMPLE else _whole_lines(head[:SAMPLE])
    base = Dialect(encoding=encoding.name, line_terminators=_terminators(sample))
    readings = _readings(sample, base, encoding, whole=whole and len(sample) == len(head))
    if not readings:
        return _single_column(sample, base, encoding, whole=whole)
    return _best(readings)


def _hinted(head: bytes, hint: re.Match[bytes], encoding: Encoding, *, whole: bool) -> Sniffed:
    """Excel's `sep=;` line is an instruction, not data."""
    rest = _whole_lines(head[hint.end() : hint.end() + SAMPLE])
    base = Dialect(encoding=encoding.name, line_terminators=_terminators(head[:SAMPLE]), skip_rows=1)
    named = replace(base, delimiter=hint[1].decode("latin-1"))
    dialect, batch = _parse(rest, named, encoding, whole=whole and len(head) <= SAMPLE)
    rows = batch.rows[:SAMPLE_ROWS] if batch and batch.rows else [[""]]
    heading = read_heading(rows)
    return Sniffed(
        dialect=_with_header(dialect, heading),
        confidence=1.0,
        width=len(rows[heading.name_row]),
        header=heading.judgement,
        name_row=heading.name_row,
        is_next_unsure=heading.is_next_unsure,
        start=hint.end(),
        is_hinted=True,
    )


def _terminators(sample: bytes) -> tuple[str, ...]:
    return line_terminators_of(count_terminators(sample)) or ("\n",)


def _whole_lines(sample: bytes) -> bytes:
    end = max(sample.rfind(b"\n"), sample.rfind(b"\r")) + 1
    return sample[:end] or sample


def _readings(sample: bytes, base: Dialect, encoding: Encoding, *, whole: bool) -> list[_Reading]:
    """All plausible readings, best first; an even table that begins on the first line speaks against a preamble."""
    seen = [delimiter for delimiter in (*PRIORS, *PAIRS) if delimiter.encode() in sample]
    dialects = [replace(base, delimiter=delimiter) for delimiter in seen if _may_be_meant(sample, delimiter)]
    found = [reading for dialect in dialects if (reading := _read(sample, dialect, encoding, whole=whole))]
    if any(reading.is_even and not reading.start for reading in found):
        found = [replace(reading, score=reading.score / 2) if reading.start else reading for reading in found]
    halves = {reading.delimiter[0] for reading in found if reading.delimiter in PAIRS}
    return sorted((one for one in found if one.delimiter not in halves), key=lambda reading: -reading.score)


def _may_be_meant(sample: bytes, delimiter: str) -> bool:
    """What can be told without reading the sample, which takes time."""
    if delimiter in BLANK_BEHIND:
        return has_every_blank(sample, delimiter.encode())
    if delimiter in OFTEN_TEXT:
        first = _FIRST_LINE.search(sample)
        return first is None or first[0].count(delimiter.encode()) >= SURE_WIDTH - 1
    return True


def _read(sample: bytes, dialect: Dialect, encoding: Encoding, *, whole: bool) -> _Reading | None:
    dialect, batch = _parse(sample, dialect, encoding, whole=whole)
    rows = batch.rows[:SAMPLE_ROWS] if batch else []
    if dialect.comment_prefix is None and _has_comments(rows):
        return _read(sample, replace(dialect, comment_prefix="#"), encoding, whole=whole)
    width = _common_width(behind_labels(rows))
    if batch is None or width < NARROWEST:
        return None
    first = first_of_table(rows, width)
    table = rows[first:]
    if is_lone_name(rows, dialect.delimiter) or not _is_plausible(dialect.delimiter, table, width, preamble=first):
        return None
    start = batch.extent(first)[0] if first else 0
    score = _score(dialect.delimiter, table, width) * (0.8 if first else 1.0)
    return _Reading(dialect=dialect, score=score, width=width, rows=table, start=start, line=batch.line_at(start))


def _has_comments(rows: Sequence[Sequence[str]]) -> bool:
    """Lines that begin with # are comments if none of them has the width of the others."""
    marked = [row for row in rows if row[0].startswith("#")]
    if not marked:
        return False
    width = _common_width([row for row in rows if not row[0].startswith("#")])
    return width > 0 and all(len(row) != width for row in marked)


def _parse(sample: bytes, dialect: Dialect, encoding: Encoding, *, whole: bool) -> tuple[Dialect, Batch | None]:
    """The sample in that of the dialect's quotings which leaves the least unexplained."""
    trials = [(quoted, _first_batch(sample, quoted, encoding, whole=whole)) for quoted in quotings(sample, dialect)]
    return min(trials, key=lambda trial: _unexplained(sample, trial[1])) if len(trials) > 1 else trials[0]


def _unexplained(sample: bytes, batch: Batch | None) -> int:
    """Quotes that broke the rules, records of another width, and lines that could not be read."""
    if batch is None:
        return len(sample)
    width = _common_width(batch.rows)
    ragged = sum(len(row) != width for row in batch.rows)
    return len(batch.faults) + ragged + count_lines(sample[len(batch.data) :])


def _first_batch(sample: bytes, dialect: Dialect, encoding: Encoding, *, whole: bool) -> Batch | None:
    scanner = Scanner(io.BytesIO(sample), dialect, encoding, width=NARROWEST)
    return next(scanner.batches(is_whole=whole), None)


def _common_width(rows: Sequence[Sequence[str]]) -> int:
    """The number of cells that most records have; the header's, if at least two records in five have it."""
    widths = Counter(map(len, rows))
    if not widths:
        return 0
    if widths[len(rows[0])] >= AGREEMENT * len(rows) and len(rows[0]) > 1:
        return len(rows[0])
    return max(widths, key=lambda width: (widths[width], width))


def _is_plausible(delimiter: str, table: Sequence[Sequence[str]], width: int, *, preamble: int) -> bool:
    """Whether the reading can be meant at all."""
    consistency = sum(len(row) == width for row in table) / len(table)
    if preamble and (preamble > MAX_PREAMBLE or not _has_typed_column([row for row in table if len(row) == width])):
        return False
    if delimiter in DOUBLED:
        is_apart = not any(delimiter[0] in cell for cell in table[0]) and (width >= SURE_WIDTH or delimiter != "::")
        return consistency >= NEARLY_ALL and is_apart
    if delimiter in OFTEN_TEXT:
        is_table = width >= SURE_WIDTH and consistency == 1.0 and len(table) >= SURE_RECORDS and not preamble
        return is_table and _has_typed_column(table) and not _are_times(delimiter, table)
    return consistency >= AGREEMENT


def _are_times(delimiter: str, table: Sequence[Sequence[str]]) -> bool:
    """Whole lines are dates or times: what looks like a delimiter is part of the value."""
    return all(kind_of(delimiter.join(row)) in ("date", "time") for row in table[1:51])


def _has_typed_column(table: Sequence[Sequence[str]]) -> bool:
    """A column in which nearly all cells below the first row are values, not text."""
    body = table[1:51] or table
    columns = (kinds_of([row[at] for row in body if at < len(row)]) for at in range(min(len(table[0]), 100)))
    return any(kinds and sum(kind not in ("", "text") for kind in kinds) >= 0.9 * len(kinds) for kinds in columns)


def _score(delimiter: str, table: Sequence[Sequence[str]], width: int) -> float:
    consistency = sum(len(row) == width for row in table) / len(table)
    cells = [cell for row in table[:50] for cell in row[:100]]
    typed = 1 - kinds_of(cells).count("text") / len(cells)
    marks = OTHER_MARKS - {delimiter}
    foreign = list(map(marks.isdisjoint, cells)).count(False) / len(cells)
    breadth = 0.7 + 0.3 * min(width, 10) / 10
    return consistency**2 * (0.6 + 0.4 * typed) * (1 - 0.5 * foreign) * breadth * (PRIORS | PAIRS)[delimiter]


def _best(readings: Sequence[_Reading]) -> Sniffed:
    best, others = readings[0], readings[1:]
    consistency = sum(len(row) == best.width for row in best.rows) / len(best.rows)
    doubt = 0.5 * others[0].score / best.score if others else 0.0
    heading = read_heading(best.rows)
    dialect = replace(best.dialect, skip_rows=best.line - 1 if best.start else 0)
    return Sniffed(
        dialect=_with_header(dialect, heading),
        confidence=round(max(0.05, consistency * (1 - doubt)), 2),
        width=len(best.rows[heading.name_row]) if heading.row_count else best.width,
        header=heading.judgement,
        name_row=heading.name_row,
        is_next_unsure=heading.is_next_unsure,
        start=best.start,
        rivals=tuple((rival.delimiter, round(rival.score / best.score, 2)) for rival in others),
    )


def _with_header(dialect: Dialect, heading: Heading) -> Dialect:
    return replace(dialect, header=heading.row_count > 0, header_row_count=heading.row_count)


def _single_column(sample: bytes, base: Dialect, encoding: Encoding, *, whole: bool) -> Sniffed:
    """No delimiter makes a table of it: one column."""
    dialect, batch = _parse(sample, base, encoding, whole=whole)
    rows = batch.rows[:SAMPLE_ROWS] if batch and batch.rows else [[""]]
    is_doubtful = any(len(row) > 1 for row in rows)
    if is_doubtful and is_lone_name(rows, base.delimiter):
        unused = next((mark for mark in PRIORS if mark.encode() not in sample), base.delimiter)
        dialect, rows = replace(dialect, delimiter=unused), [[base.delimiter.join(row)] for row in rows]
    heading = read_heading([row[:1] for row in rows])
    return Sniffed(
        dialect=_with_header(dialect, heading),
        confidence=0.5 if is_doubtful else 0.9,
        width=len(rows[0]) if heading.row_count else 1,
        header=heading.judgement,
    )
