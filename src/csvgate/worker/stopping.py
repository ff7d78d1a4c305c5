"""A signal in; whether to begin anything more, and whether to go on with what was begun, out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

# Whoever sends SIGTERM waits a while before it kills; 30 s is what Kubernetes gives, 20 s what we promise.
GRACE_SECONDS = 12.0
PROMISED_SECONDS = 20.0


@dataclass(kw_only=True, slots=True)
class Stop:
    """Asked for once; what was begun may go on for a grace, then everything is given back."""

    grace_seconds: float = GRACE_SECONDS
    tick: Callable[[], float] = time.monotonic
    _asked: Event = field(default_factory=Event)
    _asked_at: float = float("inf")

    def ask(self) -> None:
        """Nothing new begins; asking again does not prolong the grace. A signal handler may call it."""
        if not self._asked.is_set():
            self._asked_at = self.tick()
            self._asked.set()

    def is_asked(self) -> bool:
        """Nothing new may begin."""
        return self._asked.is_set()

    def is_over(self) -> bool:
        """What was begun has to be given back."""
        return self.tick() - self._asked_at >= self.grace_seconds

    def wait(self, seconds: float) -> bool:
        """Whether it was asked for, within these seconds."""
        return self._asked.wait(seconds)
