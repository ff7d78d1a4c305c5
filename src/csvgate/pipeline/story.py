"""The story of one file: an Arrival in, its inspection stored, its Delivery on the way and in the catalog at the end.

    arrival -> identify -> inspect_delivery -> message -> record_delivery -> catalog

Everything may happen twice, late or by half: whoever is killed in here is followed by a redelivery that ends the same.
Lambda, worker and command line only decode, call this, and encode.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from csvgate.core.inspection import inspect
from csvgate.core.receipt import compose
from csvgate.delivery import Arrival, Delivery, State
from csvgate.delivery_json import facts, to_message
from csvgate.errors import CsvgateError, DeliveryBusy, PermanentError, TransientError
from csvgate.pipeline.heads import ATTEMPTS, column_names, keeps_changing, latest, lead_to_latest
from csvgate.pipeline.hurry import NO_HURRY, Hurry, in_time
from csvgate.pipeline.inspections import REASON_LENGTH, document_of
from csvgate.pipeline.loading import judge, load
from csvgate.ports import Ports
from csvgate.ports.catalog import Claim, Standing
from csvgate.ports.objects import ObjectStore, ObjectVersion
from csvgate.side_by_side import company

POLL = timedelta(milliseconds=100)
# A claim is held on to so often while a file is read; one more pass over the file may begin in between.
HOLDS_PER_LEASE = 3


def inspect_delivery(arrival: Arrival, ports: Ports, hurry: Hurry = NO_HURRY) -> Delivery:
    """The arrival is inspected, or was before, and the record stage hears of it; a repeated one changes nothing.

    It is an arrival that `identify` gave: whoever handles an error has to speak of the same delivery.
    """
    claim = _claim(arrival, ports, hurry)
    if claim.status == "finished" and claim.delivery:
        return claim.delivery
    if claim.status == "busy":
        message = f"another worker holds delivery {arrival.delivery_id}"
        raise DeliveryBusy(message)
    with _released_on_error(arrival, ports):
        delivery = replace(_examine(arrival, ports, hurry), attempts=claim.attempts)
        ports.inspected.send(to_message(delivery))
    return delivery


def record_delivery(delivery: Delivery, ports: Ports, hurry: Hurry = NO_HURRY) -> Delivery:
    """The delivery is in the catalog in its last state, and the head of its key if it is the newest version.

    Where time ends before its rows are loaded, none of them is, and it has to come again.
    """
    concluded = _concluded(delivery, ports, hurry)
    names = column_names(delivery, ports.objects)
    if names is None:
        return _erased(delivery, ports)
    _settle(concluded, names, ports)
    heard(concluded, ports)
    return concluded


def heard(delivery: Delivery, ports: Ports) -> None:
    """Its sink knows that the catalog has it; where the sink cannot be told, it is said once more."""
    if outbox := ports.load_outboxes.get(delivery.sink or ""):
        with suppress(CsvgateError):
            outbox.close(delivery)


def fail_inspection(arrival: Arrival, reason: str, ports: Ports) -> Delivery:
    """The record stage hears that the arrival could not be inspected; a redrive may still finish it."""
    failed = _failed(_became(arrival, "received", arrival.time or ports.clock(), ports), reason)
    ports.inspected.send(to_message(failed))
    return failed


def fail_recording(delivery: Delivery, reason: str, ports: Ports) -> Delivery:
    """The catalog knows the delivery as failed, unless it is finished; a redrive may still finish it."""
    failed = _failed(delivery, reason)
    _settle(failed, (), ports)
    return failed


def receipt_of(delivery: Delivery, objects: ObjectStore) -> dict[str, Any]:
    """The whole receipt: the inspection from the results bucket, where there is one, and the delivery's facts."""
    return compose(document_of(delivery, objects) or {}, facts(delivery))


def identify(arrival: Arrival, ports: Ports) -> Arrival:
    """The arrival with all that its identity needs.

    A version id is enough. Without one the store is asked which object is meant, and an object that was
    delivered before keeps that identity: by etag, size and upload time, if no two sequencers tell them apart.
    """
    if arrival.kind != "created" or arrival.version_id:
        return arrival
    found = ports.objects.find(arrival.bucket, arrival.key)
    if found is None or arrival.etag not in {None, found.etag}:
        return arrival
    if arrival.order:
        earlier = (past for past in _same_upload(found, ports) if past.order in {"", arrival.order})
        return next(earlier, replace(arrival, etag=found.etag, size=found.size))
    named = replace(arrival, version_id=found.version_id, etag=found.etag, size=found.size, time=found.last_modified)
    return named if named.version_id else next(_same_upload(found, ports), named)


def _same_upload(found: ObjectVersion, ports: Ports) -> Iterator[Arrival]:
    """Arrivals in the key's history that brought this very object."""
    uploaded = found.last_modified.replace(microsecond=0)
    history = ports.view.history(found.bucket, found.key)
    for past in takewhile(lambda past: past.upload_timestamp >= uploaded, history):
        arrival = past.arrival
        same = (arrival.version_id, arrival.etag, arrival.size, past.upload_timestamp)
        if arrival.kind == "created" and same == (None, found.etag, found.size, uploaded):
            yield arrival


