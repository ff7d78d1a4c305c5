"""Keys of cells in; how often each known value occurred, and the rows with other values, out.

A table with a place or two for each hash: what is in its place is counted, what finds its places taken stays unknown
and is counted by somebody else. So everything is counted, and the counts are exact.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from csvgate.core.bulk.cells import Keys
from csvgate.core.bulk.words import Places, places_of

_SPREADS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
# A table has so many places for each value, and grows with them: a small one is at hand for the processor.
_SPARSE, _FEWEST_BITS = 4, 6


class Known:
    """Counts values that it was taught, `most` of them at the most, each of which has one of so many `places`."""

    def __init__(self, *, most: int, places: int = len(_SPREADS)) -> None:
        """No value is known."""
        self._room, self._spreads = most, _SPREADS[:places]
        self._unplaced: dict[str, int] = {}
        self._make(_FEWEST_BITS)

    def __len__(self) -> int:
        return int(np.count_nonzero(self._is_taken))

    def count(self, keys: Keys) -> Places | None:
        """Known values are counted; the rows of all others, None where there are none."""
        if not self._is_taken.any():
            return np.arange(len(keys.hash))
        rows = self._count(keys, self._spreads[0])
        for spread in self._spreads[1:]:
            left = None if rows is None else self._count(keys.take(rows), spread)
            rows = None if rows is None or left is None else rows[left]
        return rows

    def learn(self, keys: Keys, texts: Sequence[str]) -> None:
        """Values that were unknown are known from now on, as far as their places are free."""
        known, fresh = len(self), min(len(texts), self._room)
        if (known + fresh) * _SPARSE > len(self._counts):
            self._grow((known + fresh) * _SPARSE)
        counts = np.zeros(fresh, np.int64)
        self._put(keys.take(slice(fresh)), np.array(texts[:fresh], object), counts)
        self._room -= len(self) - known

    def hand_over(self) -> dict[str, int]:
        """How often each value was counted; counting begins anew."""
        places = places_of(self._counts > 0)
        found, self._unplaced = self._unplaced, {}
        for text, count in zip(self._texts[places].tolist(), self._counts[places].tolist(), strict=True):
            found[text] = found.get(text, 0) + count
        self._counts[:] = 0
        return found

    def _make(self, bits: int) -> None:
        self._shift = np.uint64(64 - bits)
        self._is_taken = np.zeros(1 << bits, np.bool_)
        # No value has these keys: an empty one has zeros.
        self._keys = Keys(np.zeros(1 << bits, np.uint64), np.ones(1 << bits, np.uint64))
        self._counts = np.zeros(1 << bits, np.int64)
        self._texts: NDArray[np.object_] = np.empty(1 << bits, object)

    def _grow(self, places: int) -> None:
        taken = places_of(self._is_taken)
        keys, texts, counts = self._keys.take(taken), self._texts[taken], self._counts[taken]
        self._make((places - 1).bit_length())
        self._put(keys, texts, counts)

    def _count(self, keys: Keys, spread: np.uint64) -> Places | None:
        places = self._places(keys, spread)
        known = self._keys.hash[places] == keys.hash
        known &= self._keys.other[places] == keys.other
        is_all = bool(known.all())
        self._counts += np.bincount(places if is_all else places[known], minlength=len(self._counts))
        return None if is_all else places_of(~known)

    def _put(self, keys: Keys, texts: NDArray[np.object_], counts: Places) -> None:
        """Each value is in the first of its places that is free; of one that is in none, the count is kept."""
        for spread in self._spreads:
            places, first = np.unique(self._places(keys, spread), return_index=True)
            is_free = ~self._is_taken[places]
            places, chosen = places[is_free], first[is_free]
            self._is_taken[places] = True
            self._keys.hash[places], self._keys.other[places] = keys.hash[chosen], keys.other[chosen]
            self._texts[places], self._counts[places] = texts[chosen], counts[chosen]
            rest = np.ones(len(texts), np.bool_)
            rest[chosen] = False
            keys, texts, counts = keys.take(places_of(rest)), texts[rest], counts[rest]
        for text, count in zip(texts[counts > 0].tolist(), counts[counts > 0].tolist(), strict=True):
            self._unplaced[text] = self._unplaced.get(text, 0) + count

    def _places(self, keys: Keys, spread: np.uint64) -> Places:
        return ((keys.hash * spread) >> self._shift).view(np.int64)
