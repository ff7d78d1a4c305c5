"""Notices in; the same notices out, each until it is closed. And a channel that remembers what it was told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import RLock

from csvgate.telling.notices import Notice

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)


class MemoryOutbox:
    """Outbox in memory; a notice is known by its channel and its dedup_id."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], tuple[Notice, datetime]] = {}
        self._lock = RLock()

    def add(self, notices: Iterable[Notice]) -> None:
        """They have to be said."""
        with self._lock:
            self._open.update((_name(notice), (notice, AT_ONCE)) for notice in notices)

    def of(self, delivery_id: str) -> Iterator[Notice]:
        """See Outbox."""
        return (notice for notice, _ in self._all() if notice.delivery.delivery_id == delivery_id)

    def due(self, now: datetime) -> Iterator[Notice]:
        """See Outbox."""
        return (notice for notice, since in self._all() if since <= now)

    def postpone(self, notice: Notice, until: datetime) -> None:
        """See Outbox."""
        with self._lock:
            if _name(notice) in self._open:
                self._open[_name(notice)] = (replace(notice, tries=notice.tries + 1), until)

    def close(self, notice: Notice) -> None:
        """See Outbox."""
        with self._lock:
            self._open.pop(_name(notice), None)

    def _all(self) -> list[tuple[Notice, datetime]]:
        with self._lock:
            return [*self._open.values()]


@dataclass(kw_only=True, slots=True)
class MemoryNotifier:
    """Notifier in memory."""

    told: list[Notice] = field(default_factory=list)

    def notify(self, notice: Notice) -> None:
        """See Notifier."""
        self.told.append(notice)


def _name(notice: Notice) -> tuple[str, str]:
    return notice.channel, notice.dedup_id
