"""The cells of a column in; those of common shapes, each with its rows and its exact Measure, out."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from csvgate.core.bulk import moments, numbers, texts
from csvgate.core.bulk.cells import Cells
from csvgate.core.bulk.sums import measure, sums_of_moments, sums_of_numbers
from csvgate.core.bulk.words import Places, Words
from csvgate.core.columns.measure import Measure
from csvgate.core.columns.shapes import NULL, TEXT, Shape


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """All that is known of the cells in these rows, which have one shape."""

    shape: Shape
    rows: Places
    measure: Measure


def parts_of(cells: Cells, first: Words, expected: AbstractSet[Shape]) -> Iterator[Part]:
    """Parts that have no row in common; only expected shapes and their kin are looked for.

    `first` are the first words of the cells. Cells that are in no part may have any shape.
    """
    rows = np.flatnonzero(cells.sizes > 0)
    if len(rows) < len(cells):
        nothing = Measure(count=len(cells) - len(rows), least="", greatest="", shortest=0, longest=0)
        yield Part(shape=NULL, rows=np.flatnonzero(cells.sizes == 0), measure=nothing)
    for shapes, read in ((moments.SHAPES, _moments), (numbers.SHAPES, _numbers), ({TEXT}, _texts)):
        if len(rows) and shapes & expected:
            part = cells if len(rows) == len(cells) else cells.take(rows)
            is_left = np.ones(len(rows), np.bool_)
            for shape, found, measured in read(part, first if len(rows) == len(cells) else first[rows]):
                is_left[found] = False
                yield Part(shape=shape, rows=rows[found], measure=measured)
            rows = rows[is_left]


def _moments(cells: Cells, first: Words) -> Iterator[tuple[Shape, Places, Measure]]:
    for (shape, *_), rows in moments.read(cells).items():
        part, words = _of(cells, first, rows)
        yield shape, rows, measure(part, words, sums_of_moments(shape, part, words))


def _numbers(cells: Cells, first: Words) -> Iterator[tuple[Shape, Places, Measure]]:
    found, worth = numbers.read(cells)
    for shape, rows in found.items():
        part, words = _of(cells, first, rows)
        sums = sums_of_numbers(shape, part, worth if len(rows) == len(cells) else worth.take(rows))
        if sums is not None:
            yield shape, rows, measure(part, words, sums)


def _texts(cells: Cells, first: Words) -> Iterator[tuple[Shape, Places, Measure]]:
    rows = texts.read(cells, first)
    if len(rows):
        part, words = _of(cells, first, rows)
        yield TEXT, rows, measure(part, words, {})


def _of(cells: Cells, first: Words, rows: Places) -> tuple[Cells, Words]:
    return (cells, first) if len(rows) == len(cells) else (cells.take(rows), first[rows])
