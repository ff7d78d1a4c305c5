"""A Delivery in, the items of both tables out, and back: the one place that knows their shapes. No client, no clock.

csvgate-deliveries   <delivery_id> | delivery    the delivery, with the attributes of the four indexes
                     head#<bucket>/<key> | head  the newest delivery of a key, and its order
                     days | YYYY-MM-DD           a day on which something arrived
                     outbox#<digit> | <dedup_id>#<channel>   what has to be said and was not yet
MetadataTable        <key>                       the newest delivery of a key, for people who scan
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from csvgate.delivery import Arrival, Delivery
from csvgate.telling.notices import Notice

Item = dict[str, Any]

OUTBOX_DIGITS = "0123456789abcdef"
COLUMN_NAMES_BYTES = 65_536
REASON_LENGTH = 1_000

_ARRIVAL = tuple(field.name for field in fields(Arrival))
_DELIVERY = tuple(field.name for field in fields(Delivery) if field.name != "arrival")
_MOMENTS = frozenset({"time", "upload_timestamp"})
_INDEXED = ("object", "arrived", "day", "state_day", "verdict_day")
# All that a delivery item may hold beside its key: facts, what the indexes are made of, and the running claim.
ATTRIBUTES = frozenset({*_ARRIVAL, *_DELIVERY, *_INDEXED, "owner", "lease_until", "claim"})


def delivery_key(delivery_id: str) -> Item:
    """Where a delivery is."""
    return {"pk": {"S": delivery_id}, "sk": {"S": "delivery"}}


def head_key(bucket: str, key: str) -> Item:
    """Where the head of a key is."""
    return {"pk": {"S": f"head#{bucket}/{key}"}, "sk": {"S": "head"}}


def day_key(day: str) -> Item:
    """Where it is noted that something arrived on that day."""
    return {"pk": {"S": "days"}, "sk": {"S": day}}


def outbox_key(delivery_id: str) -> str:
    """The partition in which the notices of a delivery are: one of sixteen."""
    return f"outbox#{delivery_id[0]}"


def notice_key(notice: Notice) -> Item:
    """Where a notice is until it is said."""
    name = f"{notice.dedup_id}#{notice.channel}"
    return {"pk": {"S": outbox_key(notice.delivery.delivery_id)}, "sk": {"S": name}}


def notice_item(notice: Notice) -> Item:
    """The notice with all that there is to say; in no index."""
    return notice_key(notice) | _facts(notice.delivery) | {"channel": {"S": notice.channel}}


def notice_of(item: Item) -> Notice:
    """The notice that an item holds, and how often it was tried in vain."""
    channel, tries = item["channel"]["S"], int(item["tries"]["N"]) if "tries" in item else 0
    return Notice(delivery=delivery_of(item), channel=channel, tries=tries)


def delivery_attributes(delivery: Delivery) -> Item:
    """The delivery item without its key: the facts, and what the indexes are made of."""
    arrival, day = delivery.arrival, day_of(delivery)
    indexed = {
        "object": f"{arrival.bucket}/{arrival.key}",
        "arrived": f"{instant(delivery.upload_timestamp)}#{arrival.order or delivery.delivery_id}",
        "day": day,
        "state_day": f"{delivery.state}#{day}",
        "verdict_day": f"{delivery.verdict}#{day}" if delivery.verdict else None,
    }
    return _facts(delivery) | _item(indexed)


def head_item(delivery: Delivery, order: str) -> Item:
    """The head of its key, followed by what exceeds the order; without one if that cannot be told; in no index."""
    arrival = delivery.arrival
    return head_key(arrival.bucket, arrival.key) | _facts(delivery) | _item({"order": order or None})


def classic_item(delivery: Delivery, column_names: Sequence[str], *, inbound_bucket: str) -> Item:
    """The item that people scan for: the six classic attributes and where to read on; no counts for a deletion."""
    facts = _facts(delivery)
    shown = ["filename", "upload_timestamp", "verdict", "state", "delivery_id", "inspection_uri", "bucket"]
    if delivery.state != "deleted":
        shown += ["file_size_bytes", "row_count", "column_count"]
    item = {"FileName": {"S": _full_key(delivery.arrival, inbound_bucket)}}
    item |= {name: facts[name] for name in shown if name in facts}
    return item if delivery.state == "deleted" else item | _column_names(column_names)


def delivery_of(item: Item) -> Delivery:
    """The delivery that a delivery item or a head item tells of."""
    facts: dict[str, Any] = {name: _value(name, item[name]) for name in (*_ARRIVAL, *_DELIVERY) if name in item}
    arrival = Arrival(**{name: facts[name] for name in _ARRIVAL if name in facts})
    return Delivery(arrival=arrival, **{name: facts[name] for name in _DELIVERY if name in facts})


def day_of(delivery: Delivery) -> str:
    """The day of the upload, in UTC."""
    return delivery.upload_timestamp.astimezone(UTC).date().isoformat()


def instant(moment: datetime) -> str:
    """A moment in fixed width, to the millisecond, so that text sorts as time does."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _facts(delivery: Delivery) -> Item:
    arrival = {name: getattr(delivery.arrival, name) for name in _ARRIVAL}
    summary = {name: getattr(delivery, name) for name in _DELIVERY}
    reason = None if delivery.reason is None else _storable(delivery.reason)[:REASON_LENGTH]
    return _item(arrival | summary | {"reason": reason})


def _item(values: dict[str, Any]) -> Item:
    return {name: _attribute(value) for name, value in values.items() if value is not None}


def _attribute(value: str | int | datetime) -> Item:
    if isinstance(value, datetime):
        return {"S": value.astimezone(UTC).isoformat().replace("+00:00", "Z")}
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


def _value(name: str, attribute: Item) -> str | int | datetime:
    if "N" in attribute:
        return int(attribute["N"])
    return datetime.fromisoformat(attribute["S"]) if name in _MOMENTS else attribute["S"]


def _full_key(arrival: Arrival, inbound_bucket: str) -> str:
    """The key alone in the stack's own bucket, except where it could be taken for an address."""
    own = arrival.bucket == inbound_bucket and not arrival.key.startswith("s3://")
    return arrival.key if own else f"s3://{arrival.bucket}/{arrival.key}"


def _column_names(names: Sequence[str]) -> Item:
    """As many names as fit; an item may be 400 KB, and a name costs a little more than its bytes."""
    kept: list[Item] = []
    room = COLUMN_NAMES_BYTES
    for name in map(_storable, names):
        room -= len(name.encode()) + 1
        if room < 0:
            return {"column_names": {"L": kept}, "column_names_cut": {"BOOL": True}}
        kept.append({"S": name})
    return {"column_names": {"L": kept}}


def _storable(text: str) -> str:
    r"""Text as UTF-8 can hold it: half a surrogate pair (a byte that could not be decoded) as `\udc80`."""
    return text.encode("utf-8", "backslashreplace").decode()
