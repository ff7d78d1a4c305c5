"""The receipt: an inspection's JSON and a delivery's facts in, one versioned JSON document out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

RECEIPT_VERSION = 1

# The order in which a receipt is read; what is not known yet or does not apply is left out.
ORDER = (
    "receipt_version",
    "delivery_id",
    "bucket",
    "key",
    "version_id",
    "etag",
    "feed",
    "filename",
    "upload_timestamp",
    "file_size_bytes",
    "sha256",
    "compression",
    "row_count",
    "column_count",
    "column_names",
    "verdict",
    "state",
    "reason",
    "reads",
    "inspection_uri",
    "dialect",
    "columns",
    "findings",
    "bytes",
    "load",
    "quarantine",
)


def compose(inspection: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """One receipt; where both speak of the same thing, the delivery's facts win."""
    known = {"receipt_version": RECEIPT_VERSION, **inspection, **facts}
    return {name: known[name] for name in ORDER if name in known}
