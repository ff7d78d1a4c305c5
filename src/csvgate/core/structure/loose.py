"""Records with quotes where none belong, each of them on its own line, in; their rows and faults, in the batch, out.

They are read as `record` reads them one by one, only faster.
"""

from __future__ import annotations

import re

from csvgate.core.structure.batch import Batch, QuoteFault, Segment
from csvgate.core.structure.grammar import Loose
from csvgate.core.structure.record import MAX_CELLS, unquoted


def add_loose(batch: Batch, start: int, end: int) -> int:
    """As many of the records that begin at `start` as there are up to `end` are in the batch; where the next begins."""
    loose = batch.grammar.loose
    stop = loose.records.match(batch.data, start, end).end() if loose else start  # type: ignore[union-attr]  # matches ''
    if loose is None or stop == start or batch.data.count(batch.grammar.delimiter, start, stop) >= MAX_CELLS:
        return start
    batch.segments.append(Segment(len(batch.rows), start, stop, "loose"))
    _read(batch, loose, start, stop)
    return stop


def _read(batch: Batch, loose: Loose, start: int, stop: int) -> None:
    name, data = batch.encoding.scanned_as, batch.data
    row: list[str] = []
    for match in loose.field.finditer(data, start, stop):
        kind = match.lastgroup
        value = match[kind] if kind else b""
        if kind == "value":
            value = unquoted(value, batch.grammar)
        elif (stray := _stray(match, value, batch.grammar.quote or b"")) >= 0:
            batch.faults.append(QuoteFault("stray-quote", stray, len(batch.rows), len(row)))
            value = value[1:-1] if kind == "inner" else value
        row.append(value.decode(name, "surrogateescape"))
        if data[match.end() - 1] in b"\r\n":
            batch.rows.append(row)
            row = []


def _stray(match: re.Match[bytes], value: bytes, quote: bytes) -> int:
    """Where the first quote of a field stands that does not belong there; -1 where there is none."""
    opens = max(match.end("opens"), match.end("seems"))
    if opens >= 0:
        return opens - 1
    at = value.find(quote)
    return match.start("text") + at if at >= 0 else -1
