"""The values of a column in, row by row; every n-th or so of them, never more than `size`, out.

Each run of `stride` rows gives one value, from a place in the run that changes in a fixed but irregular way: the sample
is the same every time, and does not keep step with data that repeat.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate

# The golden ratio in 64 bits: the high bits of its multiples fall evenly, and never in step with anything.
_GOLDEN, _DROPPED = 0x9E3779B97F4A7C15, 40

# Gives the values at these places of those that have passed.
Pick = Callable[[Sequence[int]], Iterable[str]]


class Sample:
    """An even sample of the rows; doubles its stride when it is full."""

    def __init__(self, *, size: int) -> None:
        """Nothing is sampled yet."""
        self._size = size
        self._stride = 1
        self._rows = 0
        self.values: list[str] = []

    def add(self, values: Sequence[str]) -> None:
        """The rows have passed, and some of them are in the sample."""
        self.take(len(values), lambda places: map(values.__getitem__, places))

    def take(self, number: int, pick: Pick) -> None:
        """So many rows have passed, and those that are picked are in the sample."""
        self.values.extend(pick(_places(self._rows, self._rows + number, self._stride)))
        self._rows += number
        self._thin(self._stride)

    def take_counted(self, counts: Mapping[str, int]) -> None:
        """Rows with these values have passed, one value after the other."""
        values, ends = list(counts), list(accumulate(counts.values()))
        self.take(ends[-1] if ends else 0, lambda places: [values[bisect_right(ends, place)] for place in places])

    def merge(self, later: Sample) -> None:
        """As if the rows of `later` had passed here after all others."""
        self._thin(later._stride)
        self.values.extend(_thinned(later.values, self._stride // later._stride))
        self._rows += later._rows
        self._thin(self._stride)

    def _thin(self, stride: int) -> None:
        """The stride is `stride` at least, and the sample is no longer than its size."""
        while self._stride < stride or len(self.values) > self._size:
            self.values = _thinned(self.values, 2)
            self._stride *= 2


def _thinned(values: list[str], stride: int) -> list[str]:
    return list(map(values.__getitem__, _places(0, len(values), stride)))


# All columns of a table ask for the same places.
@lru_cache(maxsize=16)
def _places(start: int, stop: int, stride: int) -> Sequence[int]:
    """The place in each run of `stride` rows, told from `start` on; a run at an end may have its place outside."""
    if stride == 1:
        return range(stop - start)
    runs = range(start // stride, -(-stop // stride))
    places = (run * stride + (run * _GOLDEN >> _DROPPED) % stride - start for run in runs)
    return [place for place in places if 0 <= place < stop - start]
