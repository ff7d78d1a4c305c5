"""Cells in; those that are written as usual numbers, with what they are worth, and the rest out.

Sixteen digits, a sign and a decimal point at the most; the shapes are those of `csvgate.core.columns.shapes`. Digits
are added up eight at a time within a word ("SIMD within a register", as Mula and Lemire do it).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csvgate.core.bulk.cells import Cells
from csvgate.core.bulk.words import LAST_BYTES, WORD, Marks, Places, Words, bytes_equal, have_no_high_bit
from csvgate.core.columns.shapes import INTEGER, POINT, POINT_OR_GROUP, Shape

SHAPES = frozenset({INTEGER, POINT, POINT_OR_GROUP})
MOST_DIGITS = 18
_PLUS, _MINUS, _DOT, _ZERO = b"+-.0"
_ZEROS, _OVER_NINE = np.uint64(0x3030303030303030), np.uint64(0x7676767676767676)
_BYTE = np.uint64(8)
_STEPS = ((0x00FF00FF00FF00FF, 8, 10), (0x0000FFFF0000FFFF, 16, 100), (0x00000000FFFFFFFF, 32, 10_000))
_TRIPLE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbers:
    """The number of each row is `digits` / 10 ** `decimals`."""

    digits: Places
    decimals: Places

    def take(self, rows: Places) -> Numbers:
        """Those of these rows."""
        return Numbers(digits=self.digits[rows], decimals=self.decimals[rows])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Written:
    """Digits without sign and point, the last ones in `low`; how many there are, and how many of them are decimals."""

    high: Words
    low: Words
    count: Places
    decimals: Places
    is_sound: Marks


def read(cells: Cells) -> tuple[dict[Shape, Places], Numbers]:
    """The rows of each shape, and for all rows what they are worth, if they are in one."""
    first = cells.page.bytes[cells.starts]
    is_signed = (first == _PLUS) | (first == _MINUS)
    sizes = cells.sizes - is_signed
    leading = cells.page.bytes[cells.starts + is_signed] if is_signed.any() else first
    written = _written(cells, sizes)
    worth = _digits(written.low, np.minimum(written.count, WORD))
    if written.high.any():
        worth += _digits(written.high, np.clip(written.count - WORD, 0, WORD)) * 10**WORD
    numbers = Numbers(digits=np.where(first == _MINUS, -worth, worth), decimals=written.decimals)
    return _shapes(written, leading), numbers


def _shapes(written: _Written, leading: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> dict[Shape, Places]:
    """A zero leads only where it stands alone; three decimals may be a group of thousands."""
    whole = written.count - written.decimals
    is_plain = written.is_sound & ((leading != _ZERO) | (whole <= 1))
    has_point = written.decimals > 0
    is_group = has_point & (written.decimals == _TRIPLE) & (whole >= 1) & (whole <= _TRIPLE) & (leading != _ZERO)
    found = {
        INTEGER: is_plain & ~has_point,
        POINT: is_plain & has_point & ~is_group,
        POINT_OR_GROUP: is_plain & is_group,
    }
    return {shape: np.flatnonzero(rows) for shape, rows in found.items() if rows.any()}


def _written(cells: Cells, sizes: Places) -> _Written:
    ends = cells.starts + cells.sizes
    low = cells.page.words_at(ends - WORD) & LAST_BYTES[np.clip(sizes, 0, WORD)]
    high = np.zeros_like(low)
    if cells.sizes.max() > WORD:
        high = cells.page.words_at(ends - 2 * WORD) & LAST_BYTES[np.clip(sizes - WORD, 0, WORD)]
    dots_low, dots_high = bytes_equal(low, _DOT), bytes_equal(high, _DOT)
    dots = np.bitwise_count(dots_low).astype(np.int64) + np.bitwise_count(dots_high)
    behind = np.where(dots_low != 0, _below(dots_low), WORD + _below(dots_high))
    high, low = _without_dot(high, low, behind)
    # A point must have digits behind it: "5." is read by others.
    count = sizes - dots
    decimals = np.where(dots == 1, behind, 0)
    is_sound = (dots <= 1) & (count > 0) & (sizes <= 2 * WORD) & ((dots == 0) | (decimals > 0))
    is_sound &= _are_digits(low, np.minimum(count, WORD)) & _are_digits(high, np.clip(count - WORD, 0, WORD))
    return _Written(high=high, low=low, count=count, decimals=decimals, is_sound=is_sound)


def _below(marks: Words) -> Places:
    """How many bytes are below the lowest mark; WORD where there is none."""
    lowest = marks & (~marks + np.uint64(1))
    return np.bitwise_count(lowest - np.uint64(1)).astype(np.int64) // WORD


def _without_dot(high: Words, low: Words, behind: Places) -> tuple[Words, Words]:
    """Both words without the byte that has so many bytes behind it; the same where it has 2 * WORD."""
    if behind.min() >= 2 * WORD:
        return high, low
    below, above = np.clip(behind, 0, WORD), np.clip(behind - WORD, 0, WORD)
    is_low = behind < WORD
    shorter_low = _cut(low, below) | ((high & LAST_BYTES[1]) << np.uint64(64 - 8))
    shorter_high = _cut(high, above)
    return np.where(is_low, high >> _BYTE, shorter_high), np.where(is_low, shorter_low, low)


def _cut(words: Words, below: Places) -> Words:
    """The words without one byte, which has so many bytes below it."""
    bits = (below * WORD).astype(np.uint64)
    return (((words >> bits) >> _BYTE) << bits) | (words & LAST_BYTES[below])


def _are_digits(words: Words, count: Places) -> Marks:
    digits = words ^ (_ZEROS & LAST_BYTES[count])
    return have_no_high_bit((digits + _OVER_NINE) | digits)


def _digits(words: Words, count: Places) -> Places:
    """The number that up to eight digits are."""
    found = words ^ (_ZEROS & LAST_BYTES[count])
    for mask, shift, scale in _STEPS:
        found = (found & np.uint64(mask)) + ((found >> np.uint64(shift)) & np.uint64(mask)) * np.uint64(scale)
    return found.astype(np.int64)
