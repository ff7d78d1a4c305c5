"""A delivery that has ended in; the word about it, as every channel passes it on, out. And what a channel has to be.

The word has a bounded size and holds no cell of the file. It is said at least once: `dedup_id` tells repetitions.
Format: CloudEvents 1.0.2, JSON; with its extension "Distributed Tracing", where the delivery was traced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, cast

from csvgate.core.contracts.feed import Channel
from csvgate.delivery import Delivery
from csvgate.delivery_json import facts
from csvgate.report.words import count
from csvgate.telemetry.tracing import NOTHING, TRACEPARENT, Carrier

# What people read; the others are programs, which filter for themselves.
PEOPLE: frozenset[Channel] = frozenset({"slack", "mail"})
PROBLEMS = frozenset({"failed", "rejected", "vanished"})
# All of it is of bounded size; the names of columns, which are not, and the etag, which says nothing, are left out.
UNTOLD = frozenset({"etag", "column_names"})
REASON_LENGTH = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """The word about a delivery's last state, for one channel; tried so often in vain.

    `channel` is as a feed names it: behind a colon stands who is told by it, and not whom the settings name.
    """

    delivery: Delivery
    channel: str
    tries: int = 0

    @property
    def kind(self) -> Channel:
        """What passes it on."""
        return kind_of(self.channel)

    @property
    def recipient(self) -> str:
        """Who alone is told; '' for whom the settings name."""
        return self.channel.partition(":")[2]

    @property
    def carrier(self) -> Carrier:
        """The trace in which the delivery was recorded, if there was one."""
        stamp = self.delivery.traceparent
        return {TRACEPARENT: stamp} if stamp else NOTHING

    @property
    def dedup_id(self) -> str:
        """The same for every repetition; rows that were loaded again are another word."""
        again = f":{self.delivery.generation}" if (self.delivery.generation or 1) > 1 else ""
        return f"{self.delivery.delivery_id}:{self.delivery.state}{again}"


class Notifier(Protocol):
    """One channel."""

    def notify(self, notice: Notice) -> None:
        """Whoever listens has been told, at least once; TransientError or PermanentError if not."""


class Outbox(Protocol):
    """What has to be said and was not yet; it is written in the transaction that records a delivery."""

    def of(self, delivery_id: str) -> Iterator[Notice]:
        """What has to be said about one delivery."""

    def due(self, now: datetime) -> Iterator[Notice]:
        """All that has to be said by now."""

    def postpone(self, notice: Notice, until: datetime) -> None:
        """It was tried once more in vain, and is not due before then."""

    def close(self, notice: Notice) -> None:
        """There is nothing more to say; closing again changes nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """Which channels there are, and of what those for people tell; of the feeds in `by_feed`, those channels alone."""

    channels: tuple[str, ...] = ()
    people_hear: Literal["problems", "everything"] = "problems"
    by_feed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def notices(self, delivery: Delivery) -> tuple[Notice, ...]:
        """What has to be said about the delivery, and where; of folder markers, and before all is erased, nothing."""
        if delivery.state in {"ignored", "erasing"}:
            return ()
        hears_all = self.people_hear == "everything" or is_problem(delivery)
        named = self.by_feed.get(delivery.feed or "", self.channels)
        heard = (channel for channel in named if hears_all or kind_of(channel) not in PEOPLE)
        return tuple(Notice(delivery=delivery, channel=channel) for channel in heard)

    def kinds(self) -> frozenset[Channel]:
        """All that is needed to tell everybody."""
        return frozenset(kind_of(channel) for named in (self.channels, *self.by_feed.values()) for channel in named)


NOBODY = Audience()


def kind_of(channel: str) -> Channel:
    """The channel without who is told by it."""
    return cast("Channel", channel.partition(":")[0])


def is_problem(delivery: Delivery) -> bool:
    """Somebody should look at it."""
    return delivery.state in PROBLEMS or delivery.verdict in {"warning", "rejected"}


def event(notice: Notice) -> dict[str, Any]:
    """The word as a CloudEvent."""
    delivery = notice.delivery
    known = facts(delivery) | {"reason": _reason(delivery)}
    return {
        "specversion": "1.0",
        "id": notice.dedup_id,
        "source": f"urn:csvgate:{delivery.arrival.bucket}",
        "type": f"csvgate.delivery.{delivery.state}",
        "subject": delivery.arrival.key,
        "datacontenttype": "application/json",
        **notice.carrier,
        "data": {name: value for name, value in known.items() if value is not None and name not in UNTOLD},
    }


def attributes(notice: Notice) -> dict[str, str]:
    """What subscribers filter by, and tell repetitions by."""
    known = facts(notice.delivery)
    shown = {name: str(known[name]) for name in ("feed", "verdict", "state") if known.get(name)}
    return {**shown, "dedup_id": notice.dedup_id}


def sentence(delivery: Delivery) -> str:
    """The word in one line, for people; names in it hold nothing that a terminal or a mail client would obey."""
    shape = (count(delivery.row_count or 0, "row"), count(delivery.column_count or 0, "column"))
    counted = "" if delivery.row_count is None else f", {', '.join(shape)}"
    verdict = f" ({delivery.verdict})" if delivery.verdict and delivery.verdict != delivery.state else ""
    # Of a rejected file no row was taken, whether or not it is one of those that were put aside for it.
    is_told = delivery.rows_quarantined and delivery.state != "rejected"
    aside = f", {delivery.rows_quarantined:,} put aside" if is_told else ""
    reason = _reason(delivery)
    because = f": {reason}" if reason else ""
    return _printable(f"{delivery.filename} {delivery.state}{verdict}{because}{counted}{aside}")


def place(delivery: Delivery) -> str:
    """Where the file is."""
    return _printable(f"s3://{delivery.arrival.bucket}/{delivery.arrival.key}")


def _reason(delivery: Delivery) -> str | None:
    """Why; of a file only the finding's code, since its message may quote the file."""
    if delivery.reason is None or delivery.state in {"failed", "erased"}:
        return delivery.reason and delivery.reason[:REASON_LENGTH]
    return delivery.reason.partition(":")[0][:REASON_LENGTH]


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
