"""A time, or how long ago it was, as people write it in; a moment out."""

from __future__ import annotations

from datetime import UTC, datetime

from csvgate.core.durations import WRITTEN, duration
from csvgate.errors import UsageError


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
