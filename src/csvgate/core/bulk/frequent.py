"""Keys of cells in; the frequent ones, counted in a sketch of bounded error, out.

Values that were frequent once are counted exactly. Of the others it is only watched that none becomes frequent: no
value occurs more often than the fullest of many bins, into which they fall by their hashes. By so much the error of the
sketch grows; where it is too much, they are counted for once and the frequent ones are known from then on.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from csvgate.core.bulk.cells import Cells, Keys
from csvgate.core.bulk.known import Known
from csvgate.core.bulk.words import Places
from csvgate.core.columns.frequency import Frequencies

_FEWEST_BITS, _MOST_BITS = 10, 16
_SPREAD = np.uint64(0xD1B54A32D192ED03)
# In a bin there are that many times the values that chance puts there, and a few.
_TIMES, _FEW = 4, 16


class Frequent:
    """Feeds a sketch of frequencies; what it still holds is handed over at the end."""

    def __init__(self, frequencies: Frequencies) -> None:
        """No value is known to be frequent."""
        self._frequencies = frequencies
        self._known = Known(most=2 * frequencies.size, places=1)

    def add(self, cells: Cells, keys: Keys) -> None:
        """The cells are counted."""
        rows = self._known.count(keys)
        if rows is None or not len(rows):
            return
        others = keys.take(rows)
        bits = min(max(len(rows).bit_length() + 1, _FEWEST_BITS), _MOST_BITS)
        fullest = int(np.bincount(((others.hash * _SPREAD) >> np.uint64(64 - bits)).astype(np.int64)).max())
        if fullest <= _FEW + (_TIMES * len(rows) >> bits):
            self._frequencies.error += fullest
        else:
            self._count(cells, others, rows)

    def hand_over(self) -> None:
        """The sketch knows all that was counted."""
        self._frequencies.add(Counter(self._known.hand_over()))

    def _count(self, cells: Cells, others: Keys, rows: Places) -> None:
        _, first, times = np.unique(others.hash, return_index=True, return_counts=True)
        most = self._frequencies.size
        cut = int(np.partition(times, -most - 1)[-most - 1]) if len(times) > most else 0
        kept = times > cut
        first, times = first[kept], times[kept] - cut
        texts = cells.texts(rows[first])
        counts = dict(zip(texts, times.tolist(), strict=True))
        self._frequencies.merge(Frequencies.of(counts, size=most, error=cut))
        self._known.learn(others.take(first), texts)
