"""Values in order of their worth in; quantiles and a histogram out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from functools import partial
from itertools import accumulate, chain
from operator import sub

from csvgate.core.columns.column import Histogram
from csvgate.core.columns.worth import EXACT, Scale, Worth

QUANTILES = (5, 25, 50, 75, 95)
MOST_BINS = 20


class Distribution:
    """Values with how often each occurs, by worth; of equals, the first by code point comes first."""

    def __init__(self, counts: Mapping[str, int], groups: Sequence[tuple[Sequence[str], Sequence[Worth]]]) -> None:
        """The values of all groups, each with its worths, are in order; there is at least one."""
        worth_of = dict(chain.from_iterable(zip(texts, worths, strict=True) for texts, worths in groups))
        self._texts = sorted(sorted(worth_of), key=worth_of.__getitem__)
        self._worths = list(map(worth_of.__getitem__, self._texts))
        # How many values there are up to and with each.
        self._ranks = list(accumulate(map(counts.__getitem__, self._texts)))

    @property
    def count(self) -> int:
        """How many values there are."""
        return self._ranks[-1]

    def quantiles(self) -> tuple[tuple[str, str], ...]:
        """For each p the least value that is not below p % of all, as it is written."""
        total = self._ranks[-1]
        places = [(percent, bisect_left(self._ranks, -(-percent * total // 100))) for percent in QUANTILES]
        return tuple((f"p{percent:02}", self._texts[place]) for percent, place in places)

    def histogram(self, scale: Scale, least: Worth, greatest: Worth, total: int) -> Histogram:
        """At most MOST_BINS intervals of equal width over all values; the counts are scaled and add up to `total`."""
        edges = _edges(scale, least, greatest)
        places = [0, *map(partial(bisect_left, self._worths), edges[1:-1]), len(self._worths)]
        # What is rounded is how many lie below each edge: then the differences add up.
        ranks, known = (0, *self._ranks), self.count
        below = [ranks[place] * total // known for place in places]
        return Histogram(edges=tuple(map(scale.show, edges)), counts=tuple(map(sub, below[1:], below)))


def _edges(scale: Scale, least: Worth, greatest: Worth) -> list[Worth]:
    if not scale.step:
        return _continuous(Decimal(least), Decimal(greatest))
    # Whole steps: the first edge is the last whole step up to the least value, the last lies past the greatest.
    start = int(least) // scale.step
    steps = int(greatest) // scale.step - start + 1
    width = -(-steps // MOST_BINS)
    return [(start + width * number) * scale.step for number in range(-(-steps // width) + 1)]


def _continuous(least: Decimal, greatest: Decimal) -> list[Worth]:
    if least == greatest:
        return [least, greatest]
    with localcontext(EXACT):
        # A twentieth of a decimal is a decimal: the edges are exact.
        width = (greatest - least) * Decimal("0.05")
        return [least + width * number for number in range(MOST_BINS + 1)]
