"""A receipt in; what is wrong with the file, on which lines, and what to do about it, as plain text out.

Nothing of it is the file's own: messages and excerpts may quote it, and its names are its content, too.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from csvgate.core.codes import CODES
from csvgate.report import words
from csvgate.report.words import Receipt

# As wide as a line of a mail should be (RFC 5322, section 2.1.1).
WIDTH = 78
INDENT = "  "
CODES_SHOWN, LINES_SHOWN = 10, 5

# What was found under one code.
Group = Sequence[Mapping[str, Any]]


def advice(receipt: Receipt) -> str:
    """All that is more than a note, the gravest first: where it is, what it means, what to do; '' if there is none."""
    groups, aside = _by_code(receipt), words.put_aside(receipt)
    told = [_told(group) for group in groups[:CODES_SHOWN]]
    told += [f"and {words.count(more, 'more code')}"] if (more := len(groups) - CODES_SHOWN) > 0 else []
    told += [f"{aside}: the receipt says where they are, and why."] if aside else []
    return "\n\n".join(told)


def codes(receipt: Receipt) -> str:
    """The same in one line: each code, and how often."""
    groups = _by_code(receipt)
    named = [f"{group[0]['code']} {words.times(_often(group))}" for group in groups[:CODES_SHOWN]]
    more = len(groups) - CODES_SHOWN
    return ", ".join([*named, f"{more} more"] if more > 0 else named)


def _by_code(receipt: Receipt) -> list[Group]:
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for found in words.worst_first(receipt):
        if found["severity"] != "info":
            groups.setdefault((found["severity"], found["code"]), []).append(found)
    return list(groups.values())


def _told(group: Group) -> str:
    severity, code = group[0]["severity"], group[0]["code"]
    told = [_wrapped(f"{severity} {code}, {words.times(_often(group))}{_lines(group)}")]
    # A receipt may have a code that this version does not know.
    if explained := CODES.get(code):
        told += [_wrapped(f"{INDENT}{explained.meaning}"), _wrapped(f"{INDENT}What to do: {explained.advice}")]
    return "\n".join(told)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=INDENT, break_on_hyphens=False)


def _lines(group: Group) -> str:
    """`: lines 12, 32 and 40 more`; '' where no line is known, as of what is about the file as a whole."""
    known = [place["line"] for found in group for place in found.get("first") or () if place.get("line")]
    shown = sorted(set(known))[:LINES_SHOWN]
    if not shown:
        return ""
    more = _often(group) - sum(line in shown for line in known)
    *before, last = [*map(str, shown), *([f"{more:,} more"] if more > 0 else [])]
    return f": lines {', '.join(before)} and {last}" if before else f": line {last}"


def _often(group: Group) -> int:
    return sum(found["count"] for found in group)
