"""Occurrences in, one by one; findings, each with its count and its first places, out."""

from __future__ import annotations

from csvgate.core.codes import CODES, Severity
from csvgate.core.findings import EXCERPT_LENGTH, FIRST_PLACES, Finding, Place


class Tally:
    """Counts what is found; keeps the first places of each code only, so that memory stays bounded."""

    def __init__(self) -> None:
        """Nothing is found yet."""
        self._counts: dict[str, int] = {}
        self._messages: dict[str, str] = {}
        self._places: dict[str, list[Place]] = {}
        self._severities: dict[str, Severity] = {}

    def add(self, code: str, message: str = "", place: Place | None = None, *, count: int = 1) -> None:
        """`count` more occurrences; the message of the first speaks for all."""
        self._counts[code] = self._counts.get(code, 0) + count
        self._messages.setdefault(code, message)
        places = self._places.setdefault(code, [])
        if place is not None and len(places) < FIRST_PLACES:
            places.append(place)

    def say(self, code: str, message: str) -> None:
        """The message speaks for all occurrences of the code."""
        self._messages[code] = message

    def wants_place(self, code: str) -> bool:
        """Whether one more place of the code would be kept; places cost time to find."""
        return len(self._places.get(code, ())) < FIRST_PLACES

    def count(self, code: str) -> int:
        """How often the code was found so far."""
        return self._counts.get(code, 0)

    def weigh(self, code: str, severity: Severity) -> None:
        """In this file the code weighs more or less than it does elsewhere."""
        self._severities[code] = severity

    def findings(self) -> tuple[Finding, ...]:
        """All findings, gravest first, then in the order of the codes, which does not depend on when they were met."""
        rank = {"error": 0, "warning": 1, "info": 2}
        found = [self._finding(code) for code in CODES if code in self._counts]
        return tuple(sorted(found, key=lambda finding: rank[finding.severity]))

    def _finding(self, code: str) -> Finding:
        count = self._counts[code]
        return Finding(
            code=code,
            severity=self._severities.get(code, CODES[code].severity),
            count=count,
            message=self._messages[code],
            first=tuple(self._places[code]),
        )


def excerpt_of(text: str) -> str:
    """The beginning of a text, short enough to be shown in a line."""
    return text if len(text) <= EXCERPT_LENGTH else text[: EXCERPT_LENGTH - 1] + "…"
