"""Values of one shape with how often each occurs in; extremes, lengths and exact sums, which add up, out.

Everything here is exact, and the same however the values are divided: integers and decimals are added without
rounding, and of values that are worth the same, the shortest is told; of those, the first by code point.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal, localcontext
from functools import reduce
from math import isfinite
from operator import mul

from csvgate.core.columns.abridged import LONGEST, length_of
from csvgate.core.columns.worth import EXACT, NUMERIC, Parse, Worth, Worths

_ROUNDED = Context(prec=40)
# What a value is worth, and its text.
Extreme = tuple[Worth, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sums:
    """What values are worth: the least and the greatest with their text; of numbers the sum and the sum of squares."""

    least: Extreme
    greatest: Extreme
    total: Worth = 0
    squares: Worth = 0

    def __add__(self, other: Sums) -> Sums:
        with localcontext(EXACT):
            return Sums(
                least=min(self.least, other.least, key=_from_below),
                greatest=_greater(self.greatest, other.greatest),
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


def _from_below(value: Extreme) -> tuple[Worth, int, str]:
    worth, text = value
    return worth, len(text), text


def _greater(one: Extreme, other: Extreme) -> Extreme:
    if one[0] == other[0]:
        return min(one, other, key=_from_below)
    return one if one[0] > other[0] else other


def _finite(number: Decimal) -> float | None:
    return rounded if isfinite(rounded := float(number)) else None


def _lengths(texts: Sequence[str]) -> list[int]:
    lengths = list(map(len, texts))
    return lengths if max(lengths) <= LONGEST else list(map(length_of, texts))


def _sums(texts: Sequence[str], times: Sequence[int], worths: Sequence[Worth], *, adds_up: bool) -> Sums:
    first, last = (_told(worth, texts, worths) for worth in (min(worths), max(worths)))
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


def _told(worth: Worth, texts: Sequence[str], worths: Sequence[Worth]) -> Extreme:
    """Of the texts that are worth this, the one to tell."""
    if worths.count(worth) == 1:
        return worth, texts[worths.index(worth)]
    alike = ((each, text) for each, text in zip(worths, texts, strict=True) if each == worth)
    return min(alike, key=_from_below)
