"""Parts of receipts, as data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Receipts = Callable[..., dict[str, Any]]


def column(name: str = "id", **figures: object) -> dict[str, Any]:
    """A column of 60 different integers, but for the figures given."""
    usual = {"type": "integer", "null_count": 0, "distinct_count": 60, "distinct_is_exact": True}
    return {"name": name, **usual, "min": "1", "max": "60", "top_values": [["1", 1], ["2", 1]], **figures}


def finding(code: str = "extra-cell", severity: str = "error", **parts: object) -> dict[str, Any]:
    """A finding at one place, but for the parts given."""
    place = {"record": 11, "line": 12, "byte_offset": 431, "column": 8, "excerpt": "1,2,3"}
    return {
        "code": code,
        "severity": severity,
        "count": 1,
        "message": "One record is too long.",
        "first": [place],
    } | parts
