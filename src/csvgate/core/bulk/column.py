"""The cells of one column, sheet by sheet, in; counted in its ColumnProfiler as if one by one, out.

As long as the profiler keeps all values, known ones are counted by their keys and it hears of the new ones only.
When it keeps no more, the cells are measured shape by shape, and it hears of the odd ones only.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

import numpy as np

from csvgate.core.bulk.cells import Cells, Keys
from csvgate.core.bulk.distinct import count_hashes, count_texts
from csvgate.core.bulk.frequent import Frequent
from csvgate.core.bulk.known import Known
from csvgate.core.bulk.parts import Part
from csvgate.core.bulk.words import Places, mixed, places_of
from csvgate.core.columns.column import Mark
from csvgate.core.columns.profile import ColumnProfiler
from csvgate.core.columns.profilers import Concluded, concluded
from csvgate.core.columns.shapes import NULL, Shape


class BulkColumn:
    """Feeds one profiler; what it still holds is handed over before others feed or ask it."""

    def __init__(self, profiler: ColumnProfiler) -> None:
        """Nothing is held."""
        self._profiler = profiler
        profiler.count_texts = count_texts
        self._known = Known(most=profiler.budget)
        self._frequent: Frequent | None = None

    @property
    def is_folded(self) -> bool:
        """The profiler keeps no values: cells have to be measured."""
        return self._profiler.sketch is not None

    @property
    def shapes(self) -> AbstractSet[Shape]:
        """The shapes that values had so far."""
        return self._profiler.shapes

    def sample(self, cells: Cells) -> None:
        """The cells have passed, and some are in the profiler's sample; none is counted."""
        self._profiler.sample(len(cells), lambda places: cells.heads(np.array(places, np.int64)))

    def add(self, values: Sequence[str]) -> Sequence[Mark]:
        """The values of a batch are counted; marks the first of their shape."""
        self._make_way(len(values))
        return self._profiler.add(values)

    def conclude(self, name: str) -> Concluded:
        """What there is to say of the column."""
        self._hand_over()
        return concluded(self._profiler, name)

    def count(self, cells: Cells, keys: Keys) -> Sequence[Mark]:
        """Known values are counted by their keys, the others once each; marks the first of their shape."""
        rows = self._known.count(keys)
        if rows is None or not len(rows):
            return ()
        others = keys.take(rows)
        _, first, which, times = np.unique(others.hash, return_index=True, return_inverse=True, return_counts=True)
        if (others.other != others.other[first][which]).any():
            return self.count_each(cells, rows)
        order = np.argsort(first)
        found = rows[first[order]]
        fresh = cells.texts(found)
        if self._profiler.room < len(fresh):
            self._hand_over()
        marks = self._profiler.count(fresh, times[order].tolist())
        if not self._profiler.sketch:
            self._known.learn(keys.take(found), fresh)
        return moved(marks, found)

    def measure(self, cells: Cells, keys: Keys, parts: Sequence[Part]) -> Sequence[Mark]:
        """The parts are counted as a whole, cells in none of them one by one; marks the first of their shape."""
        sketch = self._profiler.sketch
        assert sketch is not None  # noqa: S101  parts are made for folded columns
        self._frequent = self._frequent or Frequent(sketch.frequent)
        marks = self._add_parts(cells, parts)
        is_odd, is_solid = np.ones(len(cells), np.bool_), np.zeros(len(cells), np.bool_)
        for part in parts:
            is_odd[part.rows], is_solid[part.rows] = False, part.shape != NULL
        rows = places_of(is_solid)
        solid, theirs = (cells, keys) if len(rows) == len(cells) else (cells.take(rows), keys.take(rows))
        self._frequent.add(solid, theirs)
        count_hashes(sketch.values, mixed(theirs.hash))
        odd = places_of(is_odd)
        return [*marks, *self.count_each(cells, odd)] if len(odd) else marks

    def count_each(self, cells: Cells, rows: Places) -> Sequence[Mark]:
        """These rows are counted one by one; marks the first of their shape."""
        self._make_way(len(rows))
        return moved(self._profiler.count(cells.texts(rows)), rows)

    def _make_way(self, values: int) -> None:
        """The profiler may be fed so many values."""
        if self._profiler.room < values:
            self._hand_over()

    def _hand_over(self) -> None:
        """The profiler knows all that was counted."""
        self._profiler.count_again(self._known.hand_over())
        if self._frequent:
            self._frequent.hand_over()

    def _add_parts(self, cells: Cells, parts: Sequence[Part]) -> Sequence[Mark]:
        ordered = sorted(parts, key=lambda part: int(part.rows[0]))
        firsts = [(part, int(part.rows[0])) for part in ordered]
        return [
            Mark(shape=part.shape, index=row)
            for part, row in firsts
            if self._profiler.add_measure(part.shape, part.measure, cells.text(row)) and part.shape != NULL
        ]


def moved(marks: Sequence[Mark], rows: Places) -> Sequence[Mark]:
    """The marks of a selection of rows, as marks of all."""
    return [replace(mark, index=int(rows[mark.index])) for mark in marks]
