"""Feeds that say how often a file comes, and deliveries, in; for how long each of them has been silent, out.

A file that somebody forgot to send shows nowhere else: nothing arrives, and nothing fails.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from csvgate.core.contracts.feed import Feeds
from csvgate.delivery import Delivery
from csvgate.ports import Ports

# So many deliveries are looked at for a feed that is silent; who looks through all of them knows it anyway.
MOST = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Silence:
    """For how long no file of a feed came, at least; None where none ever did. `is_overdue`: for too long."""

    feed: str
    expected: timedelta
    lasted: timedelta | None

    @property
    def is_overdue(self) -> bool:
        """A file should have come."""
        return self.lasted is None or self.lasted > self.expected

    def to_json(self) -> dict[str, Any]:
        """As `csvgate reconcile --json` shows it."""
        lasted = None if self.lasted is None else round(self.lasted.total_seconds())
        return {"feed": self.feed, "expected_seconds": round(self.expected.total_seconds()), "silent_seconds": lasted}


@dataclass(kw_only=True, slots=True)
class Watch:
    """Hears of deliveries, and knows of each feed that is expected when the last file came."""

    feeds: Feeds
    _last: dict[str, datetime] = field(default_factory=dict)

    def hear(self, delivery: Delivery) -> None:
        """A file came, whatever became of it; a removal, or the marker of a folder, is none."""
        if delivery.arrival.kind != "created" or delivery.state == "ignored":
            return
        feed = self.feeds.of(delivery.arrival.key)
        if feed and feed.expect_every:
            known = self._last.get(feed.name, delivery.upload_timestamp)
            self._last[feed.name] = max(known, delivery.upload_timestamp)

    def knows_all(self) -> bool:
        """Of every feed that is expected, a file is known."""
        return all(feed.name in self._last for feed in self.feeds.feeds if feed.expect_every)

    def silences(self, now: datetime, since: datetime | None = None) -> list[Silence]:
        """Of each feed that is expected; where not all was heard, but only what came `since`, what is known by that."""
        found = []
        for feed in self.feeds.feeds:
            if feed.expect_every:
                last = self._last.get(feed.name, since)
                lasted = None if last is None else max(now - last, timedelta(0))
                silence = Silence(feed=feed.name, expected=feed.expect_every, lasted=lasted)
                if feed.name in self._last or silence.is_overdue:
                    found.append(silence)
        return found


def recent(ports: Ports, most: int = MOST) -> list[Silence]:
    """The silences, by the newest deliveries; of a feed of which these tell nothing, nothing is said."""
    watch, since = Watch(feeds=ports.feeds), None
    if watch.knows_all():
        return []
    for number, delivery in enumerate(ports.view.newest(), start=1):
        watch.hear(delivery)
        if watch.knows_all() or number >= most:
            since = delivery.upload_timestamp
            break
    return watch.silences(ports.clock(), since)
