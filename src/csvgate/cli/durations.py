"""A duration (`30s`, `10m`, `2h`, `1d`) or a time as people write it in; a timedelta or a moment out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from csvgate.errors import UsageError

WRITTEN = "30s, 10m, 2h or 1d"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = re.compile(r"([0-9]{1,6})([smhd])")


def duration(text: str) -> timedelta | None:
    """How long that is; 0 needs no unit."""
    parts = _DURATION.fullmatch("0s" if text == "0" else text)
    return timedelta(**{_UNITS[parts[2]]: int(parts[1])}) if parts else None


def moment(text: str, now: datetime) -> datetime:
    """That long before now, or that time itself; one without a zone is UTC."""
    ago = duration(text)
    if ago is not None:
        return now - ago
    try:
        named = datetime.fromisoformat(text)
    except ValueError:
        problem = f"{text!r} is no time; write {WRITTEN}, or 2026-11-21T10:00:00Z"
        raise UsageError(problem) from None
    return named if named.tzinfo else named.replace(tzinfo=UTC)
