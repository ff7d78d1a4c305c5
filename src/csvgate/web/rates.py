"""What somebody wants to spend in; whether there is so much left, or when there will be, out: a token bucket each."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

MINUTE = 60.0
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class _Bucket:
    """How much was left, and when."""

    left: float
    at: float


@dataclass(slots=True)
class Rate:
    """So much for each in a minute, all of it at once if need be; safe to share between threads.

    One bucket for each name that was ever heard: names have to be those of known holders, not what strangers say.
    """

    per_minute: float
    clock: Callable[[], float] = time.monotonic
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, name: str, amount: float) -> float:
        """It is spent, and 0.0 is the answer; or nothing is, and the answer is in how many seconds to ask again.

        As long as 1 is left, more may be taken than there is: whoever comes next waits for it.
        """
        with self._lock:
            bucket = self._filled(name)
            if bucket.left < 1 - ROUNDING:
                return (1 - bucket.left) * MINUTE / self.per_minute
            self._buckets[name] = _Bucket(bucket.left - amount, bucket.at)
            return 0.0

    def spend(self, name: str, amount: float) -> None:
        """It is spent, whether there was so much left or not."""
        with self._lock:
            bucket = self._filled(name)
            self._buckets[name] = _Bucket(bucket.left - amount, bucket.at)

    def _filled(self, name: str) -> _Bucket:
        now = self.clock()
        bucket = self._buckets.get(name, _Bucket(self.per_minute, now))
        return _Bucket(min(self.per_minute, bucket.left + (now - bucket.at) * self.per_minute / MINUTE), now)
