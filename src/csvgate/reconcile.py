"""All that a bucket holds and all that the catalog knows in; what does not agree out, and what is missing on its way.

The only proof that nothing was lost: a notification that never came is invisible everywhere else.
It may run at any time and as often as one likes: an arrival that is known when its event is read changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Any, Literal

from csvgate.delivery import Arrival, Delivery
from csvgate.delivery_json import instant
from csvgate.heads import arrival_of, lead
from csvgate.ports import ObjectStore, ObjectVersion, Ports

# settled: in its last state. pending: in work, or about to be. missing: the catalog never heard of it.
# stuck: somebody began and went silent. failed: we gave up. unsure: it cannot be told which delivery it is.
Condition = Literal["settled", "pending", "missing", "stuck", "failed", "unsure"]

BATCH = 100
# Of each kind so many are named; all are counted.
NAMED = 1_000
GRACE = timedelta(minutes=15)
END_OF_TIME = datetime.max.replace(tzinfo=UTC)
# In these states nobody expects the object to be there any more.
WITHOUT_OBJECT = frozenset({"vanished", "superseded"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What to compare, and what to do about it; within `grace` of its upload, nothing is called missing or stuck."""

    bucket: str
    prefix: str = ""
    grace: timedelta = GRACE
    retry_failed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """How many there are of a kind, and the first of them."""

    count: int = 0
    first: tuple[dict[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The group as `csvgate reconcile --json` shows it."""
        return {"count": self.count, "first": list(self.first)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reconciliation:
    """What the comparison found.

    `missing` and `stuck` were put on the arrivals queue, `failed` only if that was asked for.
    `heads` are keys whose newest delivery was not that of the version which the store calls the latest;
    where it is `repaired`, that one leads now.
    `gone` are deliveries whose object is no longer there: good to know, no fault.
    """

    bucket: str
    versions: int
    enqueued: int
    settled: int
    pending: int
    missing: Group
    stuck: Group
    failed: Group
    unsure: Group
    heads: Group
    gone: Group

    @property
    def agrees(self) -> bool:
        """The catalog says what the bucket holds; what is pending will follow."""
        return not any(group.count for group in (self.missing, self.stuck, self.failed, self.unsure, self.heads))

    def to_json(self) -> dict[str, Any]:
        """The reconciliation as `csvgate reconcile --json` shows it."""
        values = {name: getattr(self, name) for name in self.__slots__}
        shown = {name: value.to_json() if isinstance(value, Group) else value for name, value in values.items()}
        return {**shown, "agrees": self.agrees}


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """One version of the store beside what the catalog has of it."""

    version: ObjectVersion
    arrival: Arrival
    delivery: Delivery | None
    condition: Condition

    @property
    def delivery_id(self) -> str:
        """The catalog's id; of a version that it never heard of, the one that it will have."""
        return (self.delivery or self.arrival).delivery_id


@dataclass(frozen=True, slots=True)
class _Tally:
    """Counts, and the first few of each kind, while the bucket is read."""

    counts: Counter[str] = field(default_factory=Counter)
    named: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, kind: str, item: dict[str, Any]) -> None:
        self.counts[kind] += 1
        if self.counts[kind] <= NAMED:
            self.named.setdefault(kind, []).append(item)

    def group(self, kind: str) -> Group:
        return Group(count=self.counts[kind], first=tuple(self.named.get(kind, ())))


def reconcile(
    order: Order, ports: Ports, enqueue: Callable[[Arrival], None], progress: Callable[[int], None] = lambda _: None
) -> Reconciliation:
    """Bucket and catalog are compared; what is missing or stuck is on its way again, and heads are put right.

    `progress` is told how many versions have been looked at so far.
    """
    tally, listed = _Tally(), set[bytes]()
    for number, compared in enumerate(compare(order, ports), start=1):
        listed.add(bytes.fromhex(compared.delivery_id))
        tally.add(compared.condition, _described(compared))
        if _is_to_be_sent(compared, order):
            enqueue(compared.arrival)
            tally.counts["enqueued"] += 1
        if difference := _head_put_right(compared, ports):
            tally.add("heads", difference)
        progress(number)
        tally.counts["versions"] = number
    for delivery in _gone(order, ports, listed):
        tally.add("gone", _named(delivery.arrival) | {"delivery_id": delivery.delivery_id, "state": delivery.state})
    return _concluded(order, tally)


def compare(order: Order, ports: Ports) -> Iterator[Compared]:
    """Every version and delete marker of the bucket, beside its delivery."""
    # Without a grace nothing is young, also by a store whose clock is ahead of ours.
    since = ports.clock() - order.grace if order.grace else END_OF_TIME
    versions = ports.objects.versions(order.bucket, order.prefix)
    while batch := list(islice(versions, BATCH)):
        arrivals = [arrival_of(version) for version in batch]
        known = ports.view.known(arrival.delivery_id for arrival in arrivals if arrival.version_id)
        for version, arrival in zip(batch, arrivals, strict=True):
            found = known.get(arrival.delivery_id) if version.version_id else _of_upload(version, arrival, ports)
            delivery = None if found == "unsure" else found
            condition: Condition = "unsure" if found == "unsure" else judge(version, delivery, since=since)
            # The catalog's own arrival has the sequencer, where there was one.
            best = delivery.arrival if delivery else arrival
            yield Compared(version=version, arrival=best, delivery=delivery, condition=condition)


def judge(version: ObjectVersion, delivery: Delivery | None, *, since: datetime) -> Condition:
    """How the version stands; what was uploaded after `since` may still be on its way by itself."""
    if delivery is not None and delivery.is_final:
        return "settled"
    if delivery is not None and delivery.state == "failed":
        return "failed"
    if version.last_modified > since:
        return "pending"
    return "stuck" if delivery else "missing"


def _of_upload(version: ObjectVersion, arrival: Arrival, ports: Ports) -> Delivery | Literal["unsure"] | None:
    """The delivery of a version without an id: by kind, etag, size and upload time.

    The same content at another time may have been this upload or one before it: that is reported, not repeated.
    """
    uploaded = version.last_modified.replace(microsecond=0)
    history = ports.view.history(version.bucket, version.key)
    later = takewhile(lambda delivery: delivery.upload_timestamp >= uploaded, history)
    alike = [delivery for delivery in later if _is_alike(delivery.arrival, arrival)]
    same = [delivery for delivery in alike if delivery.upload_timestamp == uploaded or not delivery.is_final]
    best = max(same, key=lambda delivery: delivery.is_final, default=None)
    return best or ("unsure" if alike else None)


def _is_alike(one: Arrival, other: Arrival) -> bool:
    if one.kind != other.kind or one.version_id is not None:
        return False
    return one.kind != "created" or (one.etag, one.size) == (other.etag, other.size)


def _is_to_be_sent(compared: Compared, order: Order) -> bool:
    return compared.condition in ({"missing", "stuck", "failed"} if order.retry_failed else {"missing", "stuck"})


def _head_put_right(compared: Compared, ports: Ports) -> dict[str, Any] | None:
    """What the head of the key said instead, if the store calls this version the latest and goes on saying so."""
    version, delivery = compared.version, compared.delivery
    if not version.is_latest or delivery is None or compared.condition != "settled":
        return None
    head = ports.catalog.head(version.bucket, version.key)
    if head is not None and head.delivery_id == delivery.delivery_id:
        return None
    found = ports.objects.find(version.bucket, version.key)
    if (found.version_id if found else None) != (None if version.is_delete_marker else version.version_id):
        return None
    return _named(delivery.arrival) | {
        "latest": delivery.delivery_id,
        "head": head.delivery_id if head else None,
        # If not, somebody else has changed it meanwhile, and the next run will see.
        "repaired": lead(delivery, head, ports),
    }


def _gone(order: Order, ports: Ports, listed: set[bytes]) -> Iterator[Delivery]:
    """Deliveries whose object the bucket does not hold; each is asked for, since it may have come after the list."""
    for delivery in ports.view.newest():
        is_listed = bytes.fromhex(delivery.delivery_id) in listed
        if not is_listed and _had_object(delivery, order) and not _is_there(delivery.arrival, ports.objects):
            yield delivery


def _had_object(delivery: Delivery, order: Order) -> bool:
    arrival = delivery.arrival
    is_ours = arrival.bucket == order.bucket and arrival.key.startswith(order.prefix)
    return is_ours and arrival.kind == "created" and delivery.state not in WITHOUT_OBJECT


def _is_there(arrival: Arrival, objects: ObjectStore) -> bool:
    found = objects.find(arrival.bucket, arrival.key, arrival.version_id)
    return found is not None and arrival.etag in {None, found.etag}


def _described(compared: Compared) -> dict[str, Any]:
    reason = compared.delivery.reason if compared.delivery else None
    told = {"delivery_id": compared.delivery_id, "kind": compared.arrival.kind}
    return _named(compared.arrival) | told | ({"reason": reason} if reason else {})


def _named(arrival: Arrival) -> dict[str, Any]:
    uploaded = instant(arrival.time) if arrival.time else None
    return {"key": arrival.key, "version_id": arrival.version_id, "uploaded": uploaded}


def _concluded(order: Order, tally: _Tally) -> Reconciliation:
    return Reconciliation(
        bucket=order.bucket,
        versions=tally.counts["versions"],
        enqueued=tally.counts["enqueued"],
        settled=tally.counts["settled"],
        pending=tally.counts["pending"],
        missing=tally.group("missing"),
        stuck=tally.group("stuck"),
        failed=tally.group("failed"),
        unsure=tally.group("unsure"),
        heads=tally.group("heads"),
        gone=tally.group("gone"),
    )
