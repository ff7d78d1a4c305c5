"""The head of a file in (bytes that a byte scanner can read); its Dialect, with rivals and confidence, out.

Every delimiter that occurs is tried on the whole head, with the real scanner, and scored by how consistent the
records are and how many cells look like values. Linear in the head, whatever it holds; `csv.Sniffer` is not.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from csvgate.core.batch import Batch
from csvgate.core.dialect import Dialect
from csvgate.core.encoding import Encoding
from csvgate.core.header import HeaderJudgement, judge_header, kind_of
from csvgate.core.scan import Scanner

SAMPLE = 64 * 1024
SAMPLE_ROWS = 300
MAX_PREAMBLE = 50
# A delimiter that also occurs in values makes a table from this many columns and records on.
SURE_WIDTH, SURE_RECORDS = 3, 3
# So many records must agree on a width.
AGREEMENT = 0.4
NARROWEST = 2
QUOTED_ENOUGH = 2
# How often a delimiter is meant as one. Space and colon occur in values: they need more evidence (see _is_plausible).
PRIORS = {",": 1.0, ";": 0.99, "\t": 0.99, "|": 0.97, "\x1f": 0.97, "^": 0.8, "~": 0.8, ":": 0.4, " ": 0.3}
_SEP_HINT = re.compile(rb"sep=(.)(?:\r\n|\n|\r)", re.IGNORECASE)
_DOUBLE = re.compile(rb"""(?:^|[,;\t|:^~ \x1f])"|"(?:[,;\t|:^~ \x1f]|$)""", re.MULTILINE)
_SINGLE = re.compile(rb"""(?:^|[,;\t|])'[^'\r\n]*+'(?=[,;\t|\r\n]|\Z)""", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sniffed:
    """A dialect and how it was found.

    `width` columns; the table begins at byte `start` of the head (what stands before is `preamble`, unless it is a
    `sep=` hint); `rivals` are other delimiters with their score, best first.
    """

    dialect: Dialect
    confidence: float
    width: int
    header: HeaderJudgement
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


def sniff(head: bytes, encoding: Encoding, *, whole: bool) -> Sniffed:
    """The most plausible dialect of the text that begins with `head`; there always is one."""
    hint = _SEP_HINT.match(head)
    if hint and hint[1].decode("latin-1") in PRIORS:
        return _hinted(head, hint, encoding, whole=whole)
    sample = head if whole and len(head) <= SAMPLE else _whole_lines(head[:SAMPLE])
    base = replace(_base_dialect(sample, encoding), line_terminators=_terminators(sample))
    readings = _readings(sample, base, encoding, whole=whole and len(sample) == len(head))
    if not readings:
        return _single_column(sample, base, encoding, whole=whole)
    return _best(readings)


def _hinted(head: bytes, hint: re.Match[bytes], encoding: Encoding, *, whole: bool) -> Sniffed:
    """Excel's `sep=;` line is an instruction, not data."""
    rest = _whole_lines(head[hint.end() : hint.end() + SAMPLE])
    base = replace(_base_dialect(rest, encoding), line_terminators=_terminators(head[:SAMPLE]), skip_rows=1)
    dialect = replace(base, delimiter=hint[1].decode("latin-1"))
    batch = _first_batch(rest, dialect, encoding, whole=whole and len(head) <= SAMPLE)
    rows = batch.rows[:SAMPLE_ROWS] if batch and batch.rows else [[""]]
    return Sniffed(
        dialect=_with_header(dialect, judge_header(rows)),
        confidence=1.0,
        width=len(rows[0]),
        header=judge_header(rows),
        start=hint.end(),
        is_hinted=True,
    )


def _base_dialect(sample: bytes, encoding: Encoding) -> Dialect:
    """Quotes are `"` even where the head has none: the first may come in the last gigabyte."""
    single = len(_SINGLE.findall(sample)) if b"'" in sample else 0
    quote = "'" if single >= QUOTED_ENOUGH and not _DOUBLE.search(sample) else '"'
    return Dialect(encoding=encoding.name, quote_char=quote)


def _terminators(sample: bytes) -> tuple[str, ...]:
    pairs = sample.count(b"\r\n")
    counts = {"\r\n": pairs, "\n": sample.count(b"\n") - pairs, "\r": sample.count(b"\r") - pairs}
    return tuple(sorted((end for end, count in counts.items() if count), key=lambda end: -counts[end])) or ("\n",)


def _whole_lines(sample: bytes) -> bytes:
    end = max(sample.rfind(b"\n"), sample.rfind(b"\r")) + 1
    return sample[:end] or sample


def _readings(sample: bytes, base: Dialect, encoding: Encoding, *, whole: bool) -> list[_Reading]:
    """All plausible readings, best first."""
    present = [delimiter for delimiter in PRIORS if delimiter.encode() in sample]
    dialects = [replace(base, delimiter=delimiter) for delimiter in present]
    found = [_read(sample, dialect, encoding, whole=whole) for dialect in dialects]
    return sorted((reading for reading in found if reading), key=lambda reading: -reading.score)


