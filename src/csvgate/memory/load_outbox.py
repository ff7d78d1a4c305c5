"""What a sink in memory did in; the same, until the catalog has heard it, out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from threading import RLock

from csvgate.delivery import Delivery


class MemoryLoadOutbox:
    """LoadOutbox in memory: of each delivery what was done last, and when."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._open: dict[str, tuple[Delivery, datetime]] = {}
        self._lock = RLock()

    def add(self, delivery: Delivery) -> None:
        """The catalog has to hear it."""
        with self._lock:
            self._open[delivery.delivery_id] = (delivery, self._clock())

    def of(self, delivery_id: str) -> Delivery | None:
        """See LoadOutbox."""
        with self._lock:
            delivery, _ = self._open.get(delivery_id, (None, None))
            return delivery

    def due(self, before: datetime) -> Iterator[Delivery]:
        """See LoadOutbox."""
        with self._lock:
            found = [delivery for delivery, made_at in self._open.values() if made_at <= before]
        return iter(found)

    def forget(self, delivery_id: str) -> None:
        """There is nothing to hear of the delivery any more."""
        with self._lock:
            self._open.pop(delivery_id, None)

    def close(self, delivery: Delivery) -> None:
        """See LoadOutbox."""
        with self._lock:
            known = self.of(delivery.delivery_id)
            if known and (known.generation, known.state) == (delivery.generation, delivery.state):
                del self._open[delivery.delivery_id]
