"""What was found in a file: Finding, Place and Verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from csvgate.core.codes import Severity

Verdict = Literal["ok", "warning", "rejected"]
FIRST_PLACES = 100
EXCERPT_LENGTH = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where in the file something is.

    `record` counts data records from 1 (0 is the header), `line` physical lines from 1,
    `byte_offset` bytes of the decompressed stream from 0, `column` from 1. Unknown parts are None.
    """

    record: int | None = None
    line: int | None = None
    byte_offset: int | None = None
    column: int | None = None
    excerpt: str | None = None

    def to_json(self) -> dict[str, Any]:
        """All five parts, null where unknown."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something to know about the file: how often, and the first places (at most FIRST_PLACES)."""

    code: str
    severity: Severity
    count: int
    message: str
    first: tuple[Place, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The finding as the receipt shows it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "count": self.count,
            "message": self.message,
            "first": [place.to_json() for place in self.first],
        }


def verdict_of(findings: Iterable[Finding], *, readable: bool) -> Verdict:
    """`rejected` if the file cannot be read as CSV, else `warning` if any finding is more than info, else `ok`."""
    if not readable:
        return "rejected"
    return "warning" if any(finding.severity != "info" for finding in findings) else "ok"
