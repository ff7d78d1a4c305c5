"""Values of one shape with how often each occurs in; extremes, lengths and exact sums, which add up, out.

Everything here is exact, and the same however the values are divided: integers and decimals are added without
rounding, and of two values that are worth the same, the first in the file is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal, localcontext
from functools import reduce
from math import isfinite
from operator import itemgetter, mul

from csvgate.core.columns.abridged import LONGEST, length_of
from csvgate.core.columns.worth import EXACT, NUMERIC, Parse, Worth, Worths

_ROUNDED = Context(prec=40)
_worth = itemgetter(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sums:
    """What values are worth: the least and the greatest with their text; of numbers the sum and the sum of squares."""

    least: tuple[Worth, str]
    greatest: tuple[Worth, str]
    total: Worth = 0
    squares: Worth = 0

    def __add__(self, other: Sums) -> Sums:
        with localcontext(EXACT):
            return Sums(
                least=min(self.least, other.least, key=_worth),
                greatest=max(self.greatest, other.greatest, key=_worth),
                total=self.total + other.total,
                squares=self.squares + other.squares,
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """How many values, their extremes as text, their lengths, and what they are worth by each parse."""

    count: int
    least: str
    greatest: str
    shortest: int
    longest: int
    sums: Mapping[Parse, Sums] = field(default_factory=dict)

    def __add__(self, other: Measure) -> Measure:
        return Measure(
            count=self.count + other.count,
            least=min(self.least, other.least),
            greatest=max(self.greatest, other.greatest),
            shortest=min(self.shortest, other.shortest),
            longest=max(self.longest, other.longest),
            sums={parse: sums + other.sums[parse] for parse, sums in self.sums.items()},
        )


def measure(counts: Mapping[str, int], texts: Sequence[str], worths: Worths) -> Measure:
    """The measure of these texts and their worths, each taken as often as `counts` says."""
    times = list(map(counts.__getitem__, texts))
    lengths = _lengths(texts)
    return Measure(
        count=sum(times),
        least=min(texts),
        greatest=max(texts),
        shortest=min(lengths),
        longest=max(lengths),
        sums={parse: _sums(texts, times, each, adds_up=parse in NUMERIC) for parse, each in worths.items()},
    )


def whole(parts: Iterable[Measure]) -> Measure:
    """The measure of values of all the shapes, but for what they are worth where there are several."""
    first, *others = parts
    return reduce(Measure.__add__, (replace(part, sums={}) for part in (first, *others))) if others else first


def moments(count: int, sums: Sums) -> tuple[float | None, float | None]:
    """Mean and sample standard deviation, rounded once; None where there is none, or a float cannot hold it."""
    with localcontext(EXACT):
        mean = _ROUNDED.divide(Decimal(sums.total), Decimal(count))
        spread = Decimal(count * sums.squares - sums.total * sums.total)
    if count == 1:
        return _finite(mean), None
    return _finite(mean), _finite(_ROUNDED.sqrt(_ROUNDED.divide(spread, Decimal(count * (count - 1)))))


def _finite(number: Decimal) -> float | None:
    return rounded if isfinite(rounded := float(number)) else None


def _lengths(texts: Sequence[str]) -> list[int]:
    lengths = list(map(len, texts))
    return lengths if max(lengths) <= LONGEST else list(map(length_of, texts))


def _sums(texts: Sequence[str], times: Sequence[int], worths: Sequence[Worth], *, adds_up: bool) -> Sums:
    least, greatest = min(worths), max(worths)
    first, last = (least, texts[worths.index(least)]), (greatest, texts[worths.index(greatest)])
    if not adds_up:
        return Sums(least=first, greatest=last)
    with localcontext(EXACT):
        # Most values of a long column occur once; then there is nothing to multiply.
        products = worths if sum(times) == len(times) else list(map(mul, worths, times))
        return Sums(
            least=first,
            greatest=last,
            total=sum(products),
            squares=sum(map(mul, products, worths)),
        )
