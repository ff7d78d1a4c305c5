"""Every port of `csvgate.ports` in the memory of one process: the same promises, no network, safe for threads.

It ships with the product: the tests tell the whole story with it, and so may the tests of those who build on csvgate.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import RLock
from typing import Literal

from csvgate.core.findings import Verdict
from csvgate.ports import Arrival, ArrivalKind, Claim, Delivery, ObjectVersion, OpenObject, Standing, State

Versioning = Literal["enabled", "suspended", "off"]
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stored:
    """One version as the store keeps it."""

    version: ObjectVersion
    body: bytes


class MemoryObjectStore:
    """S3 in memory: versions, delete markers, sequencers; what it would notify is in `arrivals`.

    `versioning` may be switched at any time; `clock` gives the upload times (a second apart if left out).
    """

    def __init__(self, *, versioning: Versioning = "enabled", clock: Callable[[], datetime] | None = None) -> None:
        ticks = count()
        self.versioning: Versioning = versioning
        self.arrivals: list[Arrival] = []
        self._clock = clock or (lambda: EPOCH + timedelta(seconds=next(ticks)))
        self._numbers = count(1)
        self._keys: dict[tuple[str, str], list[_Stored]] = {}
        self._documents: dict[str, bytes] = {}
        self._lock = RLock()

    def put(self, bucket: str, key: str, body: bytes) -> Arrival:
        """The object has a new current version; the answer is the event that S3 would send."""
        with self._lock:
            etag = hashlib.md5(body, usedforsecurity=False).hexdigest()
            version = self._add(bucket, key, body, etag=etag)
            return self._notify(version, "created")

    def delete(self, bucket: str, key: str) -> Arrival:
        """The key has no current version; where versions are kept, a delete marker says so."""
        with self._lock:
            if self.versioning == "off":
                self._keys.pop((bucket, key), None)
                return self._notify(_absent(bucket, key, None, self._clock()), "deleted")
            return self._notify(self._add(bucket, key, b"", etag=None, is_delete_marker=True), "deleted")

    def purge(self, bucket: str, key: str, version_id: str | None) -> Arrival:
        """One version is gone for good; the newest of the others is the current one."""
        with self._lock:
            self._drop(bucket, key, version_id)
            return self._notify(_absent(bucket, key, version_id, self._clock()), "purged")

    def find(self, bucket: str, key: str, version_id: str | None = None) -> ObjectVersion | None:
        """See ObjectStore."""
        stored = self._stored(bucket, key, version_id)
        return None if stored is None or stored.version.is_delete_marker else stored.version

    def open(self, arrival: Arrival) -> OpenObject | Literal["vanished", "superseded"]:
        """See ObjectStore."""
        stored = self._stored(arrival.bucket, arrival.key, arrival.version_id)
        if stored is None or stored.version.is_delete_marker:
            return "vanished"
        if arrival.version_id is None and arrival.etag not in (None, stored.version.etag):
            return "superseded"
        return OpenObject(version=stored.version, chunks=lambda: _cut(stored.body))

    def versions(self, bucket: str, prefix: str = "") -> Iterator[ObjectVersion]:
        """See ObjectStore."""
        with self._lock:
            keys = sorted(key for home, key in self._keys if home == bucket and key.startswith(prefix))
            listed = [stored.version for key in keys for stored in reversed(self._keys[bucket, key])]
        return iter(listed)

    def write(self, bucket: str, key: str, body: bytes, content_type: str) -> str:  # noqa: ARG002 (kept by S3 only)
        """See ObjectStore."""
        uri = f"s3://{bucket}/{key}"
        with self._lock:
            self._documents[uri] = body
        return uri

    def read(self, uri: str) -> bytes | None:
        """See ObjectStore."""
        with self._lock:
            return self._documents.get(uri)

    def _stored(self, bucket: str, key: str, version_id: str | None) -> _Stored | None:
        with self._lock:
            history = self._keys.get((bucket, key), [])
            wanted = history[-1:] if version_id is None else [s for s in history if s.version.version_id == version_id]
            return wanted[0] if wanted else None

    def _add(
        self, bucket: str, key: str, body: bytes, *, etag: str | None, is_delete_marker: bool = False
    ) -> ObjectVersion:
        version_id = f"version-{next(self._numbers)}" if self.versioning == "enabled" else None
        if version_id is None:
            self._drop(bucket, key, None)
        version = ObjectVersion(
            bucket=bucket,
            key=key,
            version_id=version_id,
            etag=etag,
            size=len(body),
            last_modified=self._clock().replace(microsecond=0),
            is_latest=True,
            is_delete_marker=is_delete_marker,
        )
        older = [replace(s, version=replace(s.version, is_latest=False)) for s in self._keys.get((bucket, key), [])]
        self._keys[bucket, key] = [*older, _Stored(version=version, body=body)]
        return version

    def _drop(self, bucket: str, key: str, version_id: str | None) -> None:
        left = [s for s in self._keys.pop((bucket, key), []) if s.version.version_id != version_id]
        if left:
            newest = replace(left[-1], version=replace(left[-1].version, is_latest=True))
            self._keys[bucket, key] = [*left[:-1], newest]

    def _notify(self, version: ObjectVersion, kind: ArrivalKind) -> Arrival:
        arrival = Arrival(
            bucket=version.bucket,
            key=version.key,
            version_id=version.version_id,
            etag=version.etag,
            size=version.size if kind == "created" else None,
            # Trailing zeros carry no meaning, so leaving them out gives the unequal lengths that S3 may send.
            sequencer=f"{next(self._numbers):018X}".rstrip("0"),
            time=version.last_modified,
            kind=kind,
        )
        self.arrivals.append(arrival)
        return arrival


def _absent(bucket: str, key: str, version_id: str | None, when: datetime) -> ObjectVersion:
    return ObjectVersion(
        bucket=bucket, key=key, version_id=version_id, etag=None, size=0, last_modified=when, is_latest=False
    )


def _cut(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), CHUNK_BYTES):
        yield body[start : start + CHUNK_BYTES]


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A message as a consumer receives it: for the n-th time."""

    message_id: str
    body: str
    receive_count: int = 1


