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


LOAD = {"sink": "postgresql", "table": "sales", "rows_loaded": 998, "rows_quarantined": 2, "verified": True}


def receipt_of(**parts: object) -> dict[str, Any]:
    """The receipt of a clean file, but for the parts given."""
    dialect = {"encoding": "utf-8", "delimiter": ",", "quoteChar": '"', "header": True, "skipRows": 0}
    return {
        "receipt_version": 1,
        "filename": "orders.csv",
        "file_size_bytes": 500,
        "sha256": "3c" * 32,
        "row_count": 60,
        "column_count": 1,
        "column_names": ["id"],
        "verdict": "ok",
        "dialect": {**dialect, "lineTerminators": ["\n"]},
        "columns": [column()],
        "findings": [],
        "bytes": {"total": 500, "header": 20, "records": 480, "complete": True},
        **parts,
    }
