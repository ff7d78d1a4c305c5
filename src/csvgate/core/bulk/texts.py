"""Cells and their first words in; which of them are text for sure, out."""

from __future__ import annotations

import numpy as np

from csvgate.core.bulk.cells import Cells
from csvgate.core.bulk.words import WORD, Bytes, Marks, Places, Words, bytes_equal, places_of
from csvgate.core.columns.local_date import MONTHS
from csvgate.core.columns.shapes import BOOLEANS, MISSING_WORDS
from csvgate.core.columns.unread import INFINITE

# The first word of bytes of each word with a meaning of its own, in small letters.
_WORDS = (*MISSING_WORDS, *BOOLEANS, *(sign + word for sign in ("", "+", "-") for word in INFINITE))
_SPECIAL = np.sort(
    np.array([int.from_bytes(word.encode()[:WORD].ljust(WORD, b"\0"), "big") for word in _WORDS], np.uint64)
    | np.uint64(0x2020202020202020)
)
_LETTERS, _LOWER = np.uint64(0x4040404040404040), np.uint64(0x2020202020202020)
_HIGH = np.uint64(0x8080808080808080)
# These letters stand in numbers, dates and times.
_TYPED = b"tze"
_MOST_WORDS = 4
_MONTHS = np.sort(np.array([int.from_bytes(name[:3].encode(), "big") for name in MONTHS], np.uint64))
_MARKS = np.frombuffer(b" -/:.", np.uint8)
_LAST_LETTERS = np.frombuffer(b"MmCT", np.uint8)
_LONGEST_DATE = len("30 September 2024 12:59:59.123456 PM")


def read(cells: Cells, first: Words) -> Places:
    """The rows that hold a letter which stands in no number, date or time, and are no word with a meaning."""
    found = ~_are_special(first)
    found[found] = ~_may_be_dates(cells, first, places_of(found))
    rows = places_of(found)
    words = first if len(rows) == len(cells) else first[rows]
    for number in range(_MOST_WORDS):
        doubtful = places_of(~_hold_letters(words))
        rows = rows[doubtful]
        if not len(rows) or number + 1 == _MOST_WORDS:
            break
        words = cells.take(rows).words(number + 1)
    found[rows] = False
    return places_of(found)


def _may_be_dates(cells: Cells, first: Words, rows: Places) -> Marks:
    """Short cells that begin as a date or a time does, with the name of a month or a number, and end as such.

    That is with a digit, or with the last letter of AM and PM, UTC or GMT.
    """
    words, sizes = (first[rows], cells.sizes[rows]) if len(rows) < len(cells) else (first, cells.sizes)
    last = cells.page.bytes[cells.starts[rows] + sizes - 1]
    found: Marks = (sizes <= _LONGEST_DATE) & (_are_digits(last) | np.isin(last, _LAST_LETTERS))
    if found.any():
        letters = words[found] | _LOWER
        months = _MONTHS[np.minimum(np.searchsorted(_MONTHS, letters >> np.uint64(40)), len(_MONTHS) - 1)]
        found[found] = (months == letters >> np.uint64(40)) | _are_dated(words[found])
    return found


def _are_dated(words: Words) -> Marks:
    """A number of one, two or four digits stands before a mark."""
    letters = [((words >> np.uint64(shift)) & np.uint64(0xFF)).astype(np.uint8) for shift in (56, 48, 40, 24)]
    found: Marks = _are_digits(letters[0]) & np.logical_or.reduce([np.isin(each, _MARKS) for each in letters[1:]])
    return found


def _are_digits(letters: Bytes) -> Marks:
    found: Marks = (letters >= ord("0")) & (letters <= ord("9"))
    return found


def _are_special(first: Words) -> Marks:
    """Words with a meaning, in letters of any size, and a few others."""
    lower = first | _LOWER
    found: Marks = _SPECIAL[np.minimum(np.searchsorted(_SPECIAL, lower), len(_SPECIAL) - 1)] == lower
    return found


def _hold_letters(words: Words) -> Marks:
    """Some byte is from @ to ~ and none of the letters that stand in numbers."""
    letters = (words & _LETTERS) << np.uint64(1) & ~(words & _HIGH)
    lower = words | _LOWER
    for letter in _TYPED:
        letters &= ~bytes_equal(lower, letter)
    found: Marks = letters != 0
    return found
