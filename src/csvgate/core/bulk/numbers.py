"""Cells in; those that are written as usual numbers, with what they are worth, and the rest out.

Sixteen digits, a sign and a decimal point at the most; the shapes are those of `csvgate.core.columns.shapes`. Digits
are added up eight at a time within a word ("SIMD within a register", as Mula and Lemire do it).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csvgate.core.bulk.cells import Cells
from csvgate.core.bulk.words import WORD, Marks, Places, Words, bytes_equal, have_no_high_bit, last_bytes, places_of
from csvgate.core.columns.shapes import INTEGER, PLUS, POINT, POINT_OR_GROUP, ZEROS, Shape

SHAPES = frozenset({INTEGER, PLUS, POINT, POINT_OR_GROUP, ZEROS})
MOST_DIGITS = 18
_PLUS, _MINUS, _DOT, _ZERO = b"+-.0"
# A plus before so many digits is no sign.
_CALLED = 7
_ZEROS, _OVER_NINE = np.uint64(0x3030303030303030), np.uint64(0x7676767676767676)
_ALL, _BYTE, _FIRST, _SECOND = np.uint64(64), np.uint64(8), np.uint64(56), np.uint64(48)
# Neighbours are added up: what is worth more stands in the higher half.
_STEPS = ((266, 8, 0x00FF00FF00FF00FF), (65_636, 16, 0x0000FFFF0000FFFF), ((1 << 32) + 10_000, 32, (1 << 32) - 1))
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
    """Digits without sign and point: `count` of them, `decimals` behind the point, worth so much if all is sound."""

    worth: Places
    count: Places
    decimals: Places
    is_sound: Marks


@dataclass(frozen=True, kw_only=True, slots=True)
class _Tail:
    """The last sixteen bytes of each cell, the last ones in `low`; `high` is None where that has all."""

    high: Words | None
    low: Words


def read(cells: Cells) -> tuple[dict[Shape, Places], Numbers]:
    """The rows of each shape, and for all rows what they are worth, if they are in one."""
    first = cells.words(0) >> _FIRST
    is_signed = first < _DOT
    is_signed &= (first == _PLUS) | (first == _MINUS)
    has_signs = bool(is_signed.any())
    leading = np.where(is_signed, (cells.words(0) >> _SECOND) & np.uint64(0xFF), first) if has_signs else first
    sizes = cells.sizes - is_signed if has_signs else cells.sizes
    written = _written(_tail(cells, sizes, has_signs=has_signs), sizes)
    if has_signs:
        np.negative(written.worth, out=written.worth, where=first == _MINUS)
    found = _shapes(written, leading, is_signed)
    if has_signs:
        found = _without_called(found, (first == _PLUS) & (written.count >= _CALLED))
    return found, Numbers(digits=written.worth, decimals=written.decimals)


def _shapes(written: _Written, leading: Words, is_signed: Marks) -> dict[Shape, Places]:
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
    return {shape: places_of(rows) for shape, rows in found.items() if rows.any()}


def _without_called(found: dict[Shape, Places], is_called: Marks) -> dict[Shape, Places]:
    """Integers with a plus and many digits are none."""
    whole = found.pop(INTEGER, np.empty(0, np.int64))
    parts = {INTEGER: whole[~is_called[whole]], PLUS: whole[is_called[whole]]}
    return found | {shape: rows for shape, rows in parts.items() if len(rows)}


def _tail(cells: Cells, sizes: Places, *, has_signs: bool) -> _Tail:
    """The bytes move to the end of the words; a shift by a whole word or more leaves nothing, as NumPy does it."""
    first, bits = cells.words(0), cells.sizes << 3
    short = first >> np.maximum(64 - bits, 0).view(np.uint64)
    if int(bits.max()) <= int(_ALL):
        return _Tail(high=None, low=short & last_bytes(sizes) if has_signs else short)
    beyond = np.maximum(bits - 64, 0).view(np.uint64)
    low = (short << beyond) | (cells.words(1) >> (_ALL - beyond))
    high = first >> (_ALL - beyond)
    if has_signs:
        return _Tail(high=high & last_bytes(_beyond(sizes)), low=low & last_bytes(np.minimum(sizes, WORD)))
    return _Tail(high=high, low=low)


def _written(tail: _Tail, sizes: Places) -> _Written:
    """A point must have digits behind it: "5." is read by others."""
    marks = bytes_equal(tail.low, _DOT)
    marks_high = None if tail.high is None else bytes_equal(tail.high, _DOT)
    if not marks.any() and (marks_high is None or not marks_high.any()):
        return _sound(tail, sizes, np.zeros_like(sizes))
    dots, behind = np.bitwise_count(marks).astype(np.int64), _below(marks)
    if marks_high is not None:
        dots += np.bitwise_count(marks_high)
        behind = np.where(marks != 0, behind, WORD + _below(marks_high))
    written = _sound(_without_dot(tail, behind), sizes - dots, behind * (dots == 1))
    written.is_sound[:] &= (dots <= 1) & ((dots == 0) | (written.decimals > 0))
    return written


def _sound(tail: _Tail, count: Places, decimals: Places) -> _Written:
    low = tail.low ^ (_ZEROS & last_bytes(np.minimum(count, WORD)))
    is_sound, worth = _are_digits(low) & (count > 0), _digits(low)
    if tail.high is not None:
        high = tail.high ^ (_ZEROS & last_bytes(_beyond(count)))
        is_sound &= _are_digits(high) & (count <= 2 * WORD)
        worth += _digits(high) * 10**WORD
    return _Written(worth=worth, count=count, decimals=decimals, is_sound=is_sound)


def _beyond(sizes: Places) -> Places:
    """How many bytes are in the words before the last."""
    return np.maximum(sizes - WORD, 0)


def _below(marks: Words) -> Places:
    """How many bytes are below the lowest mark; WORD where there is none."""
    lowest = marks & (~marks + np.uint64(1))
    return np.bitwise_count(lowest - np.uint64(1)).astype(np.int64) >> 3


def _without_dot(tail: _Tail, behind: Places) -> _Tail:
    """Without the byte that has so many bytes behind it; the same where it has as many as there are."""
    if tail.high is None:
        return _Tail(high=None, low=_cut(tail.low, behind))
    below, above = np.minimum(behind, WORD), _beyond(behind)
    is_low = behind < WORD
    shorter = _cut(tail.low, below) | ((tail.high & np.uint64(0xFF)) << _FIRST)
    return _Tail(
        high=np.where(is_low, tail.high >> _BYTE, _cut(tail.high, above)), low=np.where(is_low, shorter, tail.low)
    )


def _cut(words: Words, below: Places) -> Words:
    """The words without one byte, which has so many bytes below it."""
    bits = (below << 3).view(np.uint64)
    return (((words >> bits) >> _BYTE) << bits) | (words & last_bytes(below))


def _are_digits(values: Words) -> Marks:
    """Each byte is a digit's value."""
    return have_no_high_bit((values + _OVER_NINE) | values)


def _digits(values: Words) -> Places:
    """The number that the digits of up to eight bytes are."""
    found = values
    for factor, shift, mask in _STEPS:
        found = ((found * np.uint64(factor)) >> np.uint64(shift)) & np.uint64(mask)
    return found.view(np.int64)
