"""Counts of values in; the most frequent ones, in bounded memory and with a stated error, out.

Misra and Gries, "Finding repeated elements" (1982), in the form that can be merged: Agarwal and others, "Mergeable
summaries" (2012).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence


class Frequencies:
    """Keeps at most `size` values; each count is too low by `error` at the most, never too high."""

    def __init__(self, *, size: int) -> None:
        """Nothing is counted yet."""
        self.size = size
        self._counts: dict[str, int] = {}
        self.error = 0

    @classmethod
    def of(cls, counts: Mapping[str, int], *, size: int, error: int) -> Frequencies:
        """What somebody else counted: each count is too low by `error` at the most."""
        found = cls(size=size)
        found._counts, found.error = dict(counts), error
        return found

    def add(self, counts: Counter[str]) -> None:
        """The values are counted so many times more, the rarest may be forgotten; the counter is used up."""
        counts.update(self._counts)
        cut = sorted(counts.values())[-self.size - 1] if len(counts) > self.size else 0
        self._counts = {value: count - cut for value, count in counts.items() if count > cut}
        self.error += cut

    def merge(self, other: Frequencies) -> None:
        """As if what the other counted had been counted here."""
        self.add(Counter(other._counts))
        self.error += other.error

    def counts(self) -> Mapping[str, int]:
        """The values that are left, each with the least that it was counted."""
        return self._counts

    def certain(self) -> Mapping[str, int]:
        """Of these, the values that occur more often than any that was forgotten can."""
        return {value: count for value, count in self._counts.items() if count > self.error}


def most_frequent(counts: Mapping[str, int], number: int) -> Sequence[tuple[str, int]]:
    """The most frequent values with their counts; of equals, the first by code point."""
    if not counts:
        return []
    highest = sorted(counts.values(), reverse=True)[:number]
    least = highest[-1]
    likely = sorted(counts if least == 1 else [value for value, count in counts.items() if count >= least])
    # Many values are equally frequent, and texts compare faster than pairs. Of equals, sorting keeps the order.
    if highest[0] > least:
        likely.sort(key=counts.__getitem__, reverse=True)
    return [(value, counts[value]) for value in likely[:number]]
