"""What was counted per column: values of a column in, in any number of parts; a ColumnProfile out.

As long as a column has no more different values than its budget, a counter of them says everything exactly. When
there are more, the counter is folded, again and again: into measures, which stay exact, and into sketches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice

from csvgate.core.columns.abridged import abridge
from csvgate.core.columns.column import ColumnProfile, ColumnType, Histogram, Mark, Remark
from csvgate.core.columns.evidence import Evidence, figures_of
from csvgate.core.columns.measure import Measure, measure
from csvgate.core.columns.remarks import is_plain, remarks_on
from csvgate.core.columns.sample import Pick, Sample
from csvgate.core.columns.shapes import MISSING, NULL, Shape, sort_by_shape
from csvgate.core.columns.sketch import CountTexts, Sketch, one_by_one
from csvgate.core.columns.types import STRING, decide, worths_of
from csvgate.core.columns.worth import Worths

__all__ = ["ColumnProfile", "ColumnProfiler", "ColumnType", "Histogram", "Mark", "Remark"]


class ColumnProfiler:
    """Counts one column, value by value, in bounded memory; `budget` is the share of it (distinct values)."""

    def __init__(self, *, budget: int) -> None:
        """Nothing is counted yet."""
        self.budget = budget
        self.count_texts: CountTexts = one_by_one
        self.sketch: Sketch | None = None
        self._counts: Counter[str] = Counter()
        self._groups: dict[Shape, list[str]] = {}  # the values of _counts, by shape
        self._firsts: dict[Shape, str] = {}  # of each shape the first value, in the order of the file
        self._folded: dict[Shape, Measure] = {}
        self._sample = Sample(size=budget)

    @property
    def room(self) -> int:
        """How many more values fit into the counter before it is folded."""
        return self.budget - len(self._counts)

    @property
    def shapes(self) -> AbstractSet[Shape]:
        """The shapes that values had so far."""
        return self._firsts.keys()

    def add(self, values: Sequence[str]) -> Sequence[Mark]:
        """The values are counted; says which of them are the first of their shape."""
        values = abridge(values)
        if self.sketch:
            self._sample.add(values)
        return self.count(values)

    def sample(self, number: int, pick: Pick) -> None:
        """So many values have passed; some of them, which were picked, are in the sample, none is counted.

        No sample is needed as long as all values are kept.
        """
        if self.sketch:
            self._sample.take(number, pick)

    def count(self, values: Sequence[str], times: Sequence[int] = ()) -> Sequence[Mark]:
        """The abridged values are counted, each one or, where `times` says so, several times; marks as `add`."""
        known = len(self._counts)
        self._counts.update(dict(zip(values, times, strict=True)) if times else values)
        # A dict keeps the order in which keys came: those after the known ones are new.
        marks = self._sort(list(islice(self._counts, known, None)), values) if len(self._counts) > known else ()
        if len(self._counts) > self.budget:
            self._fold()
        return marks

    def count_again(self, times: Mapping[str, int]) -> None:
        """Values that the counter holds occurred so many times more."""
        self._counts.update(times)

    def add_measure(self, shape: Shape, part: Measure, first: str) -> bool:
        """Values of one shape are measured, the first of which is given; says whether there were none before.

        The sketch of the column must hear of them, too.
        """
        is_new = shape not in self._firsts
        self._firsts.setdefault(shape, first)
        self._folded = _added(self._folded, {shape: part})
        return is_new

    def merge(self, later: ColumnProfiler) -> None:
        """As if the values of `later` had been added here after all that was; both have the same budget."""
        self._merge_samples(later)
        for shape, text in later._firsts.items():
            self._firsts.setdefault(shape, text)
        for shape, texts in later._groups.items():
            self._group(shape, [text for text in texts if text not in self._counts])
        self._counts.update(later._counts)
        self._folded = _added(self._folded, later._folded)
        if self.sketch and later.sketch:
            self.sketch.merge(later.sketch)
        if len(self._counts) > self.budget:
            self._fold()

    def finish(self, name: str) -> ColumnProfile:
        """The profile of all values so far; may be asked again after more were added."""
        if self.sketch:
            self._fold()
        worths = {shape: worths_of(shape, texts) for shape, texts in self._groups.items()}
        measures = self._with_groups(worths)
        notation = decide(measures)
        absent = (NULL,) if notation is STRING else (NULL, MISSING)
        present = {shape: part for shape, part in measures.items() if shape not in absent}
        nulls = sum(part.count for shape, part in measures.items() if shape in absent)
        evidence = self._about(self.sketch, present) if self.sketch else self._exactly(present, worths)
        return ColumnProfile(
            name=name,
            type=notation.type,
            format=notation.format,
            null_count=nulls,
            **figures_of(evidence, notation),
        )

    def remarks(self) -> Sequence[Remark]:
        """The findings that hold for the column now."""
        if is_plain(self._firsts):
            return ()
        counts = {shape: self._count(shape) for shape in self._firsts}
        return remarks_on(counts, self._firsts)

    def _sort(self, fresh: Sequence[str], values: Sequence[str]) -> list[Mark]:
        """The values that are new in the counter are in their groups; marks the first of shapes never seen."""
        groups = sort_by_shape(fresh)
        new = sorted((values.index(texts[0]), shape) for shape, texts in groups.items() if shape not in self._firsts)
        for shape, texts in groups.items():
            self._group(shape, texts)
        self._firsts.update((shape, values[place]) for place, shape in new)
        return [Mark(shape=shape, index=place) for place, shape in new if shape not in (NULL, MISSING)]

    def _group(self, shape: Shape, texts: list[str]) -> None:
        if shape in self._groups:
            self._groups[shape].extend(texts)
        elif texts:
            self._groups[shape] = texts

    def _count(self, shape: Shape) -> int:
        folded = self._folded[shape].count if shape in self._folded else 0
        return folded + sum(map(self._counts.__getitem__, self._groups.get(shape, ())))

    def _with_groups(self, worths: Mapping[Shape, Worths]) -> dict[Shape, Measure]:
        fresh = {shape: measure(self._counts, texts, worths[shape]) for shape, texts in self._groups.items()}
        return _added(self._folded, fresh)

    def _exactly(self, present: Mapping[Shape, Measure], worths: Mapping[Shape, Worths]) -> Evidence:
        frequencies: Mapping[str, int] = self._counts
        if len(present) < len(self._groups):
            frequencies = {text: self._counts[text] for shape in present for text in self._groups[shape]}
        return Evidence(
            measures=present,
            distinct=len(frequencies),
            frequencies=frequencies,
            seen=self._counts,
            groups=self._groups,
            worths=worths,
        )

    def _about(self, sketch: Sketch, present: Mapping[Shape, Measure]) -> Evidence:
        seen = Counter(self._sample.values)
        groups = sort_by_shape(seen)
        return Evidence(
            measures=present,
            distinct=sketch.distinct(with_missing=MISSING in present),
            frequencies=sketch.frequencies(with_missing=MISSING in present),
            seen=seen,
            groups=groups,
            worths={shape: worths_of(shape, groups[shape]) for shape in groups},
            errors=sketch.errors(),
        )

    def _merge_samples(self, later: ColumnProfiler) -> None:
        """The sample holds values of both, if one of them keeps no more of its own."""
        if later.sketch:
            if not self.sketch:
                self._fold()
            self._sample.merge(later._sample)
        elif self.sketch:
            self._sample.take_counted(later._counts)

    def _fold(self) -> Sketch:
        """The counter is empty; measures, sketch and sample know what was in it."""
        worths = {shape: worths_of(shape, texts) for shape, texts in self._groups.items()}
        self._folded = self._with_groups(worths)
        if self.sketch is None:
            self.sketch = Sketch(budget=self.budget)
            self._sample.take_counted(self._counts)
        self.sketch.add(self._counts, self._groups, self.count_texts)
        self._counts, self._groups = Counter(), {}
        return self.sketch


def _added(one: Mapping[Shape, Measure], other: Mapping[Shape, Measure]) -> dict[Shape, Measure]:
    both = {shape: one[shape] + other[shape] for shape in one.keys() & other.keys()}
    return {**one, **other, **both}
