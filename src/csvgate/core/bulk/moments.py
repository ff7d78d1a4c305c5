"""Cells in; the rows that hold ISO dates and datetimes of one writing, by which they compare as texts do, out."""

from __future__ import annotations

from itertools import product

import numpy as np

from csvgate.core.bulk.cells import Cells
from csvgate.core.bulk.words import WORD, Marks, Places, Words, have_no_high_bit, places_of
from csvgate.core.columns.shapes import DATE, DATETIME, ZONED, ZONED_APART, Shape

SHAPES = frozenset({DATE, DATETIME, ZONED, ZONED_APART})
_DAY = len(b"2024-12-31")
# What a digit may be at the most, by its place; the rest is looked at in pairs. Behind the day stands anything.
_DIGITS = b"9999-19-39?29:59:59.999999"
# How much of it there is: to the second, and with so many parts of it as programs write.
_CLOCKS = (19, 23, 26)
# Moments of one zone compare as their texts do, so each way to say UTC is one for itself. Others are read one by one.
_ENDINGS = {b"": DATETIME, b"Z": ZONED, b"+00": ZONED, b"+00:00": ZONED, b" UTC": ZONED_APART, b" +0000": ZONED_APART}
_WRITINGS: tuple[tuple[Shape, bytes], ...] = (
    (DATE, _DIGITS[:_DAY]),
    (DATETIME, _DIGITS[:16]),
    *((shape, _DIGITS[:size] + ending) for (ending, shape), size in product(_ENDINGS.items(), _CLOCKS)),
)
_LONGEST = max(len(pattern) for _, pattern in _WRITINGS)
_BY_SIZE = [[each for each in _WRITINGS if len(each[1]) == size] for size in range(_LONGEST + 2)]
_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 7, np.uint64)
_ZEROS, _MOST = np.uint64(0x3030303030303030), 0x7F
_YEAR_ZERO = np.uint64(0x30303030)
_FEBRUARY, _LEAP_DAY, _HOURS = np.uint64(2), np.uint64(29), np.uint64(24)
_FIFTEEN, _TEN, _NONE = np.uint64(15), np.uint64(10), np.uint64(0)


def read(cells: Cells) -> dict[tuple[Shape, bytes, int], Places]:
    """The rows of each shape, apart by how they are written and by what separates date and clock."""
    found: dict[tuple[Shape, bytes, int], Places] = {}
    for size in places_of(np.bincount(cells.sizes.clip(0, _LONGEST + 1)) > 0).tolist():
        if not _BY_SIZE[size]:
            continue
        rows = places_of(cells.sizes == size)
        part = cells if len(rows) == len(cells) else cells.take(rows)
        mark = part.page.bytes[part.starts + _DAY] if size > _DAY else np.zeros(len(part), np.uint8)
        for shape, pattern in _BY_SIZE[size]:
            sound = _are_moments(part, pattern)
            for letter in b" T" if size > _DAY else b"\0":
                if (chosen := sound & (mark == letter)).any():
                    found[shape, pattern, letter] = rows[chosen]
            if sound.all():
                break
    return found


def _are_moments(cells: Cells, pattern: bytes) -> Marks:
    words = [cells.words(number) for number in range(-(-len(pattern) // WORD))]
    sound: Marks = np.ones(len(cells), np.bool_)
    for number, word in enumerate(words):
        sound &= _follows(word, pattern[number * WORD : (number + 1) * WORD].ljust(WORD, b"\0"))
    month, day = _pair(words[0], 5), _pair(words[1], 0)
    sound &= (words[0] >> np.uint64(32) != _YEAR_ZERO) & (day > _NONE) & (day <= _DAYS.take(month, mode="clip"))
    is_last = (month == _FEBRUARY) & (day == _LEAP_DAY)
    if is_last.any():
        year = _pair(words[0], 0) * np.uint64(100) + _pair(words[0], 2)
        sound &= ~is_last | ((year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0)))
    return sound & (_pair(words[1], 3) < _HOURS) if len(pattern) > _DAY else sound


def _follows(words: Words, pattern: bytes) -> Marks:
    """Digits stand where the pattern has one, none greater than it; its own marks elsewhere, anything for a `?`."""
    digits = bytes(0xFF if chr(byte).isdigit() else 0 for byte in pattern)
    marks = bytes(0 if byte == ord("?") or chr(byte).isdigit() else 0xFF for byte in pattern)
    wanted = bytes(byte & mark for byte, mark in zip(pattern, marks, strict=True))
    room = bytes(_MOST - (byte & 15) if chr(byte).isdigit() else 0 for byte in pattern)
    values = (words ^ _ZEROS) & _word(digits)
    found: Marks = (words & _word(marks)) == _word(wanted)
    return found & have_no_high_bit((values + _word(room)) | values)


def _word(data: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(data, "big"))


def _pair(words: Words, at: int) -> Words:
    """The number of the two digits from byte `at` on."""
    tens, ones = words >> np.uint64(56 - 8 * at), words >> np.uint64(48 - 8 * at)
    return (tens & _FIFTEEN) * _TEN + (ones & _FIFTEEN)
