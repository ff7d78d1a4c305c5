"""A date that is not written as ISO 8601 in; the strptime patterns that read it, and the moment by one of them, out."""

from __future__ import annotations

import re
from datetime import date, datetime, time

_CLOCK = r"(?P<clock> (?:[01]?[0-9]|2[0-3]):[0-5][0-9](?P<second>:[0-5][0-9](?P<fraction>\.[0-9]{1,6})?)?)?"
_DATE = re.compile(
    "(?P<date>(?P<year>[0-9]{4})/[0-9]{1,2}/[0-9]{1,2}|[0-9]{1,2}(?P<mark>[-/.])[0-9]{1,2}(?P=mark)[0-9]{4})" + _CLOCK
)
# Where year, month and day stand in a pattern. With points, the day comes first everywhere.
_ORDERS = {
    "%Y/%m/%d": (0, 1, 2),
    "%d.%m.%Y": (2, 1, 0),
    "%d/%m/%Y": (2, 1, 0),
    "%m/%d/%Y": (2, 0, 1),
    "%d-%m-%Y": (2, 1, 0),
    "%m-%d-%Y": (2, 0, 1),
}
_BY_MARK = {".": ("%d.%m.%Y",), "/": ("%d/%m/%Y", "%m/%d/%Y"), "-": ("%d-%m-%Y", "%m-%d-%Y")}
_WIDTH = len("%d.%m.%Y")
_MIDNIGHT = time()
DATE_PATTERNS = tuple(_ORDERS)
CLOCK_PATTERNS = (" %H:%M", " %H:%M:%S", " %H:%M:%S.%f")


def patterns_of(text: str) -> tuple[str, ...]:
    """The patterns by which the text is a day that exists: none, one, or two where nothing proves the order."""
    found = _DATE.fullmatch(text)
    if not found:
        return ()
    clock = CLOCK_PATTERNS[bool(found["second"]) + bool(found["fraction"])] if found["clock"] else ""
    days = ("%Y/%m/%d",) if found["year"] else _BY_MARK[found["mark"]]
    return tuple([day + clock for day in days if _exists(found["date"], day)])


def read(text: str, pattern: str) -> datetime:
    """The moment that the text means by the pattern (midnight where it tells no time)."""
    written, _, clock = text.partition(" ")
    if not clock:
        return datetime.combine(_day(written, pattern), _MIDNIGHT)
    # ISO wants two digits for the hour.
    return datetime.combine(
        _day(written, pattern[:_WIDTH]), time.fromisoformat(clock if clock[2] == ":" else f"0{clock}")
    )


def _day(written: str, pattern: str) -> date:
    year, month, day = _ORDERS[pattern]
    numbers = written.replace("/", "-").replace(".", "-").split("-")
    return date(int(numbers[year]), int(numbers[month]), int(numbers[day]))


def _exists(written: str, pattern: str) -> bool:
    try:
        _day(written, pattern)
    except ValueError:
        return False
    return True