def _read(sample: bytes, dialect: Dialect, encoding: Encoding, *, whole: bool) -> _Reading | None:
    batch = _first_batch(sample, dialect, encoding, whole=whole)
    rows = batch.rows[:SAMPLE_ROWS] if batch else []
    if dialect.comment_prefix is None and _has_comments(rows):
        return _read(sample, replace(dialect, comment_prefix="#"), encoding, whole=whole)
    width = _common_width(rows)
    if batch is None or width < NARROWEST:
        return None
    first = next(at for at, row in enumerate(rows) if len(row) >= width or (len(row) > 1 and at == 0))
    table = rows[first:]
    if not _is_plausible(dialect.delimiter, table, width, preamble=first):
        return None
    start = batch.extent(first)[0] if first else 0
    score = _score(dialect.delimiter, table, width) * (0.8 if first else 1.0)
    return _Reading(dialect=dialect, score=score, width=width, rows=table, start=start, line=batch.line_at(start))


def _has_comments(rows: Sequence[Sequence[str]]) -> bool:
    """Lines that begin with # are comments if none of them has the width of the others."""
    marked = [row for row in rows if row[0].startswith("#")]
    width = _common_width([row for row in rows if not row[0].startswith("#")])
    return bool(marked) and width > 0 and all(len(row) != width for row in marked)


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
    if preamble and (preamble > MAX_PREAMBLE or not _has_typed_column(table)):
        return False
    if delimiter in " :":
        is_table = width >= SURE_WIDTH and consistency == 1.0 and len(table) >= SURE_RECORDS and not preamble
        return is_table and _has_typed_column(table) and not _are_times(delimiter, table)
    return consistency >= AGREEMENT


def _are_times(delimiter: str, table: Sequence[Sequence[str]]) -> bool:
    """Whole lines are dates or times: what looks like a delimiter is part of the value."""
    return all(kind_of(delimiter.join(row)) in ("date", "time") for row in table[1:51])


def _has_typed_column(table: Sequence[Sequence[str]]) -> bool:
    """A column in which nearly all cells below the first row are values, not text."""
    body = table[1:51] or table
    columns = ([kind_of(row[at]) for row in body if at < len(row)] for at in range(min(len(table[0]), 100)))
    return any(kinds and sum(kind not in ("", "text") for kind in kinds) >= 0.9 * len(kinds) for kinds in columns)


def _score(delimiter: str, table: Sequence[Sequence[str]], width: int) -> float:
    consistency = sum(len(row) == width for row in table) / len(table)
    cells = [cell for row in table[:50] for cell in row[:100]]
    typed = sum(kind_of(cell) != "text" for cell in cells) / max(len(cells), 1)
    foreign = sum(any(mark in cell for mark in ";\t|" if mark != delimiter) for cell in cells) / max(len(cells), 1)
    breadth = 0.7 + 0.3 * min(width, 10) / 10
    return consistency**2 * (0.6 + 0.4 * typed) * (1 - 0.5 * foreign) * breadth * PRIORS[delimiter]


def _best(readings: Sequence[_Reading]) -> Sniffed:
    best, others = readings[0], readings[1:]
    consistency = sum(len(row) == best.width for row in best.rows) / len(best.rows)
    doubt = 0.5 * others[0].score / best.score if others else 0.0
    judgement = judge_header(best.rows)
    dialect = replace(best.dialect, skip_rows=best.line - 1 if best.start else 0)
    return Sniffed(
        dialect=_with_header(dialect, judgement),
        confidence=round(max(0.05, consistency * (1 - doubt)), 2),
        width=len(best.rows[0]) if judgement != "absent" else best.width,
        header=judgement,
        start=best.start,
        rivals=tuple((rival.delimiter, round(rival.score / best.score, 2)) for rival in others),
    )


def _with_header(dialect: Dialect, judgement: HeaderJudgement) -> Dialect:
    has_header = judgement != "absent"
    return replace(dialect, header=has_header, header_row_count=int(has_header))


def _single_column(sample: bytes, base: Dialect, encoding: Encoding, *, whole: bool) -> Sniffed:
    """No delimiter makes a table of it: one column."""
    batch = _first_batch(sample, base, encoding, whole=whole)
    rows = batch.rows[:SAMPLE_ROWS] if batch and batch.rows else [[""]]
    judgement = judge_header([row[:1] for row in rows])
    return Sniffed(
        dialect=_with_header(base, judgement),
        confidence=0.5 if any(len(row) > 1 for row in rows) else 0.9,
        width=len(rows[0]) if judgement != "absent" else 1,
        header=judgement,
    )
