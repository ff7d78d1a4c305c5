"""A key in; its head led to the version that the store calls the latest out.

A removal says what is gone, not what is there now: only the store knows that.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import takewhile

from csvgate.delivery import Arrival, Delivery
from csvgate.errors import NoSuchBucket, TransientError
from csvgate.pipeline.inspections import document_of
from csvgate.ports import Ports
from csvgate.ports.objects import ObjectStore, ObjectVersion

# How often the head of a key may change under our hands before the message goes back to its queue.
ATTEMPTS = 8


def lead_to_latest(removed: Arrival, ports: Ports) -> None:
    """The head is the delivery of the latest version, and nothing older than the removal takes it back.

    Where that version has no delivery yet, the head waits for it: its event is older than the removal too,
    and so it will ask the store.
    """
    for _ in range(ATTEMPTS):
        head = ports.catalog.head(removed.bucket, removed.key)
        version = latest(removed.bucket, removed.key, ports.objects)
        if head is None or version is None:
            return
        leader = _told(version, ports) or head
        if lead(leader, head, ports, order=removed.order):
            return
    raise TransientError(keeps_changing(removed))


def lead(leader: Delivery, seen: Delivery | None, ports: Ports, order: str = "") -> bool:
    """The leader is the head of its key, with its column names; False if the head is not the one that was seen."""
    seen_id = seen.delivery_id if seen else None
    return ports.catalog.lead(leader, column_names(leader, ports.objects) or (), seen=seen_id, order=order)


def latest(bucket: str, key: str, objects: ObjectStore) -> ObjectVersion | None:
    """The store's newest version of the key, a delete marker included; in a bucket that is gone there is none."""
    with suppress(NoSuchBucket):
        listed = takewhile(lambda version: version.key == key, objects.versions(bucket, key))
        return next((version for version in listed if version.is_latest), None)
    return None


def arrival_of(version: ObjectVersion) -> Arrival:
    """The arrival that the store would have told of, but for its sequencer."""
    is_marker = version.is_delete_marker
    return Arrival(
        bucket=version.bucket,
        key=version.key,
        version_id=version.version_id,
        etag=None if is_marker else version.etag,
        size=None if is_marker else version.size,
        time=version.last_modified,
        kind="deleted" if is_marker else "created",
    )


def column_names(delivery: Delivery, objects: ObjectStore) -> tuple[str, ...] | None:
    """The names as they were inspected; None if the inspection is not there, () if there never was one.

    PermanentError if it is damaged.
    """
    if delivery.inspection_uri is None:
        return ()
    document = document_of(delivery, objects)
    return None if document is None else tuple(document["column_names"])


def keeps_changing(arrival: Arrival) -> str:
    """Why a message goes back to its queue."""
    return f"the head of s3://{arrival.bucket}/{arrival.key} keeps changing"


def _told(version: ObjectVersion, ports: Ports) -> Delivery | None:
    """What the catalog has to say of the version; without a version id only reconcile can tell which delivery it is."""
    if version.version_id is None:
        return None
    delivery = ports.catalog.get(arrival_of(version).delivery_id)
    return delivery if delivery and (delivery.is_final or delivery.state == "failed") else None
