"""The cells of columns side by side in; those of common shapes, each with its rows and its exact Measure, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from csvgate.core.bulk import moments, numbers, texts
from csvgate.core.bulk.cells import Cells
from csvgate.core.bulk.numbers import Numbers
from csvgate.core.bulk.sums import measure, sums_of_moments, sums_of_numbers
from csvgate.core.bulk.words import Places, Words, places_of
from csvgate.core.columns.measure import Measure, Sums
from csvgate.core.columns.shapes import NULL, TEXT, Shape
from csvgate.core.columns.worth import Parse

# Where so great a share of cells is to be read, all are.
MOST = 0.9
Found = Iterator[tuple[Shape, Places, Numbers | None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """All that is known of the cells of one column in these rows, which have one shape."""

    shape: Shape
    rows: Places
    measure: Measure


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """Columns of `height` cells, one behind the other; `first` are the first words of the cells."""

    cells: Cells
    first: Words
    height: int

    def columns(self, places: Places, count: int) -> Iterator[tuple[int, slice]]:
        """Each column that has some of the places (in order), with the slice of them that it has."""
        bounds = np.searchsorted(places, np.arange(count + 1) * self.height).tolist()
        yield from ((column, slice(begin, end)) for column, (begin, end) in enumerate(pairwise(bounds)) if begin < end)


def parts_of(band: Band, expected: Sequence[AbstractSet[Shape]]) -> list[list[Part]]:
    """For each column the parts, which have no row in common; only expected shapes and their kin are looked for.

    Cells that are in no part may have any shape.
    """
    found: list[list[Part]] = [[] for _ in expected]
    is_left = band.cells.sizes > 0
    if not is_left.all():
        empty = places_of(~is_left)
        for column, rows in band.columns(empty, len(expected)):
            found[column].append(_nothing(empty[rows] - column * band.height))
    for shapes, read in ((moments.SHAPES, _moments), (numbers.SHAPES, _numbers), ({TEXT}, _texts)):
        wanted = [bool(shapes & each) for each in expected]
        if any(wanted):
            chosen = is_left if all(wanted) else is_left & np.repeat(wanted, band.height)
            places = places_of(chosen)
            if len(places) >= MOST * len(is_left):
                places = np.arange(len(is_left))  # no reader takes what it may not: to sort out a few would take longer
            for column, part in _parts(band, places, read(*_of(band.cells, band.first, places)), len(expected)):
                is_left[part.rows + column * band.height] = False
                found[column].append(part)
    return found


def _parts(band: Band, places: Places, shapes: Found, count: int) -> Iterator[tuple[int, Part]]:
    """Column by column; `shapes` are of the cells at the places."""
    for shape, picked, worth in shapes:
        at = places if len(picked) == len(places) else places[picked]
        cells, first = _of(band.cells, band.first, at)
        for column, rows in band.columns(at, count):
            mine, words = cells.take(rows), first[rows]
            sums = _sums(shape, mine, words, worth and worth.take(rows))
            if sums is not None:
                measured = measure(mine, words, sums)
                yield column, Part(shape=shape, rows=at[rows] - column * band.height, measure=measured)


def _sums(shape: Shape, cells: Cells, first: Words, worth: Numbers | None) -> dict[Parse, Sums] | None:
    if worth is not None:
        return sums_of_numbers(shape, cells, worth)
    return {} if shape == TEXT else sums_of_moments(shape, cells, first)


def _nothing(rows: Places) -> Part:
    empty = Measure(count=len(rows), least="", greatest="", shortest=0, longest=0)
    return Part(shape=NULL, rows=rows, measure=empty)


def _moments(cells: Cells, first: Words) -> Found:  # noqa: ARG001  all readers are called alike
    for (shape, *_), rows in moments.read(cells).items():
        yield shape, rows, None


def _numbers(cells: Cells, first: Words) -> Found:  # noqa: ARG001
    if len(cells):
        found, worth = numbers.read(cells)
        for shape, rows in found.items():
            yield shape, rows, worth if len(rows) == len(cells) else worth.take(rows)


def _texts(cells: Cells, first: Words) -> Found:
    if len(rows := texts.read(cells, first)):
        yield TEXT, rows, None


def _of(cells: Cells, first: Words, rows: Places) -> tuple[Cells, Words]:
    return (cells, first) if len(rows) == len(cells) else (cells.take(rows), first[rows])