def _claim(arrival: Arrival, ports: Ports, hurry: Hurry) -> Claim:
    for _ in range(hurry.patience // POLL):
        claim = ports.catalog.claim(arrival, owner=ports.owner, now=ports.clock(), lease=ports.lease)
        if claim.status != "busy":
            return claim
        time.sleep(POLL.total_seconds())
    return ports.catalog.claim(arrival, owner=ports.owner, now=ports.clock(), lease=ports.lease)


@contextmanager
def _released_on_error(arrival: Arrival, ports: Ports) -> Iterator[None]:
    try:
        yield
    except CsvgateError:
        # If even this fails, the lease runs out by itself.
        with suppress(CsvgateError):
            ports.catalog.release(arrival.delivery_id, owner=ports.owner)
        raise


def _examine(arrival: Arrival, ports: Ports, hurry: Hurry) -> Delivery:
    """What became of the arrival; only an object that is there and has content is read."""
    came = arrival.time or ports.clock()
    if arrival.kind != "created":
        return _became(arrival, "deleted", came, ports)
    opened = ports.objects.open(arrival)
    if isinstance(opened, str):
        return _became(arrival, opened, came, ports)
    ports.tracer.adopt(opened.metadata)
    stored = replace(arrival, etag=opened.version.etag, size=opened.version.size)
    if arrival.key.endswith("/") and stored.size == 0:
        return _became(stored, "ignored", opened.version.last_modified, ports)

    def source() -> Iterator[bytes]:
        return _held(in_time(opened.chunks(), hurry, ports.clock), arrival, ports)

    inspected = _became(stored, "inspected", opened.version.last_modified, ports)
    return judge(inspect(source, company=company), source, inspected, ports)


def _became(arrival: Arrival, state: State, at: datetime, ports: Ports) -> Delivery:
    """A delivery knows its feed whatever became of it: by that it is told who is told."""
    feed = ports.feeds.of(arrival.key)
    return replace(Delivery.of(arrival, state, at=at), feed=feed.name if feed else None)


def _held(chunks: Iterable[bytes], arrival: Arrival, ports: Ports) -> Iterator[bytes]:
    """The same chunks, and a claim that lasts as long as they do; DeliveryBusy if it was lost."""
    due = ports.clock() + ports.lease / HOLDS_PER_LEASE
    for chunk in chunks:
        now = ports.clock()
        if now >= due:
            if not ports.catalog.hold(arrival.delivery_id, owner=ports.owner, until=now + ports.lease):
                message = f"the claim on delivery {arrival.delivery_id} had run out, and is not ours any more"
                raise DeliveryBusy(message)
            due = now + ports.lease / HOLDS_PER_LEASE
        yield chunk


def _concluded(delivery: Delivery, ports: Ports, hurry: Hurry) -> Delivery:
    """Its rows are loaded, if they are to be, before anybody hears of it: the sink's ledger tells who comes again."""
    if delivery.state != "inspected":
        return delivery
    if delivery.verdict == "rejected":
        return replace(delivery, state="rejected")
    loaded = load(delivery, ports, hurry)
    return replace(loaded, state="recorded") if loaded.state == "inspected" else loaded


def _failed(delivery: Delivery, reason: str) -> Delivery:
    return replace(delivery, state="failed", reason=reason[:REASON_LENGTH])


def _erased(delivery: Delivery, ports: Ports) -> Delivery:
    """What the catalog says of a delivery whose inspection is not there: it may have been erased; else it must be."""
    known = ports.catalog.get(delivery.delivery_id)
    if known and known.is_erased:
        return known
    message = f"the inspection {delivery.inspection_uri} is not there"
    raise TransientError(message)


def _settle(delivery: Delivery, names: tuple[str, ...], ports: Ports) -> None:
    """Recorded where the delivery stands: by its sequencer if that is the highest, else as the store itself says."""
    arrival = delivery.arrival
    # What is gone may have a high sequencer, and says nothing of what is there now.
    comparable = bool(arrival.order) and not _is_gone(delivery)
    if comparable and ports.catalog.record(delivery, names, Standing(how="by-sequencer")):
        return
    if not any(ports.catalog.record(delivery, names, _standing(delivery, ports)) for _ in range(ATTEMPTS)):
        raise TransientError(keeps_changing(arrival))
    if _is_gone(delivery):
        lead_to_latest(arrival, ports)


def _is_gone(delivery: Delivery) -> bool:
    """One version was removed, and another may be the latest again."""
    return delivery.arrival.kind == "purged" or delivery.state == "vanished"


def _standing(delivery: Delivery, ports: Ports) -> Standing:
    """First the head, then the store: if a newer version comes in between, the head has changed and we ask again."""
    arrival = delivery.arrival
    head = ports.catalog.head(arrival.bucket, arrival.key)
    if head is None and _is_gone(delivery) and arrival.order:
        # A removal leads where nothing does, so that nothing older comes after it unseen.
        return Standing(how="latest", seen=None)
    if head and head.delivery_id == delivery.delivery_id:
        return Standing(how="latest", seen=head.delivery_id)
    if head and _is_overwritten(arrival, head.arrival):
        return Standing(how="older")
    try:
        is_latest = _is_latest(arrival, ports.objects)
    except PermanentError:
        # A store that refuses may be why it failed; that it did must be said all the same.
        if delivery.state != "failed":
            raise
        is_latest = False
    return Standing(how="latest", seen=head.delivery_id if head else None) if is_latest else Standing(how="older")


def _is_overwritten(arrival: Arrival, head: Arrival) -> bool:
    """Without version ids the store cannot tell an object from its equal, but the sequencers can."""
    return arrival.version_id is None and head.version_id is None and "" < arrival.order < head.order


def _is_latest(arrival: Arrival, objects: ObjectStore) -> bool:
    """Whether the store's newest word on the key is this arrival; a removal is, where nothing is left."""
    newest = latest(arrival.bucket, arrival.key, objects)
    if newest is None:
        return arrival.kind != "created"
    if arrival.kind == "purged" or newest.is_delete_marker != (arrival.kind == "deleted"):
        return False
    same_version = newest.version_id == arrival.version_id
    return same_version and (newest.is_delete_marker or newest.etag == arrival.etag)
