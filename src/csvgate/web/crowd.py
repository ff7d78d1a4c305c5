"""Who wants to send something in; whether there is room for one more, out: nobody takes all the threads of a server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

# So many bodies are read at once, so many of one holder, and so many of all who have no token: the other threads of
# the server answer what is short, also while everybody who sends is as slow as he may be.
MOST, MOST_OF_ONE, MOST_OF_STRANGERS = 64, 56, 8


@dataclass(slots=True)
class Crowd:
    """Whose bodies are being read; '' are those who have no token."""

    most: int = MOST
    of_one: int = MOST_OF_ONE
    of_strangers: int = MOST_OF_STRANGERS
    _there: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def with_one_of(self, name: str) -> Iterator[bool]:
        """Whether there is room; it is taken as long as the block lasts."""
        has_room = self._enter(name)
        try:
            yield has_room
        finally:
            if has_room:
                self._leave(name)

    def _enter(self, name: str) -> bool:
        with self._lock:
            most = self.of_one if name else self.of_strangers
            has_room = self._there[name] < most and self._there.total() < self.most
            self._there += Counter({name: 1} if has_room else {})
            return has_room

    def _leave(self, name: str) -> None:
        with self._lock:
            self._there -= Counter({name: 1})
