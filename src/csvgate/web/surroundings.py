"""A delivery's file and a place in it in; the lines around that place, as they stand there, out.

Only where a byte offset is a place in the stored file: it is not compressed, and its line ends are single bytes.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from csvgate.delivery import Delivery
from csvgate.ports.objects import ObjectStore
from csvgate.report.findings import Around, Spot, nothing
from csvgate.report.markup import Markup, element, value
from csvgate.report.words import Receipt

# So many places of a receipt are looked up; each is one small read.
MOST = 12
LINES_AROUND = 2
BYTES_BEFORE, BYTES_BEHIND = 1024, 2048
LINE_LENGTH = 240
CARRIAGE_RETURN, LINE_FEED = b"\r", b"\n"


def surroundings(delivery: Delivery, receipt: Receipt, objects: ObjectStore) -> Around:
    """What shows the lines around a place of this receipt."""
    dialect = receipt.get("dialect") or {}
    encoding = str(dialect.get("encoding") or "")
    if receipt.get("compression") or not _has_single_bytes(encoding):
        return nothing
    line_end = CARRIAGE_RETURN if dialect.get("lineTerminators") == ["\r"] else LINE_FEED
    left = iter(range(MOST))

    def around(spot: Spot) -> Markup | None:
        offset, line = spot.get("byte_offset"), spot.get("line")
        if offset is None or line is None or next(left, None) is None:
            return None
        start = max(0, offset - BYTES_BEFORE)
        content = objects.extract(delivery.arrival, start, offset - start + BYTES_BEHIND)
        lines = _lines(content or b"", offset - start, line_end, is_start=start == 0)
        return _shown(lines, line, encoding) if content else None

    return around


def _has_single_bytes(encoding: str) -> bool:
    try:
        return bool(encoding) and "\n".encode(encoding) == LINE_FEED
    except LookupError:
        return False


def _lines(content: bytes, at: int, line_end: bytes, *, is_start: bool) -> Iterator[tuple[int, bytes]]:
    """The line at that byte and some before and behind it, each with its distance."""
    *before, beginning = content[:at].split(line_end)
    here, *behind = content[at:].split(line_end)
    # Of the first only the end may be there.
    known = (before if is_start else before[1:])[-LINES_AROUND:]
    yield from ((distance - len(known), line) for distance, line in enumerate(known))
    yield 0, beginning + here
    yield from enumerate(behind[:LINES_AROUND], start=1)


def _shown(lines: Iterator[tuple[int, bytes]], number: int, encoding: str) -> Markup:
    shown = [
        element(
            "li",
            element("span", f"{number + distance:,}"),
            element("code", value(_text(line, encoding), LINE_LENGTH)),
            class_="here" if distance == 0 else None,
            aria_current="true" if distance == 0 else None,
        )
        for distance, line in lines
        if line or distance <= 0
    ]
    return element("ol", shown, class_="lines", tabindex=0, aria_label=f"The lines around line {number}", role="list")


def _text(line: bytes, encoding: str) -> str:
    errors = "surrogateescape" if encoding == "utf-8" else "replace"
    return codecs.decode(line.rstrip(CARRIAGE_RETURN), encoding, errors)
