"""A Delivery in, JSON out and back: the message between the stages, and the delivery's part of a receipt.

A message holds ids and small facts only, never column names: well below 1 KB beside the key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, get_args

from csvgate.core.findings import Verdict
from csvgate.delivery import Arrival, ArrivalKind, Delivery, State
from csvgate.errors import UndecodableEvent

_ARRIVAL = ("bucket", "key", "version_id", "etag", "size", "sequencer", "time", "kind")
_DELIVERY = (
    "delivery_id",
    "state",
    "upload_timestamp",
    "file_size_bytes",
    "reason",
    "verdict",
    "row_count",
    "column_count",
    "sha256",
    "inspection_uri",
    "attempts",
    "feed",
    "rows_quarantined",
    "sink",
    "table",
    "rows_loaded",
    "rows_verified",
    "generation",
    "traceparent",
)
_MOMENTS = frozenset({"time", "upload_timestamp"})
_COUNTS = frozenset({"row_count", "column_count", "rows_quarantined", "rows_loaded", "rows_verified"})
_NUMBERS = _COUNTS | {"size", "file_size_bytes", "attempts", "generation"}
_WORDS = {"kind": get_args(ArrivalKind), "state": get_args(State), "verdict": get_args(Verdict)}


def facts(delivery: Delivery) -> dict[str, Any]:
    """What the delivery adds to a receipt; what is not known or does not apply is left out."""
    arrival = delivery.arrival
    known = {
        "delivery_id": delivery.delivery_id,
        "bucket": arrival.bucket,
        "key": arrival.key,
        "filename": delivery.filename,
        "upload_timestamp": instant(delivery.upload_timestamp),
        "file_size_bytes": delivery.file_size_bytes,
        "sha256": delivery.sha256,
        "row_count": delivery.row_count,
        "column_count": delivery.column_count,
        "verdict": delivery.verdict,
        "state": delivery.state,
        "reason": delivery.reason,
        "inspection_uri": delivery.inspection_uri,
    }
    known |= {"feed": delivery.feed, "load": _load(delivery)}
    stored = {name: value for name, value in known.items() if value is not None}
    # A bucket without versions has no version id, and the receipt says so.
    return stored | {"version_id": arrival.version_id, "etag": arrival.etag}


def to_message(delivery: Delivery) -> str:
    """The delivery as one line of JSON, in ASCII: a queue refuses some characters that a key may hold."""
    message = _written(delivery, _DELIVERY) | {"arrival": _written(delivery.arrival, _ARRIVAL)}
    return json.dumps(message, separators=(",", ":"))


def from_message(text: str) -> Delivery:
    """The delivery that `to_message` wrote; anything else is an UndecodableEvent."""
    try:
        message = json.loads(text)
        arrival = Arrival(**_read(message["arrival"], _ARRIVAL))
        return Delivery(arrival=arrival, filename=arrival.filename, **_read(message, _DELIVERY))
    except (KeyError, TypeError, ValueError, RecursionError) as exc:
        reason = f"the message is no delivery: {type(exc).__name__}"
        raise UndecodableEvent(reason) from exc


def instant(moment: datetime) -> str:
    """A moment as receipts show it: UTC, with a Z, and no finer than it is known."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _load(delivery: Delivery) -> dict[str, Any] | None:
    """What was done with the rows, if they were to be loaded."""
    if delivery.rows_loaded is None:
        return None
    told = {
        "sink": delivery.sink,
        "table": delivery.table,
        "rows_loaded": delivery.rows_loaded,
        "rows_quarantined": delivery.rows_quarantined,
        "verified": delivery.rows_verified is not None and delivery.rows_verified == delivery.rows_loaded,
    }
    # Few are loaded more than once; of them the receipt says how often.
    return told | ({"generation": delivery.generation} if (delivery.generation or 1) > 1 else {})


def _written(value: Arrival | Delivery, names: tuple[str, ...]) -> dict[str, Any]:
    known = {name: getattr(value, name) for name in names}
    return {
        name: instant(part) if isinstance(part, datetime) else part for name, part in known.items() if part is not None
    }


def _read(written: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _value(name, written[name]) for name in names if name in written}


def _value(name: str, written: str | int) -> str | int | datetime:
    if isinstance(written, int) != (name in _NUMBERS) or written not in _WORDS.get(name, (written,)):
        raise ValueError(name)
    return datetime.fromisoformat(str(written)) if name in _MOMENTS else written
