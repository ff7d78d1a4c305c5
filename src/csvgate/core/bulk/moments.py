"""Cells in; the rows that hold ISO dates and datetimes of one writing, by which they compare as texts do, out."""

from __future__ import annotations

import numpy as np

from csvgate.core.bulk.cells import Cells
from csvgate.core.bulk.words import WORD, Marks, Places, Words, have_no_high_bit
from csvgate.core.columns.shapes import DATE, DATETIME, ZONED, Shape

SHAPES = frozenset({DATE, DATETIME, ZONED})
# By size: how many bytes of clock follow the date, and whether a Z ends it. Others are read one by one.
_WRITINGS: dict[int, tuple[Shape, int]] = {
    10: (DATE, 0),
    16: (DATETIME, 6),
    19: (DATETIME, 9),
    23: (DATETIME, 13),
    26: (DATETIME, 16),
    20: (ZONED, 10),
    24: (ZONED, 14),
    27: (ZONED, 17),
}
_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 90, np.int64)
_PATTERN = b"0000-00-00 00:00:00.000000Z"
_OVER_NINE, _ZEROS = np.uint64(0x7676767676767676), np.uint64(0x3030303030303030)
_FEBRUARY, _LEAP_DAY = 2, 29
_HOURS, _MINUTES = 24, 60


def read(cells: Cells) -> dict[tuple[Shape, int, int], Places]:
    """The rows of each shape, apart by their size and by what separates date and clock."""
    found: dict[tuple[Shape, int, int], Places] = {}
    for size, (shape, clock) in _WRITINGS.items():
        rows = np.flatnonzero(cells.sizes == size)
        if not len(rows):
            continue
        part = cells if len(rows) == len(cells) else cells.take(rows)
        sound = _are_moments(part, size, shape, has_clock=clock > 0)
        mark = part.page.bytes[part.starts + 10] if clock else np.zeros(len(part), np.uint8)
        for letter in b" T" if clock else b"\0":
            if (chosen := sound & (mark == letter)).any():
                found[shape, size, letter] = rows[chosen]
    return found


def _are_moments(cells: Cells, size: int, shape: Shape, *, has_clock: bool) -> Marks:
    pattern = (_PATTERN[: size - 1] + b"Z") if shape == ZONED else _PATTERN[:size]
    words = [cells.words(number) for number in range(-(-size // WORD))]
    sound: Marks = np.ones(len(cells), np.bool_)
    for number, word in enumerate(words):
        sound &= _follows(word, pattern[number * WORD : (number + 1) * WORD].ljust(WORD, b"\0"))
    year, month = _pair(words[0], 0) * 100 + _pair(words[0], 2), _pair(words[0], 5)
    day = _pair(words[1], 0)
    sound &= (year > 0) & (day > 0) & (day <= _DAYS[np.minimum(month, 99)])
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    sound &= (month != _FEBRUARY) | (day < _LEAP_DAY) | is_leap
    return sound & _is_clock(words, size) if has_clock else sound


def _is_clock(words: list[Words], size: int) -> Marks:
    sound: Marks = (_pair(words[1], 3) < _HOURS) & (_pair(words[1], 6) < _MINUTES)
    return sound & (_pair(words[2], 1) < _MINUTES) if size > 2 * WORD else sound


def _follows(words: Words, pattern: bytes) -> Marks:
    """Digits stand where the pattern has zeros, its own marks elsewhere; a blank stands for any byte."""
    marks = np.uint64(int.from_bytes(bytes(0 if byte in b"0 " else 0xFF for byte in pattern), "big"))
    wanted = np.uint64(int.from_bytes(bytes(0 if byte in b"0 " else byte for byte in pattern), "big"))
    places = np.uint64(int.from_bytes(bytes(0xFF if byte in b"0" else 0 for byte in pattern), "big"))
    digits = (words & places) ^ (_ZEROS & places)
    found: Marks = (words & marks) == wanted
    return found & have_no_high_bit((digits + _OVER_NINE) | digits)


def _pair(words: Words, at: int) -> Places:
    """The number of the two digits from byte `at` on."""
    tens, ones = (words >> np.uint64(56 - 8 * at)) & np.uint64(15), (words >> np.uint64(48 - 8 * at)) & np.uint64(15)
    return (tens * np.uint64(10) + ones).astype(np.int64)
