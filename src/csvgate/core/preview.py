"""The first and the last bytes of a file in; what the gate takes it for, before the rest of it leaves its sender, out.

A preview is the inspection of the file without its middle, so there is one understanding of CSV. It counts nothing, and
what it says of the end holds as far as the end can be understood alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from csvgate.core.codes import CODES
from csvgate.core.findings import Finding, Verdict, verdict_of
from csvgate.core.inspection import Inspection, inspect

LINE_END, QUOTE = b"\n", b'"'
# What says that lines were taken for other lines than they are: perhaps only because of where the file was cut.
DISORDER = frozenset({"extra-cell", "missing-cell", "stray-quote", "swallowed-lines"})
# What only the whole file can show, or what the cut itself gives.
NEEDS_ALL = frozenset({"truncated", "several-tables", "repeated-header", "no-data-rows", "compression-bomb"})
UNREADABLE = frozenset({"not-csv", "empty-file"})
_WIDE_LINE_ENDS = {name: "\n".encode(name) for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What the first and the last bytes show; `is_whole`: they are the whole file, so it is exact.

    Lines are known as far as the first so many bytes of the file reach.
    """

    is_whole: bool
    first_bytes: int
    verdict: Verdict
    inspection: Inspection
    findings: tuple[Finding, ...]

    def to_json(self) -> dict[str, Any]:
        """What can be said of the file by now: no counts, and no lines behind the cut."""
        seen = self.inspection
        readable = self.verdict != "rejected"
        return {
            "is_whole": self.is_whole,
            "verdict": self.verdict,
            "compression": seen.compression,
            "dialect": {**seen.dialect.to_json(), "confidence": seen.confidence} if readable else None,
            "column_count": seen.column_count,
            "columns": [{"name": column.name, "type": column.type} for column in seen.columns],
            "findings": [_told(finding, self.first_bytes) for finding in self.findings],
        }


def preview(head: bytes, tail: bytes, *, size: int) -> Preview:
    """What a file of that size is, by its first and its last bytes; together they are all of a small one."""
    if len(head) + len(tail) >= size:
        found = _inspected(head + tail[len(head) + len(tail) - size :])
        return Preview(
            is_whole=True, first_bytes=size, verdict=found.verdict, inspection=found, findings=found.findings
        )
    found = _inspected(head)
    if found.compression is None:
        wide = _WIDE_LINE_ENDS.get(found.dialect.encoding)
        found = _inspected(_whole_lines(head, wide)) if wide else _likeliest(head, tail)
    findings = tuple(each for each in found.findings if each.code not in NEEDS_ALL and not _is_torn(each, found))
    readable = not UNREADABLE & {finding.code for finding in findings}
    verdict = verdict_of(findings, readable=readable)
    return Preview(is_whole=False, first_bytes=len(head), verdict=verdict, inspection=found, findings=findings)


def _likeliest(head: bytes, tail: bytes) -> Inspection:
    """Of the ways to cut the middle out, the first that leaves the lines in the best order."""
    best: Inspection | None = None
    for start, end in product(_cuts(head), _starts(tail)):
        found = _inspected(start + end)
        if best is None or _disorder(found) < _disorder(best):
            best = found
        if not _disorder(best):
            break
    assert best is not None  # noqa: S101  there is one cut at least
    return best


def _cuts(head: bytes) -> Iterator[bytes]:
    """The head up to its last line end; then up to the last one that stands outside quotes, if nothing is odd."""
    end = head.rfind(LINE_END) + 1
    yield head[: end or len(head)]
    while end and head.count(QUOTE, 0, end) % 2:
        end = head.rfind(LINE_END, 0, head.rfind(QUOTE, 0, end)) + 1
    if end:
        yield head[:end]


def _starts(tail: bytes) -> Iterator[bytes]:
    """The tail from its first line end on; then from the first one behind the value in which it may begin."""
    start = tail.find(LINE_END) + 1
    yield tail[start:] if start else b""
    quote = tail.find(QUOTE, start)
    if quote >= 0 and tail.count(QUOTE, start) % 2:
        behind = tail.find(LINE_END, quote) + 1
        yield tail[behind:] if behind else b""


def _disorder(found: Inspection) -> int:
    return sum(finding.count for finding in found.findings if finding.code in DISORDER)


def _inspected(content: bytes) -> Inspection:
    return inspect(lambda: iter((content,)))


def _whole_lines(head: bytes, line_end: bytes) -> bytes:
    """The head without the line that was cut, where a line end has several bytes."""
    end = head.rfind(line_end)
    while end % len(line_end) and end > 0:
        end = head.rfind(line_end, 0, end)
    return head[: end + len(line_end)] if end > 0 else head


def _is_torn(finding: Finding, found: Inspection) -> bool:
    """It speaks of the last record of a compressed file alone, which ends where the window does."""
    is_last = finding.count == 1 and finding.first and finding.first[0].record == found.row_count
    return bool(found.compression and is_last and finding.code in DISORDER | {"unclosed-quote"})


def _told(finding: Finding, first_bytes: int) -> dict[str, Any]:
    code, place = CODES[finding.code], finding.first[0] if finding.first else None
    is_known = place is not None and place.byte_offset is not None and place.byte_offset < first_bytes
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message if finding.code == "not-csv" else code.meaning,
        "advice": code.advice,
        "line": place.line if is_known and place else None,
    }
