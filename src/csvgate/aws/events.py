"""The JSON of an S3 event in whatever wrapping in, Arrivals out (and back). Pure: no client, no clock.

Known are S3's notification, EventBridge's S3 event, either of them wrapped by SNS, and SQS's batch around all of these.
Formats: Amazon S3 User Guide, "Event message structure" and "EventBridge event message structure";
AWS Lambda Developer Guide, "Using Lambda with Amazon SQS" and "... Amazon SNS".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote_plus, unquote_plus

from csvgate.delivery import Arrival, ArrivalKind
from csvgate.errors import UndecodableEvent
from csvgate.ports.queues import Message
from csvgate.telemetry.tracing import TRACEPARENT, XRAY

# What is no arrival stands in its place with the reason: one bad record does not take its neighbours along.
Decoded = Arrival | UndecodableEvent
Part = TypeVar("Part")

# A topic may feed a topic's queue; deeper than this nobody wraps in earnest.
DEEPEST_WRAPPING = 4

# What SNS sends to a queue or function about the subscription itself.
_OF_SNS_ITSELF = frozenset({"SubscriptionConfirmation", "UnsubscribeConfirmation"})

# Event names of S3 notifications; all of `ObjectCreated:*` are arrivals.
_KINDS: dict[str, ArrivalKind] = {
    "ObjectRemoved:DeleteMarkerCreated": "deleted",
    "ObjectRemoved:Delete": "deleted",
    "LifecycleExpiration:DeleteMarkerCreated": "deleted",
    "LifecycleExpiration:Delete": "deleted",
}
_BRIDGE_KINDS: dict[str, ArrivalKind] = {"Object Created": "created", "Object Deleted": "deleted"}
_EVENT_NAMES: dict[ArrivalKind, str] = {
    "created": "ObjectCreated:Reconcile",
    "deleted": "ObjectRemoved:DeleteMarkerCreated",
    "purged": "ObjectRemoved:Delete",
}


def queued(event: Mapping[str, Any]) -> tuple[Message, ...] | None:
    """The messages of a batch that Lambda received from SQS, or None if the event is none."""
    records = _mappings(event.get("Records"))
    if not records or records[0].get("eventSource") != "aws:sqs":
        return None
    return tuple(_message(record) for record in records)


def decode_text(text: str) -> list[Decoded]:
    """The arrivals that a message's body tells of; see `decode`."""
    return _refusable(_decode_text, text, 0)


def decode(payload: object) -> list[Decoded]:
    """The arrivals that an event tells of, in its order; none for events of other kinds.

    An UndecodableEvent for all else; it names what is wrong, never what is written there.
    """
    return _refusable(_decode, payload, 0)


def encode(arrival: Arrival) -> dict[str, Any]:
    """The S3 notification of one arrival: `decode(encode(arrival)) == [arrival]`."""
    known = {
        "key": quote_plus(arrival.key, safe="/"),
        "size": arrival.size,
        "eTag": arrival.etag,
        "versionId": _written_version(arrival),
        "sequencer": arrival.sequencer,
    }
    record: dict[str, Any] = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventName": _EVENT_NAMES[arrival.kind],
        "s3": {
            "bucket": {"name": arrival.bucket},
            "object": {name: value for name, value in known.items() if value is not None},
        },
    }
    if arrival.time is not None:
        record["eventTime"] = arrival.time.astimezone(UTC).isoformat()
    return {"Records": [record]}


def _written_version(arrival: Arrival) -> str | None:
    # Only the version id tells a purge from a deletion; `null` is S3's name of the version that has none.
    return arrival.version_id or ("null" if arrival.kind == "purged" else None)


def _refusable(step: Callable[[Part, int], list[Decoded]], part: Part, depth: int) -> list[Decoded]:
    try:
        return step(part, depth)
    except UndecodableEvent as exc:
        return [exc]


def _decode_text(text: str, depth: int) -> list[Decoded]:
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError):
        _refuse("the message is no JSON")
    return _decode(payload, depth)


def _decode(payload: object, depth: int) -> list[Decoded]:
    if depth > DEEPEST_WRAPPING:
        _refuse("the event is wrapped too deeply")
    if not isinstance(payload, Mapping):
        _refuse("the event is no JSON object")
    if payload.get("Event") == "s3:TestEvent" or payload.get("Type") in _OF_SNS_ITSELF:
        return []
    if isinstance(payload.get("detail"), Mapping):
        return [*_of_bridge(payload)]
    if isinstance(payload.get("Message"), str):
        return _decode_text(payload["Message"], depth + 1)
    records = _mappings(payload.get("Records"))
    if records is None:
        _refuse("the event has no list `Records`, no `detail` and no `Message`")
    return [decoded for record in records for decoded in _refusable(_of_record, record, depth)]


