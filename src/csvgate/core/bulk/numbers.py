"""Cells in; those that are written as usual numbers, with what they are worth, and the rest out.

Sixteen digits, a sign and a decimal point at the most; the shapes are those of `csvgate.core.columns.shapes`. Digits
are added up eight at a time within a word ("SIMD within a register", as Mula and Lemire do it).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csvgate.core.bulk.cells import Cells
from csvgate.core.bulk.words import LAST_BYTES, WORD, Bytes, Marks, Places, Words, bytes_equal, have_no_high_bit
from csvgate.core.columns.shapes import INTEGER, POINT, POINT_OR_GROUP, ZEROS, Shape

SHAPES = frozenset({INTEGER, POINT, POINT_OR_GROUP, ZEROS})
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

    def take(self, rows: Places | slice) -> Numbers:
        """Those of these rows."""
        return Numbers(digits=self.digits[rows], decimals=self.decimals[rows])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Written:
    """Digits without sign and point, the last ones in `low` (`high` is None where that has all).

    `count` says how many digits there are, `decimals` how many of them are behind the point.
    """

    high: Words | None
    low: Words
    count: Places
    decimals: Places
    is_sound: Marks


def read(cells: Cells) -> tuple[dict[Shape, Places], Numbers]:
    """The rows of each shape, and for all rows what they are worth, if they are in one."""
    first = cells.page.bytes[cells.starts]
    is_signed = first < _DOT
    is_signed &= (first == _PLUS) | (first == _MINUS)
    has_signs = bool(is_signed.any())
    leading = cells.page.bytes[cells.starts + is_signed] if has_signs else first
    written = _written(cells, cells.sizes - is_signed if has_signs else cells.sizes)
    worth = _digits(written.low, np.minimum(written.count, WORD))
    if written.high is not None:
        worth += _digits(written.high, np.minimum(_beyond(written.count), WORD)) * 10**WORD
    if has_signs:
        np.negative(worth, out=worth, where=first == _MINUS)
    return _shapes(written, leading, is_signed), Numbers(digits=worth, decimals=written.decimals)


def _shapes(written: _Written, leading: Bytes, is_signed: Marks) -> dict[Shape, Places]:
    """A zero leads a number only where it stands alone; three decimals may be a group of thousands."""
    whole = written.count - written.decimals
    is_led = (leading == _ZERO) & (whole > 1)
    is_plain = written.is_sound & ~is_led
    has_point = written.decimals > 0
    is_group = has_point & (written.decimals == _TRIPLE) & (whole >= 1) & (whole <= _TRIPLE) & (leading != _ZERO)
    found = {
        INTEGER: is_plain & ~has_point,
        POINT: is_plain & has_point & ~is_group,
        POINT_OR_GROUP: is_plain & is_group,
        ZEROS: written.is_sound & is_led & ~has_point & ~is_signed,
    }
    return {shape: np.flatnonzero(rows) for shape, rows in found.items() if rows.any()}


def _written(cells: Cells, sizes: Places) -> _Written:
    ends = cells.starts + cells.sizes
    low = cells.page.words_at(ends - WORD) & LAST_BYTES[np.minimum(sizes, WORD)]
    marks = bytes_equal(low, _DOT)
    if not (cells.sizes > WORD).any():
        behind, dots = _below(marks), np.bitwise_count(marks).astype(np.int64)
        return _sound(None, _cut(low, behind), sizes, dots, behind)
    high = cells.page.words_at(ends - 2 * WORD) & LAST_BYTES[np.minimum(_beyond(sizes), WORD)]
    marks_high = bytes_equal(high, _DOT)
    dots = np.bitwise_count(marks).astype(np.int64) + np.bitwise_count(marks_high)
    behind = np.where(marks != 0, _below(marks), WORD + _below(marks_high))
    return _sound(*_without_dot(high, low, behind), sizes, dots, behind)


def _sound(high: Words | None, low: Words, sizes: Places, dots: Places, behind: Places) -> _Written:
    """A point must have digits behind it: "5." is read by others."""
    count = sizes - dots
    decimals = behind * (dots == 1)
    is_sound = (dots <= 1) & (count > 0) & ((dots == 0) | (decimals > 0))
    is_sound &= _are_digits(low, np.minimum(count, WORD))
    if high is not None:
        is_sound &= (sizes <= 2 * WORD) & _are_digits(high, np.minimum(_beyond(count), WORD))
    return _Written(high=high, low=low, count=count, decimals=decimals, is_sound=is_sound)


def _beyond(sizes: Places) -> Places:
    """How many bytes are in the words before the last."""
    return np.maximum(sizes - WORD, 0)


def _below(marks: Words) -> Places:
    """How many bytes are below the lowest mark; WORD where there is none."""
    lowest = marks & (~marks + np.uint64(1))
    return np.bitwise_count(lowest - np.uint64(1)).astype(np.int64) // WORD


def _without_dot(high: Words, low: Words, behind: Places) -> tuple[Words, Words]:
    """Both words without the byte that has so many bytes behind it; the same where it has 2 * WORD."""
    if behind.min() >= 2 * WORD:
        return high, low
    below, above = np.minimum(behind, WORD), _beyond(behind)
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
