"""Claims and deliveries in; who works on what, and what became of it, out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import RLock

from csvgate.core.findings import Verdict
from csvgate.delivery import Arrival, Delivery, State
from csvgate.memory.outbox import MemoryOutbox
from csvgate.ports.catalog import Claim, Standing, is_as_seen
from csvgate.telling.notices import NOBODY, Audience

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    """A delivery as the catalog keeps it, and whose work it is until when."""

    delivery: Delivery
    owner: str | None = None
    busy_until: datetime = LONG_AGO
    column_names: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Head:
    """Which delivery leads a key, and the sequencer that one has to exceed to follow it; '' if there is none."""

    delivery_id: str
    order: str


class MemoryCatalog:
    """Catalog and CatalogView in memory, with one lock in the place of conditional writes and transactions."""

    def __init__(self, audience: Audience = NOBODY) -> None:
        self.outbox = MemoryOutbox()
        self._audience = audience
        self._kept: dict[str, _Kept] = {}
        self._heads: dict[tuple[str, str], _Head] = {}
        self._lock = RLock()

    def claim(self, arrival: Arrival, *, owner: str, now: datetime, lease: timedelta) -> Claim:
        """See Catalog."""
        with self._lock:
            kept = self._kept.get(arrival.delivery_id)
            if kept and kept.delivery.is_final:
                return Claim(status="finished", delivery=kept.delivery, attempts=kept.delivery.attempts)
            if kept and kept.owner and kept.busy_until > now:
                attempts = kept.delivery.attempts
                return Claim(status="busy", delivery=kept.delivery, attempts=attempts, busy_until=kept.busy_until)
            attempts = kept.delivery.attempts + 1 if kept else 1
            delivery = replace(Delivery.of(arrival, "inspecting", at=arrival.time or now), attempts=attempts)
            self._kept[arrival.delivery_id] = _Kept(delivery=delivery, owner=owner, busy_until=now + lease)
            return Claim(status="held", delivery=delivery, attempts=attempts)

    def release(self, delivery_id: str, *, owner: str) -> None:
        """See Catalog."""
        with self._lock:
            kept = self._kept.get(delivery_id)
            if kept and kept.owner == owner:
                self._kept[delivery_id] = replace(kept, owner=None)

    def hold(self, delivery_id: str, *, owner: str, until: datetime) -> bool:
        """See Catalog."""
        with self._lock:
            kept = self._kept.get(delivery_id)
            if kept is None or kept.owner != owner:
                return False
            self._kept[delivery_id] = replace(kept, busy_until=until)
            return True

    def loading(self, delivery: Delivery) -> None:
        """See Catalog."""
        with self._lock:
            kept = self._kept.get(delivery.delivery_id)
            if kept and kept.delivery.state == "inspecting":
                self._kept[delivery.delivery_id] = replace(kept, delivery=replace(kept.delivery, state="loading"))

    def record(self, delivery: Delivery, column_names: Sequence[str], standing: Standing) -> bool:
        """See Catalog."""
        with self._lock:
            kept = self._kept.get(delivery.delivery_id)
            if kept and kept.delivery.is_final:
                return True
            leads = self._leads(delivery, standing)
            if leads is None:
                return False
            attempts = max(delivery.attempts, kept.delivery.attempts if kept else 0)
            recorded = replace(delivery, attempts=attempts)
            self._kept[delivery.delivery_id] = _Kept(delivery=recorded, column_names=tuple(column_names))
            if leads:
                self._put_first(delivery)
            self.outbox.add(self._audience.notices(recorded))
            return True

    def lead(self, delivery: Delivery, column_names: Sequence[str], *, seen: str | None, order: str = "") -> bool:
        """See Catalog."""
        with self._lock:
            head = self._heads.get((delivery.arrival.bucket, delivery.arrival.key))
            if (head.delivery_id if head else None) != seen:
                return False
            kept = self._kept[delivery.delivery_id]
            if delivery.delivery_id != seen:
                self._kept[delivery.delivery_id] = replace(kept, column_names=tuple(column_names))
            self._put_first(delivery, order)
            return True

    def amend(self, delivery: Delivery, column_names: Sequence[str], *, seen: Delivery) -> bool:
        """See Catalog."""
        with self._lock:
            kept = self._kept.get(delivery.delivery_id)
            if kept is None or not is_as_seen(kept.delivery, seen):
                return False
            self._kept[delivery.delivery_id] = _Kept(delivery=delivery, column_names=tuple(column_names))
            self.outbox.add(self._audience.notices(delivery))
            return True

    def get(self, delivery_id: str) -> Delivery | None:
        """See Catalog."""
        with self._lock:
            kept = self._kept.get(delivery_id)
            return kept.delivery if kept else None

    def head(self, bucket: str, key: str) -> Delivery | None:
        """See Catalog."""
        with self._lock:
            head = self._heads.get((bucket, key))
            return self._kept[head.delivery_id].delivery if head else None

    def column_names(self, delivery_id: str) -> tuple[str, ...]:
        """The column names that were recorded with a delivery."""
        with self._lock:
            return self._kept[delivery_id].column_names

    def history(self, bucket: str, key: str) -> Iterator[Delivery]:
        """See CatalogView."""
        return (d for d in self._newest_first() if (d.arrival.bucket, d.arrival.key) == (bucket, key))

    def newest(
        self,
        *,
        state: State | None = None,
        verdict: Verdict | None = None,
        day: str | None = None,
        until: datetime | None = None,
    ) -> Iterator[Delivery]:
        """See CatalogView."""
        for delivery in self._newest_first():
            if until and delivery.upload_timestamp > until:
                continue
            facts = (delivery.state, delivery.verdict, delivery.upload_timestamp.date().isoformat())
            if all(wanted in (None, fact) for wanted, fact in zip((state, verdict, day), facts, strict=True)):
                yield delivery

    def known(self, delivery_ids: Iterable[str]) -> dict[str, Delivery]:
        """See CatalogView."""
        with self._lock:
            return {name: self._kept[name].delivery for name in delivery_ids if name in self._kept}

    def _leads(self, delivery: Delivery, standing: Standing) -> bool | None:
        """Whether the delivery becomes the head; None where that cannot be told from here."""
        arrival = delivery.arrival
        head = self._heads.get((arrival.bucket, arrival.key))
        if standing.how == "older":
            return False
        if standing.how == "latest":
            return (head.delivery_id if head else None) == standing.seen or None
        if head is None:
            return True
        own = (head.delivery_id, head.order) == (delivery.delivery_id, arrival.order)
        return own or (bool(head.order) and arrival.order > head.order) or None

    def _put_first(self, delivery: Delivery, order: str = "") -> None:
        arrival = delivery.arrival
        head = self._heads.get((arrival.bucket, arrival.key))
        known = max(order, arrival.order)
        order = max(known, head.order) if head and known else known
        self._heads[arrival.bucket, arrival.key] = _Head(delivery_id=delivery.delivery_id, order=order)

    def _newest_first(self) -> list[Delivery]:
        with self._lock:
            deliveries = [kept.delivery for kept in self._kept.values()]
        return sorted(deliveries, key=lambda d: (d.upload_timestamp, d.arrival.order or d.delivery_id), reverse=True)
