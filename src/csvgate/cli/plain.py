"""A receipt in; lines of tab-separated text out, for pipes and logs: the first part says what the line is.

Every line stands for itself, so that `grep ^finding` and `cut -f` are enough; so does each of the most frequent
values, which may hold anything but tabs and line breaks. Programs, and people with very wide files, take `--json`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from csvgate.report import words
from csvgate.report.escape import escaped
from csvgate.report.words import Receipt

FACTS = (
    "bucket",
    "key",
    "version_id",
    "delivery_id",
    "state",
    "reason",
    "upload_timestamp",
    "file_size_bytes",
    "sha256",
    "compression",
    "row_count",
    "column_count",
    "feed",
)
VALUES_NAMED = 3
COLUMN = ("type", "null_count", "distinct_count", "min", "max")
LOAD = ("sink", "table", "rows_loaded", "rows_quarantined")
PLACE = ("line", "column", "byte_offset", "excerpt")


def line(parts: Sequence[object]) -> str:
    """The parts with tabs between them; a part holds neither tab nor line break, and None is empty."""
    return "\t".join("" if part is None else escaped(str(part)) for part in parts)


def receipt_lines(receipt: Receipt) -> Iterator[Sequence[object]]:
    """The receipt: its verdict, its facts, its columns, its findings and where they are."""
    yield "filename", receipt.get("filename")
    yield "verdict", receipt.get("verdict"), f"{words.name_of(receipt)} {words.sentence(receipt)}"
    for name in FACTS:
        if receipt.get(name) is not None:
            yield name, receipt[name]
    if words.was_read(receipt):
        yield "dialect", words.written_as(receipt["dialect"])
    if receipt.get("bytes"):
        yield "bytes", words.ledger(receipt["bytes"])
    yield from _rows(receipt.get("load"), receipt.get("quarantine"))
    for number, column in enumerate(receipt.get("columns") or (), start=1):
        yield "column", number, column["name"], *(column.get(name) for name in COLUMN)
        for value, often in (column.get("top_values") or ())[:VALUES_NAMED]:
            yield "value", number, column["name"], value, often
    for found in receipt.get("findings") or ():
        yield from _finding(found)


def brief_lines(receipt: Receipt) -> Iterator[Sequence[object]]:
    """Its verdict, its shape, how it is written, and what was found."""
    wanted = {"filename", "verdict", "row_count", "column_count", "dialect", "load", "finding"}
    return (parts for parts in receipt_lines(receipt) if parts[0] in wanted)


def _rows(load: Mapping[str, Any] | None, aside: Mapping[str, Any] | None) -> Iterator[Sequence[object]]:
    """Where the rows are, how many, how many not, whether they were counted there; and where those put aside are."""
    if load:
        yield "load", *(load.get(name) for name in LOAD), "verified" if load.get("verified") else "unverified"
    if aside:
        yield "quarantine", aside.get("uri"), aside.get("rows")


def _finding(found: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    yield "finding", found["code"], found["severity"], found["count"], found["message"]
    for spot in found.get("first") or ():
        yield "place", found["code"], *(spot.get(name) for name in PLACE)
