"""A duration as people write it (`30s`, `10m`, `2h`, `1d`) in; a timedelta, or None for what is no duration, out."""

from __future__ import annotations

import re
from datetime import timedelta

WRITTEN = "30s, 10m, 2h or 1d"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = re.compile(r"([0-9]{1,6})([smhd])")


def duration(text: str) -> timedelta | None:
    """How long that is."""
    parts = _DURATION.fullmatch(text)
    return timedelta(**{_UNITS[parts[2]]: int(parts[1])}) if parts else None