@dataclass(kw_only=True, slots=True)
class MemoryQueue:
    """SQS in memory: who receives a message hides it until it is deleted or given back; too many receives kill it."""

    max_receives: int = 5
    dead: list[Message] = field(default_factory=list)
    _waiting: deque[Message] = field(default_factory=deque)
    _in_flight: dict[str, Message] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)
    _lock: RLock = field(default_factory=RLock)

    def send(self, body: str) -> None:
        """See Queue."""
        with self._lock:
            self._waiting.append(Message(message_id=f"message-{next(self._numbers)}", body=body, receive_count=0))

    def receive(self, limit: int = 10) -> tuple[Message, ...]:
        """The next messages are in flight: nobody else receives them."""
        with self._lock:
            taken = [self._waiting.popleft() for _ in range(min(limit, len(self._waiting)))]
            counted = tuple(replace(message, receive_count=message.receive_count + 1) for message in taken)
            self._in_flight.update((message.message_id, message) for message in counted)
            return counted

    def delete(self, message_id: str) -> None:
        """The message is done with; unknown ids are no error."""
        with self._lock:
            self._in_flight.pop(message_id, None)

    def give_back(self, message_id: str) -> None:
        """The message can be received again, or is dead if it was received too often."""
        with self._lock:
            message = self._in_flight.pop(message_id)
            (self.dead if message.receive_count >= self.max_receives else self._waiting).append(message)

    def __len__(self) -> int:
        """How many messages wait or are in flight."""
        return len(self._waiting) + len(self._in_flight)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    """A delivery as the catalog keeps it, and whose work it is until when."""

    delivery: Delivery
    owner: str | None = None
    busy_until: datetime = EPOCH
    column_names: tuple[str, ...] = ()


class MemoryCatalog:
    """Catalog and CatalogView in memory, with one lock in the place of conditional writes and transactions."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._heads: dict[tuple[str, str], str] = {}
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
                self._heads[delivery.arrival.bucket, delivery.arrival.key] = delivery.delivery_id
            return True

    def get(self, delivery_id: str) -> Delivery | None:
        """See Catalog."""
        with self._lock:
            kept = self._kept.get(delivery_id)
            return kept.delivery if kept else None

    def head(self, bucket: str, key: str) -> Delivery | None:
        """See Catalog."""
        with self._lock:
            delivery_id = self._heads.get((bucket, key))
            return self._kept[delivery_id].delivery if delivery_id else None

    def column_names(self, delivery_id: str) -> tuple[str, ...]:
        """The column names that were recorded with a delivery."""
        with self._lock:
            return self._kept[delivery_id].column_names

    def history(self, bucket: str, key: str) -> Iterator[Delivery]:
        """See CatalogView."""
        return (d for d in self._newest_first() if (d.arrival.bucket, d.arrival.key) == (bucket, key))

    def newest(
        self, *, state: State | None = None, verdict: Verdict | None = None, day: str | None = None
    ) -> Iterator[Delivery]:
        """See CatalogView."""
        for delivery in self._newest_first():
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
        head_id = self._heads.get((arrival.bucket, arrival.key))
        if standing.how == "older":
            return False
        if standing.how == "latest":
            return True if head_id in (standing.seen, delivery.delivery_id) else None
        if head_id in (None, delivery.delivery_id):
            return True
        order = self._kept[str(head_id)].delivery.arrival.order
        return arrival.order > order if order and arrival.order else None

    def _newest_first(self) -> list[Delivery]:
        with self._lock:
            deliveries = [kept.delivery for kept in self._kept.values()]
        return sorted(deliveries, key=lambda d: (d.upload_timestamp, d.arrival.order or d.delivery_id), reverse=True)
