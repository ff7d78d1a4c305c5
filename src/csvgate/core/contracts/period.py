"""How often something comes, as people write it (`30m`, `2h`, `1d`, `1w`), in; a timedelta out."""

from __future__ import annotations

import re
from datetime import timedelta

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
WRITTEN = "30m, 2h, 1d or 1w"
_PERIOD = re.compile(r"([1-9][0-9]{0,5})([smhdw])")


def period(text: str) -> timedelta | None:
    """How long that is; None if it is no period."""
    parts = _PERIOD.fullmatch(text)
    return timedelta(**{UNITS[parts[2]]: int(parts[1])}) if parts else None
