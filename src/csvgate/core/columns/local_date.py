"""A date that is not written as ISO 8601 in; the strptime patterns that read it, and the moment by one of them, out.

Names of months are English, whole or of three letters, in letters of any size; AM and PM stand behind one blank.
"""

from __future__ import annotations

import functools
import re
from datetime import date, datetime, time

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_NUMBERS = {name: number for number, month in enumerate(MONTHS, start=1) for name in (month, month[:3])}
_TIME = (
    r"(?P<hour>[01]?[0-9]|2[0-3]):[0-5][0-9](?P<second>:[0-5][0-9](?P<fraction>\.[0-9]{1,6})?)?(?P<half> [AaPp][Mm])?"
)
_CLOCK = rf"(?P<clock> {_TIME})?"
_DATE = re.compile(
    "(?P<date>(?P<year>[0-9]{4})/[0-9]{1,2}/[0-9]{1,2}|[0-9]{1,2}(?P<mark>[-/.])[0-9]{1,2}(?P=mark)[0-9]{4}"
    "|[0-9]{1,2}(?P<gap>[- ])(?P<name>[A-Za-z]{3,9})(?P=gap)[0-9]{4}|(?P<first>[A-Za-z]{3,9}) [0-9]{1,2}, [0-9]{4})"
    + _CLOCK
)
_ALONE = re.compile(_TIME)
# All that may be one of these and holds a letter; so may a few others.
WITH_LETTERS = (
    r"(?:[0-9]{1,2}[- ][A-Za-z]{3,9}[- ][0-9]{4}|[A-Za-z]{3,9} [0-9]{1,2}, [0-9]{4})(?: [0-9:.]++)?+(?: [AaPp][Mm])?+"
    "|[0-9][0-9:./T -]*+[AaPp][Mm]"
)
# Where year, month and day stand in a pattern. With points, the day comes first everywhere.
_ORDERS = {
    "%Y/%m/%d": (0, 1, 2),
    "%d.%m.%Y": (2, 1, 0),
    "%d/%m/%Y": (2, 1, 0),
    "%m/%d/%Y": (2, 0, 1),
    "%d-%m-%Y": (2, 1, 0),
    "%m-%d-%Y": (2, 0, 1),
    "%d-%b-%Y": (2, 1, 0),
    "%d %b %Y": (2, 1, 0),
    "%b %d, %Y": (2, 0, 1),
    "%d-%B-%Y": (2, 1, 0),
    "%d %B %Y": (2, 1, 0),
    "%B %d, %Y": (2, 0, 1),
}
_BY_MARK = {".": ("%d.%m.%Y",), "/": ("%d/%m/%Y", "%m/%d/%Y"), "-": ("%d-%m-%Y", "%m-%d-%Y")}
_EXCHANGE, _NAMES = str.maketrans("dm", "md"), str.maketrans("bB", "Bb")
_MIDNIGHT, _NO_DAY, _HALF_A_DAY = time(), date(1900, 1, 1), 12
_SEPARATOR = re.compile(", |[-/. ]")
DATE_PATTERNS = tuple(_ORDERS)
CLOCK_PATTERNS = (" %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
TIME_PATTERNS = tuple(pattern.strip() for pattern in CLOCK_PATTERNS if "%p" in pattern)


def patterns_of(text: str) -> tuple[str, ...]:
    """The patterns by which the text is a day or a time that exists: none, one, or two where nothing tells which.

    They are in order of their letters. A time alone is one here only with AM or PM.
    """
    if found := _DATE.fullmatch(text):
        clock = _clock(found) if found["clock"] else ""
        return () if clock is None else tuple([day + clock for day in _days(found) if _exists(found["date"], day)])
    alone = _ALONE.fullmatch(text)
    clock = _clock(alone) if alone and alone["half"] else None
    return (clock.strip(),) if clock else ()


def exchanged(pattern: str) -> str:
    """The pattern that a date may have as well: with day and month exchanged, or with the name of the month in full."""
    return pattern.translate(_NAMES if "%b" in pattern or "%B" in pattern else _EXCHANGE)


def read(text: str, pattern: str) -> datetime:
    """The moment that the text means by the pattern (midnight where it tells no time, 1900-01-01 where no day)."""
    blanks = _blanks(pattern)
    words = text.split(" ")
    day, clock = words[: blanks + 1], words[blanks + 1 :]
    if blanks < 0:
        return datetime.combine(_NO_DAY, _time(clock))
    return datetime.combine(_day(" ".join(day), _day_pattern(pattern)), _time(clock) if clock else _MIDNIGHT)


@functools.cache
def _day_pattern(pattern: str) -> str:
    """What the pattern says of the day; empty where it says nothing."""
    return re.split(" ?(?=%[HI])", pattern, maxsplit=1)[0]


@functools.cache
def _blanks(pattern: str) -> int:
    """How many blanks the day has; -1 where there is none."""
    day = _day_pattern(pattern)
    return day.count(" ") if day else -1


def _days(found: re.Match[str]) -> tuple[str, ...]:
    """The patterns of days that look like this one."""
    if found["year"]:
        return ("%Y/%m/%d",)
    if found["mark"]:
        return _BY_MARK[found["mark"]]
    name = (found["name"] or found["first"]).lower()
    pattern = f"%d{found['gap']}%b{found['gap']}%Y" if found["name"] else "%b %d, %Y"
    fitting = [exchanged(pattern)] if name in MONTHS else []
    return tuple(fitting + ([pattern] if name in _NUMBERS and len(name) == len("jan") else []))


def _clock(found: re.Match[str]) -> str | None:
    """The pattern of a time, behind a blank; None where it does not exist: 13:00 PM, or a part of a second at noon."""
    if not found["half"]:
        return CLOCK_PATTERNS[bool(found["second"]) + bool(found["fraction"])]
    if found["fraction"] or not 1 <= int(found["hour"]) <= _HALF_A_DAY:
        return None
    return " %I:%M:%S %p" if found["second"] else " %I:%M %p"


def _time(words: list[str]) -> time:
    clock, *half = words
    # ISO wants two digits for the hour.
    when = time.fromisoformat(clock if clock[2] == ":" else f"0{clock}")
    if not half:
        return when
    return when.replace(hour=when.hour % _HALF_A_DAY + _HALF_A_DAY * (half[0] in ("PM", "pm", "Pm", "pM")))


def _day(written: str, pattern: str) -> date:
    year, month, day = _ORDERS[pattern]
    parts = _SEPARATOR.split(written)
    name = parts[month]
    return date(int(parts[year]), int(name) if name.isdigit() else _NUMBERS[name.lower()], int(parts[day]))


def _exists(written: str, pattern: str) -> bool:
    try:
        _day(written, pattern)
    except ValueError:
        return False
    return True
