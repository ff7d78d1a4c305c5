"""Cells and their first words in; which of them are text for sure, out."""

from __future__ import annotations

import numpy as np

from csvgate.core.bulk.cells import Cells
from csvgate.core.bulk.words import WORD, Marks, Places, Words, bytes_equal
from csvgate.core.columns.shapes import BOOLEANS, MISSING_WORDS

# No word with a meaning of its own is longer than a word of bytes; here they are in small letters.
_SPECIAL = np.sort(
    np.array(
        [int.from_bytes(word.encode().ljust(WORD, b"\0"), "big") for word in (*MISSING_WORDS, *BOOLEANS)], np.uint64
    )
    | np.uint64(0x2020202020202020)
)
_LETTERS, _LOWER = np.uint64(0x4040404040404040), np.uint64(0x2020202020202020)
_HIGH = np.uint64(0x8080808080808080)
# These letters stand in numbers, dates and times.
_TYPED = b"tze"
_MOST_WORDS = 4


def read(cells: Cells, first: Words) -> Places:
    """The rows that hold a letter which stands in no number, date or time, and are no word with a meaning."""
    found = ~_are_special(first)
    rows = np.flatnonzero(found)
    words = first if len(rows) == len(cells) else first[rows]
    for number in range(_MOST_WORDS):
        doubtful = np.flatnonzero(~_hold_letters(words))
        rows = rows[doubtful]
        if not len(rows) or number + 1 == _MOST_WORDS:
            break
        words = cells.take(rows).words(number + 1)
    found[rows] = False
    return np.flatnonzero(found)


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
