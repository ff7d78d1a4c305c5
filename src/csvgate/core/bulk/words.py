"""Bytes in; the words of eight that begin at given places, big-endian, so that they compare as texts do, out."""

from __future__ import annotations

from pickle import PickleBuffer
from typing import SupportsIndex

import numpy as np
from numpy.typing import NDArray

from csvgate.core.columns.hashing import FACTORS

Words = NDArray[np.uint64]
Places = NDArray[np.int64]
Shorts = NDArray[np.int32]
Bytes = NDArray[np.uint8]
Marks = NDArray[np.bool_]

WORD = 8
# Words are read before the first and behind the last cell: what is there is masked.
FRONT, BACK = 32, 32
# The first so many bytes of a word.
FIRST_BYTES = np.array([((1 << WORD * count) - 1) << (64 - WORD * count) for count in range(WORD + 1)], np.uint64)
HASH_FACTORS = np.array(FACTORS, np.uint64)
_FIRST, _SECOND = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)
_HALF, _FOLD, _ONE = np.uint64(33), np.uint64(32), np.uint64(1)
_SEVEN_BITS, _HIGH_BITS = np.uint64(0x7F7F7F7F7F7F7F7F), np.uint64(0x8080808080808080)


class Page:
    """Bytes with room before and behind them; places count from the beginning of that room."""

    def __init__(self, data: bytes | memoryview) -> None:
        """There is that room around the data."""
        self._data = data
        self.bytes = np.frombuffer(data, np.uint8)
        self._words = np.ndarray((len(self.bytes) - WORD + 1,), "<u8", data, 0, (1,))

    @classmethod
    def of(cls, text: Bytes) -> Page:
        """The bytes are copied, once."""
        page = np.zeros(FRONT + len(text) + BACK, np.uint8)
        page[FRONT:-BACK] = text
        return cls(page.data)

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[object, ...]:
        return Page, (PickleBuffer(self._data),)

    def words_at(self, places: Places) -> Words:
        """The word that begins at each place."""
        found: Words = self._words[places].byteswap()
        return found

    def words_near(self, places: Places) -> Words:
        """As `words_at`, also for places that are too far behind the end: what is there is nothing."""
        return self.words_at(np.minimum(places, len(self._words) - 1))

    def text(self, start: int, stop: int) -> str:
        """What is written from start to stop."""
        return self.bytes[start:stop].tobytes().decode()

    def texts(self, starts: Places, stops: Places, errors: str = "strict") -> list[str]:
        """What is written from each start to its stop."""
        data = memoryview(self._data)
        return [
            str(data[start:stop], "utf-8", errors) for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)
        ]


def places_of(marks: Marks) -> Places:
    """The places of those that are set; what `flatnonzero` does, with less ado, as a wide table has many short rows."""
    (places,) = marks.nonzero()
    return places


def last_bytes(counts: Places) -> Words:
    """The last so many bytes of a word; a shift by all of it leaves nothing, as NumPy does it."""
    found: Words = (_ONE << (counts << 3).view(np.uint64)) - _ONE
    return found


def folded(words: Words) -> Words:
    """As `csvgate.core.columns.hashing` folds them before they are multiplied."""
    return words ^ (words >> _FOLD)


def mixed(totals: Words) -> Words:
    """As `csvgate.core.columns.hashing.mix`."""
    found = totals ^ (totals >> _HALF)
    found *= _FIRST
    found ^= found >> _HALF
    found *= _SECOND
    found ^= found >> _HALF
    return found


def bytes_equal(words: Words, letter: int) -> Words:
    """The high bit of each byte that is the letter, and nothing else."""
    off = words ^ np.uint64(letter * 0x0101010101010101)
    return ~(((off & _SEVEN_BITS) + _SEVEN_BITS) | off | _SEVEN_BITS)


def have_no_high_bit(words: Words) -> Marks:
    """Which words have no high bit in any byte."""
    found: Marks = (words & _HIGH_BITS) == 0
    return found
