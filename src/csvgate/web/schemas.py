"""The shapes of what the API speaks, as JSON Schema (2020-12), by name."""

from __future__ import annotations

from typing import get_args

from csvgate.core.findings import Verdict
from csvgate.delivery import State
from csvgate.web.parameters import JsonSchema

TEXT: JsonSchema = {"type": "string"}
COUNT: JsonSchema = {"type": "integer", "minimum": 0}
MOMENT: JsonSchema = {"type": "string", "format": "date-time"}
MAYBE_TEXT: JsonSchema = {"type": ["string", "null"]}


def record(properties: JsonSchema, *, needed: tuple[str, ...] = ()) -> JsonSchema:
    """An object with these members; those that are not needed may be left out."""
    return {"type": "object", "properties": properties, "required": list(needed)}


def list_of(schema: JsonSchema) -> JsonSchema:
    """An array."""
    return {"type": "array", "items": schema}


def named(name: str) -> JsonSchema:
    """The schema of that name."""
    return {"$ref": f"#/components/schemas/{name}"}


def page_of(name: str) -> JsonSchema:
    """A page of a list; `next` is the cursor of the one behind it, and null on the last."""
    return record({"items": list_of(named(name)), "next": MAYBE_TEXT}, needed=("items", "next"))


LOAD = record(
    {
        "sink": TEXT,
        "table": TEXT,
        "rows_loaded": COUNT,
        "rows_quarantined": COUNT,
        "verified": {"type": "boolean"},
    }
)
DELIVERY = record(
    {
        "delivery_id": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "bucket": TEXT,
        "key": TEXT,
        "version_id": MAYBE_TEXT,
        "etag": MAYBE_TEXT,
        "filename": TEXT,
        "upload_timestamp": MOMENT,
        "file_size_bytes": COUNT,
        "sha256": TEXT,
        "row_count": COUNT,
        "column_count": COUNT,
        "verdict": {"enum": list(get_args(Verdict))},
        "state": {"enum": list(get_args(State))},
        "reason": TEXT,
        "inspection_uri": TEXT,
        "feed": TEXT,
        "load": LOAD,
    },
    needed=("delivery_id", "bucket", "key", "filename", "upload_timestamp", "state"),
)
UPLOAD = record(
    {
        "name": TEXT,
        "bucket": TEXT,
        "key": TEXT,
        "size": COUNT,
        "etag": MAYBE_TEXT,
        "version_id": MAYBE_TEXT,
        "delivery_id": MAYBE_TEXT,
        "sha256": TEXT,
    },
    needed=("name", "bucket", "key", "size", "version_id", "delivery_id"),
)
FINDING = record(
    {"code": TEXT, "severity": TEXT, "message": TEXT, "count": COUNT, "places": list_of({"type": "object"})},
    needed=("code", "severity", "message"),
)
PROBLEM = record(
    {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT, "request_id": TEXT},
    needed=("type", "title", "status", "detail", "request_id"),
)
FEED = record(
    {
        "name": TEXT,
        "key": TEXT,
        "sink": TEXT,
        "table": TEXT,
        "shape": TEXT,
        "disposition": TEXT,
        "contract": {"type": "object"},
        "recent": list_of({"type": "object"}),
    },
    needed=("name", "key", "sink"),
)
SCHEMAS: dict[str, JsonSchema] = {
    "Delivery": DELIVERY,
    "Receipt": {"allOf": [DELIVERY], "description": "A delivery with all that is known of its file"},
    "Upload": UPLOAD,
    "Finding": FINDING,
    "Feed": FEED,
    "Feeds": page_of("Feed"),
    "Deliveries": page_of("Delivery"),
    "Problem": PROBLEM,
}
