"""All that a bucket and the sinks hold and all that the catalog knows in; what differs out, and what is missing sent.

The only proof that nothing was lost: a notification that never came is invisible everywhere else.
It may run at any time and as often as one likes: an arrival that is known when its event is read changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice, takewhile
from typing import Any, Literal

from csvgate.delivery import Arrival, Delivery
from csvgate.errors import CsvgateError, PermanentError
from csvgate.pipeline.heads import arrival_of, lead
from csvgate.ports import Ports
from csvgate.ports.objects import ObjectStore, ObjectVersion
from csvgate.upkeep.loads import compare_sinks, without_rows
from csvgate.upkeep.reconciliation import KINDS, Order, Reconciliation, Tally, named
from csvgate.upkeep.replay import replay
from csvgate.upkeep.silence import Watch

# settled: in its last state. pending: in work, or about to be. missing: the catalog never heard of it.
# stuck: somebody began and went silent. failed: we gave up. unsure: it cannot be told which delivery it is.
Condition = Literal["settled", "pending", "missing", "stuck", "failed", "unsure"]

BATCH = 100
END_OF_TIME = datetime.max.replace(tzinfo=UTC)
# In these states nobody expects the object to be there any more.
WITHOUT_OBJECT = frozenset({"vanished", "superseded", "erasing", "erased"})


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


def reconcile(
    order: Order, ports: Ports, enqueue: Callable[[Arrival], None], progress: Callable[[int], None] = lambda _: None
) -> Reconciliation:
    """Bucket, sinks and catalog are compared; what is missing or stuck is on its way again, and heads are put right.

    What sinks know and the catalog does not is in it. `progress` is told how many versions have been looked at so far.
    """
    tally, listed = Tally(), set[bytes]()
    _catch_up(order, ports, tally)
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
    for kind, item in compare_sinks(order, ports):
        tally.add(kind, item)
    _look_through(order, ports, listed, tally)
    return _concluded(order, tally)


def compare(order: Order, ports: Ports) -> Iterator[Compared]:
    """Every version and delete marker of the bucket, beside its delivery."""
    # Without a grace nothing is young, also by a store whose clock is ahead of ours.
    since = ports.clock() - order.grace if order.grace else END_OF_TIME
    versions = ports.objects.versions(order.bucket, order.within)
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


def _catch_up(order: Order, ports: Ports, tally: Tally) -> None:
    """What sinks have to say is said first, so that it is not taken for missing."""

    def watch(done: Delivery, problem: CsvgateError | None) -> None:
        told = {"delivery_id": done.delivery_id, "sink": done.state, "repaired": problem is None}
        tally.add("unheard", named(done.arrival) | told)

    replay(ports, watch, order.grace)


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
    found_instead = {"latest": delivery.delivery_id, "head": head.delivery_id if head else None}
    return named(delivery.arrival) | found_instead | _led(delivery, head, ports)


def _led(delivery: Delivery, head: Delivery | None, ports: Ports) -> dict[str, Any]:
    """Whether it leads now; if not, why: perhaps somebody else has changed it, and the next run will see."""
    try:
        return {"repaired": lead(delivery, head, ports)}
    except PermanentError as exc:
        return {"repaired": False, "reason": str(exc)}


def _look_through(order: Order, ports: Ports, listed: set[bytes], tally: Tally) -> None:
    """All that the catalog knows: whose object is gone, whose rows are nowhere, and who has sent nothing."""
    watch = Watch(feeds=ports.feeds)
    for delivery in ports.view.newest():
        watch.hear(delivery)
        if not order.covers(delivery.arrival):
            continue
        if bytes.fromhex(delivery.delivery_id) not in listed and _is_gone(delivery, ports.objects):
            told = {"delivery_id": delivery.delivery_id, "state": delivery.state}
            tally.add("gone", named(delivery.arrival) | told)
        if delivery.state == "erasing":
            tally.add("erasing", named(delivery.arrival) | {"delivery_id": delivery.delivery_id})
        if lacking := without_rows(delivery, ports):
            tally.add(*lacking)
    for silence in watch.silences(ports.clock()):
        if silence.is_overdue and order.is_whole:
            tally.add("silent", silence.to_json())


def _is_gone(delivery: Delivery, objects: ObjectStore) -> bool:
    """Its object is not in the bucket; each is asked for, since it may have come after the list."""
    has_had_one = delivery.arrival.kind == "created" and delivery.state not in WITHOUT_OBJECT
    return has_had_one and not _is_there(delivery.arrival, objects)


def _is_there(arrival: Arrival, objects: ObjectStore) -> bool:
    found = objects.find(arrival.bucket, arrival.key, arrival.version_id)
    return found is not None and arrival.etag in {None, found.etag}


def _described(compared: Compared) -> dict[str, Any]:
    reason = compared.delivery.reason if compared.delivery else None
    told = {"delivery_id": compared.delivery_id, "kind": compared.arrival.kind}
    return named(compared.arrival) | told | ({"reason": reason} if reason else {})


def _concluded(order: Order, tally: Tally) -> Reconciliation:
    return Reconciliation(
        bucket=order.bucket,
        versions=tally.counts["versions"],
        enqueued=tally.counts["enqueued"],
        settled=tally.counts["settled"],
        pending=tally.counts["pending"],
        **{kind: tally.group(kind) for kind in KINDS},
    )
