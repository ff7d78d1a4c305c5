"""Keys of cells in; how often each known value occurred, and the rows with other values, out.

A table with one place for each hash: what is in its place is counted, what finds the place taken stays unknown and is
counted by somebody else. So everything is counted, and the counts are exact.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from csvgate.core.bulk.cells import Keys
from csvgate.core.bulk.words import Places

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_SPARSE = 4


class Known:
    """Counts values that it was taught, `most` of them at the most."""

    def __init__(self, *, most: int) -> None:
        """No value is known."""
        bits = (_SPARSE * most).bit_length()
        self._shift = np.uint64(64 - bits)
        # No value has these keys: an empty one has zeros.
        self._keys = Keys(np.zeros(1 << bits, np.uint64), np.ones(1 << bits, np.uint64))
        self._counts = np.zeros(1 << bits, np.int64)
        self._texts: dict[int, str] = {}
        self._room = most

    def count(self, keys: Keys) -> Places | None:
        """Known values are counted; the rows of all others, None where there are none."""
        if not self._texts:
            return np.arange(len(keys.hash))
        places = self._places(keys)
        known = (self._keys.hash[places] == keys.hash) & (self._keys.other[places] == keys.other)
        is_all = bool(known.all())
        self._counts += np.bincount(places if is_all else places[known], minlength=len(self._counts))
        return None if is_all else np.flatnonzero(~known)

    def learn(self, keys: Keys, texts: Sequence[str]) -> None:
        """Values that were unknown are known from now on, as far as their places are free."""
        for place, text, key, other in zip(self._places(keys), texts, keys.hash, keys.other, strict=True):
            if place not in self._texts and self._room:
                self._texts[int(place)] = text
                self._keys.hash[place], self._keys.other[place] = key, other
                self._room -= 1

    def hand_over(self) -> dict[str, int]:
        """How often each value was counted; counting begins anew."""
        found = {text: int(self._counts[place]) for place, text in self._texts.items() if self._counts[place]}
        self._counts[:] = 0
        return found

    def _places(self, keys: Keys) -> Places:
        return ((keys.hash * _SPREAD) >> self._shift).astype(np.int64)
