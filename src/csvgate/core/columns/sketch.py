"""Counters of a column's values in, one after the other; what they were together, about and in bounded memory, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from csvgate.core.columns.abridged import hashes_of
from csvgate.core.columns.distinct import Distinct, precision_for
from csvgate.core.columns.frequency import Frequencies
from csvgate.core.columns.shapes import MISSING, NULL, Shape

# Of so many values of the budget frequencies are kept.
_SHARE, _LEAST = 8, 16
# Counts different texts, as `one_by_one` does.
CountTexts = Callable[[Distinct, Sequence[str]], None]


def one_by_one(distinct: Distinct, texts: Sequence[str]) -> None:
    """The texts, abridged where they are long, are counted by their hashes."""
    distinct.add(hashes_of(texts))


class Sketch:
    """How many different values there were and which were frequent; missing values are told apart, exactly."""

    def __init__(self, *, budget: int) -> None:
        """Nothing is counted yet."""
        self.values = Distinct(precision=precision_for(budget))
        self.frequent = Frequencies(size=max(_LEAST, budget // _SHARE))
        self._missing: Counter[str] = Counter()

    def add(
        self, counts: Counter[str], groups: Mapping[Shape, Sequence[str]], count_texts: CountTexts = one_by_one
    ) -> None:
        """The values, which `groups` has by their shapes, are counted, but for nulls; the counter is used up."""
        for text in groups.get(NULL, ()):
            del counts[text]
        self._missing.update({text: counts.pop(text) for text in groups.get(MISSING, ())})
        self.frequent.add(counts)
        for shape in groups.keys() - {NULL, MISSING}:
            count_texts(self.values, groups[shape])

    def merge(self, other: Sketch) -> None:
        """As if what the other counted had been counted here."""
        self._missing.update(other._missing)
        self.frequent.merge(other.frequent)
        self.values.merge(other.values)

    def distinct(self, *, with_missing: bool) -> int:
        """About how many different values there were."""
        return self.values.count() + (len(self._missing) if with_missing else 0)

    def frequencies(self, *, with_missing: bool) -> Mapping[str, int]:
        """The frequent values, each with the least that it was counted."""
        return {**self.frequent.certain(), **(self._missing if with_missing else {})}

    def errors(self) -> dict[str, str]:
        """What is to be said of figures that are not exact."""
        return {
            "distinct_count": f"standard error {self.values.error:.1%}",
            "top_values": f"each count is at most {self.frequent.error} too low",
        }
