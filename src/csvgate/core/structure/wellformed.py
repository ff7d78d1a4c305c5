"""Stretches of well-formed records, or of blank lines, in; their rows, split in C, in the batch, out."""

from __future__ import annotations

import csv
import io
from itertools import islice
from typing import Literal

from csvgate.core.dialect import DOUBLED
from csvgate.core.structure.batch import Batch, Segment
from csvgate.core.structure.grammar import LINE_END, Grammar
from csvgate.core.structure.record import MAX_CELLS, Record, UnreadableError, unquoted

# A record longer than this cannot be held, one of more cells is no table's: reading stops there.
MAX_RECORD = 32 * 1024 * 1024

csv.field_size_limit(MAX_RECORD)  # the csv module's own limit is 128 KiB, for the whole process


def add_blank(batch: Batch, start: int, end: int) -> None:
    """Each blank line is a record with one empty value."""
    batch.segments.append(Segment(len(batch.rows), start, end, "blank"))
    batch.rows.extend([[""]] * len(LINE_END.findall(batch.data, start, end)))


def require_readable(batch: Batch, start: int, end: int) -> None:
    """The record is no longer and no wider than can be held."""
    if end - start > MAX_RECORD:
        raise UnreadableError(start, "too-long")
    if _is_too_wide(batch, start, end):
        raise UnreadableError(start, "too-wide")


def _is_too_wide(batch: Batch, start: int, end: int) -> bool:
    """A well-formed record has too many cells; delimiters inside quotes are text."""
    quote, delimiter = batch.grammar.quote, batch.grammar.delimiter
    if not _may_be_too_wide(batch, start, end):
        return False
    record = batch.data[start:end]
    return (batch.grammar.quoted.sub(b"", record) if quote else record).count(delimiter) >= MAX_CELLS


def _may_be_too_wide(batch: Batch, start: int, end: int) -> bool:
    return end - start >= MAX_CELLS and batch.data.count(batch.grammar.delimiter, start, end) >= MAX_CELLS


def add_readable(batch: Batch, start: int, end: int) -> None:
    """Well-formed records, up to one that is too wide."""
    known = len(batch.rows)
    add_clean(batch, start, end)
    if not _may_be_too_wide(batch, start, end):
        return
    wide = next((row for row in range(known, len(batch.rows)) if len(batch.rows[row]) > MAX_CELLS), None)
    if wide is not None:
        spans = (match.span() for match in batch.grammar.record.finditer(batch.data, start, end))
        stop, _ = next(islice(spans, wide - known, None))
        del batch.rows[wide:], batch.segments[-1]
        if stop > start:
            batch.segments.append(Segment(known, start, stop, "clean"))
        raise UnreadableError(stop, "too-wide")


def add_clean(batch: Batch, start: int, end: int, kind: Literal["clean", "single"] = "clean") -> None:
    """The well-formed, non-blank records in data[start:end] are in the batch: split in C."""
    batch.segments.append(Segment(len(batch.rows), start, end, kind))
    grammar, stretch = batch.grammar, batch.data[start:end]
    text = stretch.decode(batch.encoding.scanned_as, "surrogateescape")
    delimiter = grammar.delimiter.decode()
    if not grammar.skips_space and (grammar.quote is None or grammar.quote not in stretch):
        batch.rows += [line.split(delimiter) for line in _with_lf(text).removesuffix("\n").split("\n")]
    elif len(delimiter) == 1 and grammar.escape is None and grammar.quote:
        quote, skips = grammar.quote.decode(), grammar.skips_space
        lines = io.StringIO(text, newline="")
        rows = csv.reader(lines, delimiter=delimiter, quotechar=quote, skipinitialspace=skips)
        # No line is blank here, but to the csv module the end of one that ends in CR CR LF is.
        batch.rows += filter(None, rows) if DOUBLED in text else rows
    else:
        batch.rows += _split(grammar, stretch, batch.encoding.scanned_as)


def _split(grammar: Grammar, stretch: bytes, encoding: str) -> list[list[str]]:
    """The cells of well-formed records, also where the csv module cannot read the dialect.

    A lone quote stands for each value in quotes while the rest is split: it is no value of its own.
    """
    values = (unquoted(value, grammar) for value in grammar.quoted.findall(stretch))
    text = _with_lf(grammar.quoted.sub(grammar.quote or b"", stretch).decode(encoding, "surrogateescape"))
    delimiter, mark = grammar.delimiter.decode(), (grammar.quote or b"").decode()
    rows = [line.split(delimiter) for line in text.removesuffix("\n").split("\n")]
    if grammar.skips_space:
        rows = [[cell.lstrip(" ") for cell in row] for row in rows]
    if not grammar.quote:
        return rows
    return [
        [next(values).decode(encoding, "surrogateescape") if cell == mark else cell for cell in row] for row in rows
    ]


def _with_lf(text: str) -> str:
    """The text with one kind of line end."""
    if "\r" not in text:
        return text
    return text.replace(DOUBLED, "\n").replace("\r\n", "\n").replace("\r", "\n")


def cells_of(batch: Batch, record: bytes) -> list[str]:
    """The cells of one well-formed record, where the csv module cannot read the dialect."""
    single = Batch(data=record, grammar=batch.grammar, encoding=batch.encoding, first_row=0, offset=0, line=1)
    Record(single, 0, len(record), at_end=True, width=0).read()
    return single.rows[0]
