"""The JSON of an Inspection in, as it lies in the results bucket; the Inspection again, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from csvgate.core.columns.column import ColumnProfile, Histogram
from csvgate.core.dialect import Dialect
from csvgate.core.findings import Finding, Place
from csvgate.core.inspection import ByteLedger, Inspection

_DIALECT = {
    "encoding": "encoding",
    "delimiter": "delimiter",
    "quoteChar": "quote_char",
    "doubleQuote": "double_quote",
    "escapeChar": "escape_char",
    "skipInitialSpace": "skip_initial_space",
    "header": "header",
    "headerRowCount": "header_row_count",
    "skipRows": "skip_rows",
    "commentPrefix": "comment_prefix",
}
_AS_IT_IS = ("file_size_bytes", "sha256", "compression", "row_count", "column_count", "verdict", "reads")


def inspection_of(document: Mapping[str, Any]) -> Inspection:
    """The inspection whose `to_json` this is; KeyError or TypeError where it is none."""
    return Inspection(
        **{name: document[name] for name in _AS_IT_IS},
        column_names=tuple(document["column_names"]),
        dialect=_dialect(document["dialect"]),
        confidence=document["dialect"]["confidence"],
        columns=tuple(map(_column, document["columns"])),
        findings=tuple(map(_finding, document["findings"])),
        bytes=ByteLedger(**document["bytes"]),
    )


def _dialect(written: Mapping[str, Any]) -> Dialect:
    known = {field: written[name] for name, field in _DIALECT.items() if name in written}
    return Dialect(**known, line_terminators=tuple(written["lineTerminators"]))


def _column(written: Mapping[str, Any]) -> ColumnProfile:
    known = {field.name: written[field.name] for field in fields(ColumnProfile) if field.name in written}
    histogram = {name: tuple(values) for name, values in written["histogram"].items()}
    known |= {name: tuple(written[name].items()) for name in ("quantiles", "approximate")}
    known |= {"top_values": tuple(map(tuple, written["top_values"])), "histogram": Histogram(**histogram)}
    return ColumnProfile(**known)


def _finding(written: Mapping[str, Any]) -> Finding:
    return Finding(**{**written, "first": tuple(Place(**place) for place in written["first"])})
