"""Columns side by side and their cells in; all of them counted, with the marks of each, out.

What is done to every cell is done to all at once: in a table of many columns a sheet has few cells of each.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from csvgate.core.bulk.cells import LONGEST, Cells, keys_of
from csvgate.core.bulk.column import BulkColumn, moved
from csvgate.core.bulk.parts import Band, parts_of
from csvgate.core.bulk.words import Places, places_of
from csvgate.core.columns.column import Mark

Columns = Sequence[BulkColumn]
Found = Sequence[Sequence[Mark]]


def count_band(columns: Columns, cells: Cells) -> Found:
    """The cells, which are those of one column after the other, are counted."""
    height = len(cells) // len(columns)
    spans = [slice(at * height, (at + 1) * height) for at in range(len(columns))]
    for column, span in zip(columns, spans, strict=True):
        column.sample(cells.take(span))
    if cells.sizes.max() <= LONGEST:
        return _count(columns, cells, spans)
    return [_with_long(column, cells.take(span)) for column, span in zip(columns, spans, strict=True)]


def _with_long(column: BulkColumn, cells: Cells) -> Sequence[Mark]:
    """Cells without a key are counted one by one, the others as usual."""
    is_long = cells.sizes > LONGEST
    long, rest = places_of(is_long), places_of(~is_long)
    marks = column.count_each(cells, long) if len(long) else ()
    if not len(rest):
        return marks
    (others,) = _count([column], cells.take(rest), [slice(0, len(rest))])
    return [*marks, *moved(others, rest)]


def _count(columns: Columns, cells: Cells, spans: Sequence[slice]) -> Found:
    first = cells.words(0)
    keys = keys_of(cells, first)
    folded = [at for at, column in enumerate(columns) if column.is_folded]
    marks: list[Sequence[Mark]] = [()] * len(columns)
    for at in range(len(columns)):
        if at not in folded:
            marks[at] = columns[at].count(cells.take(spans[at]), keys.take(spans[at]))
    if folded:
        height = len(cells) // len(columns)
        rows = slice(None) if len(folded) == len(columns) else _rows(folded, height)
        band = Band(cells=cells.take(rows), first=first[rows], height=height)
        parts = parts_of(band, [columns[at].shapes for at in folded])
        for at, mine in zip(folded, parts, strict=True):
            marks[at] = columns[at].measure(cells.take(spans[at]), keys.take(spans[at]), mine)
    return marks


def _rows(columns: Sequence[int], height: int) -> Places:
    """Where the cells of these columns are."""
    found: Places = (np.array(columns)[:, None] * height + np.arange(height)).ravel()
    return found
