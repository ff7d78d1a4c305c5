"""A duration as people write it (`30s`, `10m`, `2h`, `1d`, `1w`) in; a timedelta out."""

from __future__ import annotations

import re
from datetime import timedelta

WRITTEN = "30s, 10m, 2h, 1d or 1w"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"([0-9]{1,6})([smhdw])")
# What is longer is a slip of the hand, and may lead out of the calendar.
LONGEST = timedelta(days=36_525)


def duration(text: str) -> timedelta | None:
    """How long that is, a century at most; 0 needs no unit."""
    parts = _DURATION.fullmatch("0s" if text == "0" else text)
    lasts = timedelta(**{_UNITS[parts[2]]: int(parts[1])}) if parts else None
    return lasts if lasts is not None and lasts <= LONGEST else None
