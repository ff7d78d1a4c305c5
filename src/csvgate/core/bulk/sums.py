"""Cells of one shape and their worths in; the exact Measure of them, as if they had been counted one by one, out."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from csvgate.core.bulk.cells import Cells, greatest_of, least_of
from csvgate.core.bulk.numbers import MOST_DIGITS, Numbers
from csvgate.core.bulk.words import Places, Words, places_of
from csvgate.core.columns.measure import Measure, Sums
from csvgate.core.columns.shapes import Shape
from csvgate.core.columns.types import parses_of
from csvgate.core.columns.worth import EXACT, Parse, Worth, with_comma

_HALF = 32
_MASK = (1 << _HALF) - 1
_MOST = 1 << 62
_POWERS = 10 ** np.arange(MOST_DIGITS + 1, dtype=np.int64)


def measure(cells: Cells, first: Words, sums: dict[Parse, Sums]) -> Measure:
    """The measure of the cells, whose first words are given, with what they are worth by each parse."""
    return Measure(
        count=len(cells),
        least=least_of(cells, first),
        greatest=greatest_of(cells, first),
        shortest=int(cells.lengths.min()),
        longest=int(cells.lengths.max()),
        sums=sums,
    )


def sums_of_numbers(shape: Shape, cells: Cells, numbers: Numbers) -> dict[Parse, Sums] | None:
    """By each parse of the shape; None where a common number of decimals makes the digits too many."""
    most = int(numbers.decimals.max())
    missing = most - numbers.decimals
    if most and _greatest(numbers.digits) * 10 ** int(missing.max()) >= 10**MOST_DIGITS:
        return None
    scaled = numbers.digits * _POWERS[missing] if missing.any() else numbers.digits
    by_parse = {int: (numbers.digits, 0), with_comma: (numbers.digits, 0), Decimal: (scaled, most)}
    return {parse: _sums(cells, parse, *by_parse[parse]) for parse in parses_of(shape)}


def sums_of_moments(shape: Shape, cells: Cells, first: Words) -> dict[Parse, Sums]:
    """Moments of one writing compare as their texts do; nobody adds them up."""
    (parse,) = parses_of(shape)
    least, greatest = least_of(cells, first), greatest_of(cells, first)
    return {parse: Sums(least=(parse(least), least), greatest=(parse(greatest), greatest))}


def _sums(cells: Cells, parse: Parse, numbers: Places, decimals: int) -> Sums:
    least, greatest = (_told(cells, places_of(numbers == extreme)) for extreme in (numbers.min(), numbers.max()))
    return Sums(
        least=(parse(least), least),
        greatest=(parse(greatest), greatest),
        total=_scaled(_sum(numbers), decimals),
        squares=_scaled(_sum_of_squares(numbers), 2 * decimals),
    )


def _told(cells: Cells, alike: Places) -> str:
    """Of these rows, which are worth the same, the text to tell: the shortest; of those, the first by code point."""
    if len(alike) > 1:
        lengths = cells.lengths[alike]
        alike = alike[lengths == lengths.min()]
    rest = cells.take(alike)
    return least_of(rest, rest.words(0))


def _scaled(number: int, decimals: int) -> Worth:
    return EXACT.scaleb(Decimal(number), -decimals) if decimals else number


def _greatest(numbers: Places) -> int:
    return max(int(numbers.max()), -int(numbers.min()))


def _sum(numbers: Places) -> int:
    """Exactly: 64 bits may not hold it."""
    if _greatest(numbers) * len(numbers) < _MOST:
        return int(numbers.sum())
    return (int((numbers >> _HALF).sum()) << _HALF) + int((numbers & _MASK).sum())


def _sum_of_squares(numbers: Places) -> int:
    most = _greatest(numbers)
    if most * most * len(numbers) < _MOST:
        return int(np.dot(numbers, numbers))
    if most * most < _MOST:
        return _sum(numbers * numbers)
    high, low = numbers >> 30, numbers & ((1 << 30) - 1)
    return (_sum(high * high) << 60) + (_sum(high * low) << 31) + _sum(low * low)