def _of_record(record: Mapping[str, Any], depth: int) -> list[Decoded]:
    if isinstance(record.get("Sns"), Mapping):
        return _decode(record["Sns"], depth + 1)
    if isinstance(record.get("body"), str):
        return _decode_text(record["body"], depth + 1)
    return [*_of_notification(record)]


def _of_notification(record: Mapping[str, Any]) -> list[Arrival]:
    if not (_text(record, "eventSource") or "aws:s3").endswith(":s3"):
        _refuse("`eventSource` is not S3")
    # An event written by hand may have no more than bucket and key.
    name = (_text(record, "eventName") or "ObjectCreated:").removeprefix("s3:")
    kind = "created" if name.startswith("ObjectCreated:") else _KINDS.get(name)
    if kind is None:
        return []
    s3 = _part(record, "s3")
    stored = _part(s3, "object")
    place = {"bucket": _required(_part(s3, "bucket"), "name"), "key": _unquoted(_required(stored, "key"))}
    purges = name.endswith(":Delete") and bool(stored.get("versionId"))
    return [_arrival("purged" if purges else kind, place, stored, _text(record, "eventTime"))]


def _of_bridge(event: Mapping[str, Any]) -> list[Arrival]:
    if event.get("source") != "aws.s3":
        _refuse("`source` is not aws.s3")
    kind = _BRIDGE_KINDS.get(_text(event, "detail-type") or "")
    if kind is None:
        return []
    detail = _part(event, "detail")
    named = _part(detail, "object")
    stored = {**named, "versionId": named.get("version-id"), "eTag": named.get("etag")}
    place = {"bucket": _required(_part(detail, "bucket"), "name"), "key": _required(stored, "key")}  # key: not encoded
    marks = detail.get("deletion-type") == "Delete Marker Created"
    purges = kind == "deleted" and not marks and bool(stored["versionId"])
    return [_arrival("purged" if purges else kind, place, stored, _text(event, "time"))]


def _arrival(kind: ArrivalKind, place: Mapping[str, str], stored: Mapping[str, Any], time: str | None) -> Arrival:
    version_id, etag, sequencer = (_text(stored, name) for name in ("versionId", "eTag", "sequencer"))
    return Arrival(
        **place,
        version_id=None if version_id == "null" else version_id,
        etag=etag.strip('"') if etag else None,
        size=_size(stored),
        # All zeros are what emulators say that do not count: no order can be told from it.
        sequencer=sequencer if sequencer and sequencer.strip("0") else None,
        time=_moment(time) if time else None,
        kind=kind,
    )


def _unquoted(key: str) -> str:
    """The one place where a key is url-decoded."""
    try:
        return unquote_plus(key, errors="strict")
    except UnicodeDecodeError:
        _refuse("`key` is not url-encoded UTF-8")


def _message(record: Mapping[str, Any]) -> Message:
    count = _text(_part(record, "attributes"), "ApproximateReceiveCount") if "attributes" in record else None
    return Message(
        message_id=_required(record, "messageId"),
        body=_text(record, "body") or "",
        receive_count=int(count) if count and count.isdecimal() else 1,
        attributes=_along(record),
    )


def _along(record: Mapping[str, Any]) -> dict[str, str]:
    """What tells of a trace; anything else, also of a wrong form, is no reason to refuse the message."""
    named, system = record.get("messageAttributes"), record.get("attributes")
    stamp = named.get(TRACEPARENT) if isinstance(named, Mapping) else None
    found = {
        TRACEPARENT: stamp.get("stringValue") if isinstance(stamp, Mapping) else None,
        XRAY: system.get(XRAY) if isinstance(system, Mapping) else None,
    }
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        _refuse("the event's time is not ISO 8601")


def _mappings(value: object) -> list[Mapping[str, Any]] | None:
    """The value as a list of objects, or None if it is something else."""
    return value if isinstance(value, list) and all(isinstance(part, Mapping) for part in value) else None


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = whole.get(name)
    if not isinstance(part, Mapping):
        _refuse(f"`{name}` is missing or no object")
    return part


def _required(whole: Mapping[str, Any], name: str) -> str:
    text = _text(whole, name)
    if not text:
        _refuse(f"`{name}` is missing or empty")
    return text


def _text(whole: Mapping[str, Any], name: str) -> str | None:
    """The text of that name; None where it is missing, null or empty."""
    text = whole.get(name)
    if text is not None and not isinstance(text, str):
        _refuse(f"`{name}` is no text")
    if text and any("\ud800" <= character <= "\udfff" for character in text):
        _refuse(f"`{name}` holds half a surrogate pair")
    return text or None


def _size(stored: Mapping[str, Any]) -> int | None:
    size = stored.get("size")
    if size is not None and (not isinstance(size, int) or size < 0):
        _refuse("`size` is no number of bytes")
    return size


def _refuse(what: str) -> NoReturn:
    raise UndecodableEvent(what)
