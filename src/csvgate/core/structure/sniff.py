"""The head of a file in (bytes that a byte scanner can read); its Dialect, with rivals and confidence, out.

Every delimiter that occurs is a candidate, scored by how consistent the records are and how many cells look like
values. Linear in the head, whatever it holds; `csv.Sniffer` is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from csvgate.core.dialect import Dialect, line_terminators_of
from csvgate.core.structure.batch import count_terminators
from csvgate.core.structure.candidates import PRIORS, SAMPLE_ROWS, Candidate, candidates, parse
from csvgate.core.structure.doubt import doubt_about, doubt_about_hint, doubt_about_only_column
from csvgate.core.structure.grammar import EOL
from csvgate.core.structure.header import HeaderJudgement, Heading, kinds_of_columns, read_heading
from csvgate.core.structure.preamble import is_lone_name
from csvgate.core.text.encoding import Encoding

SAMPLE = 64 * 1024
_SEP_HINT = re.compile(rb"sep=(.)" + EOL, re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sniffed:
    """A dialect and how it was found.

    `width` columns; the table begins at byte `start` of the head (what stands before is `preamble`, unless it is a
    `sep=` hint); of several header rows, `name_row` (from 0) holds the names, and `is_next_unsure` says that the record
    below looks like one more of them; `rivals` are other delimiters with their score, best first; `kinds` are those of
    the columns, up to the first blank line behind a record; `doubt` says why the dialect may be another, if it may.
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
    kinds: tuple[str, ...] = ()
    doubt: str = ""


def sniff(head: bytes, encoding: Encoding, *, whole: bool) -> Sniffed:
    """The most plausible dialect of the text that begins with `head`; there always is one."""
    hint = _SEP_HINT.match(head)
    if hint and hint[1].decode("latin-1") in PRIORS:
        return _hinted(head, hint, encoding, whole=whole)
    sample = head if whole and len(head) <= SAMPLE else _whole_lines(head[:SAMPLE])
    base = Dialect(encoding=encoding.name, line_terminators=_terminators(sample))
    readings = candidates(sample, base, encoding, whole=whole and len(sample) == len(head))
    if not readings:
        return _single_column(sample, base, encoding, whole=whole)
    return _best(readings)


def _hinted(head: bytes, hint: re.Match[bytes], encoding: Encoding, *, whole: bool) -> Sniffed:
    """Excel's `sep=;` line is an instruction, not data; it is not followed where it is plainly wrong."""
    rest = _whole_lines(head[hint.end() : hint.end() + SAMPLE])
    base = Dialect(encoding=encoding.name, line_terminators=_terminators(head[:SAMPLE]), skip_rows=1)
    named = replace(base, delimiter=hint[1].decode("latin-1"))
    dialect, batch = parse(rest, named, encoding, whole=whole and len(head) <= SAMPLE)
    rows = batch.rows[:SAMPLE_ROWS] if batch and batch.rows else [[""]]
    if len(max(rows, key=len)) == 1 and (others := candidates(rest, base, encoding, whole=whole)):
        doubt = doubt_about_hint(named.delimiter, others[0].delimiter)
        found = _best(others)
        return replace(found, start=hint.end() + found.start, is_hinted=True, doubt=doubt)
    heading = read_heading(rows)
    return Sniffed(
        dialect=_with_header(dialect, heading, dialect.skip_rows),
        confidence=1.0,
        width=len(rows[heading.name_row]),
        header=heading.judgement,
        name_row=heading.name_row,
        is_next_unsure=heading.is_next_unsure,
        start=hint.end(),
        is_hinted=True,
        kinds=kinds_of_columns(rows[heading.row_count :]),
    )


def _terminators(sample: bytes) -> tuple[str, ...]:
    return line_terminators_of(count_terminators(sample)) or ("\n",)


def _whole_lines(sample: bytes) -> bytes:
    end = max(sample.rfind(b"\n"), sample.rfind(b"\r")) + 1
    return sample[:end] or sample


def _best(readings: Sequence[Candidate]) -> Sniffed:
    best, others = readings[0], readings[1:]
    rivalry = 0.5 * others[0].score / best.score if others else 0.0
    heading = read_heading(best.rows)
    return Sniffed(
        dialect=_with_header(best.dialect, heading, best.line - 1),
        confidence=round(max(0.05, best.consistency * (1 - rivalry)), 2),
        width=len(best.rows[heading.name_row]) if heading.row_count else best.width,
        header=heading.judgement,
        name_row=heading.name_row,
        is_next_unsure=heading.is_next_unsure,
        start=best.start,
        rivals=tuple((rival.delimiter, round(rival.score / best.score, 2)) for rival in others),
        kinds=kinds_of_columns(best.records(heading.row_count)),
        doubt=doubt_about(best, others),
    )


def _with_header(dialect: Dialect, heading: Heading, skip_rows: int) -> Dialect:
    return replace(dialect, header=heading.row_count > 0, header_row_count=heading.row_count, skip_rows=skip_rows)


def _single_column(sample: bytes, base: Dialect, encoding: Encoding, *, whole: bool) -> Sniffed:
    """No delimiter makes a table of it: one column."""
    dialect, batch = parse(sample, base, encoding, whole=whole)
    rows = batch.rows[:SAMPLE_ROWS] if batch and batch.rows else [[""]]
    is_doubtful, doubt = any(len(row) > 1 for row in rows), doubt_about_only_column(rows, base.delimiter)
    if is_doubtful and is_lone_name(rows, base.delimiter):
        unused = next((mark for mark in PRIORS if mark.encode() not in sample), base.delimiter)
        dialect, rows, doubt = replace(dialect, delimiter=unused), [[base.delimiter.join(row)] for row in rows], ""
    heading = read_heading([row[:1] for row in rows])
    return Sniffed(
        dialect=_with_header(dialect, heading, dialect.skip_rows),
        confidence=0.5 if is_doubtful else 0.9,
        width=len(rows[0]) if heading.row_count else 1,
        header=heading.judgement,
        doubt=doubt,
    )
