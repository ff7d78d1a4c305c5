"""What a value is worth: its text in, a number out that compares and adds up as the value does; and back to text.

Numbers are worth themselves, exactly; days count from year 1, moments and times of day in microseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal
from functools import partial

from csvgate.core.columns import local_date

Worth = int | Decimal
Parse = Callable[[str], Worth]
# What the same values are worth, by each way to read them.
Worths = Mapping[Parse, Sequence[Worth]]

# Sums of squares stay exact: a number has at most 100 characters, so its digits lie between 10^308 and 10^-1100.
EXACT = Context(prec=4000)
# Marks between groups of three digits: comma, point, the two apostrophes, and the spaces that programs use.
BLANKS = (" ", "\u00a0", "\u2009", "\u202f")
GROUP_MARKS = (",", ".", "'", "\u2019", *BLANKS)
SECOND = 1_000_000

_TO_POINT = str.maketrans(dict.fromkeys((mark for mark in GROUP_MARKS if mark != "."), None))
_TO_COMMA = str.maketrans({**dict.fromkeys((mark for mark in GROUP_MARKS if mark != ","), None), ",": "."})
_MICROSECOND = timedelta(microseconds=1)
_START, _LAST = datetime.min, datetime.max  # noqa: DTZ901  without a zone, as most files tell times
_LAST_DAY, _LAST_MOMENT = date.max.toordinal(), (_LAST - _START) // _MICROSECOND
_START_UTC = _START.replace(tzinfo=UTC)
# A number with more digits than this before or after the point is shown with an exponent.
_PLAIN_DIGITS = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """How worths of one kind are shown, and the whole `step` between two of them (0: they are continuous)."""

    show: Callable[[Worth], str]
    step: int = 0


def with_point(text: str) -> Decimal:
    """The number that is written with a decimal point; all other marks tell groups apart."""
    return Decimal(text.translate(_TO_POINT))


def with_comma(text: str) -> Decimal:
    """The number that is written with a decimal comma; all other marks tell groups apart."""
    return Decimal(text.translate(_TO_COMMA))


# What these parses give adds up; a sum of days means nothing.
NUMERIC: frozenset[Parse] = frozenset({int, Decimal, with_point, with_comma})


def truth(text: str) -> int:
    """1 for yes, 0 for no."""
    return int(text.lower() in ("true", "yes"))


def day(text: str) -> int:
    """The day of an ISO date."""
    return date.fromisoformat(text).toordinal()


def moment(text: str) -> int:
    """The moment of an ISO datetime without a zone."""
    return _since_start(datetime.fromisoformat(text))


def zoned_moment(text: str) -> int:
    """The moment of an ISO datetime with a zone, in UTC."""
    return (datetime.fromisoformat(text) - _START_UTC) // _MICROSECOND


def apart_moment(text: str) -> int:
    """The moment of a datetime whose zone stands behind a blank, in UTC."""
    return zoned_moment(joined(text))


def joined(text: str) -> str:
    """The same moment with its zone as ISO 8601 has it: without a blank, and without a name."""
    when, _, zone = text.rpartition(" ")
    return when + ("Z" if zone in ("UTC", "GMT") else zone)


def clock(text: str) -> int:
    """The time of day."""
    return _since_start(datetime.combine(_START, time.fromisoformat(text)))


def local_day(text: str, *, pattern: str) -> int:
    """The day of a date in the strptime pattern."""
    return local_date.read(text, pattern).toordinal()


def local_moment(text: str, *, pattern: str) -> int:
    """The moment of a datetime in the strptime pattern."""
    return _since_start(local_date.read(text, pattern))


def local_clock(text: str, *, pattern: str) -> int:
    """The time of day in the strptime pattern."""
    return _since_start(datetime.combine(_START, local_date.read(text, pattern).time()))


def show_number(worth: Worth) -> str:
    """Plain decimal notation, unless that would be mostly zeros."""
    number = EXACT.normalize(EXACT.add(worth, 0))  # there is no minus zero
    return f"{number:f}" if abs(number.adjusted()) <= _PLAIN_DIGITS else str(number)


def show_day(worth: Worth, *, pattern: str | None = None) -> str:
    """The date, as in ISO 8601 or in the strptime pattern; the last one there is, for any later."""
    found = date.fromordinal(min(int(worth), _LAST_DAY))
    return _written(found, pattern) if pattern else found.isoformat()


def show_moment(worth: Worth, *, pattern: str | None = None, zone: str = "") -> str:
    """The moment, to the second and as a date is shown; the first or the last one there is, for any beyond."""
    found = _START + min(max(0, int(worth)), _LAST_MOMENT) * _MICROSECOND
    return (_written(found, pattern) if pattern else found.isoformat(timespec="seconds")) + zone


def show_clock(worth: Worth) -> str:
    """The time of day, to the second; the last one there is, for any later."""
    return show_moment(min(worth, 86_400 * SECOND - 1), pattern="%H:%M:%S")


def _since_start(when: datetime) -> int:
    return (when - _START) // _MICROSECOND


def _written(when: date, pattern: str) -> str:
    # strftime does not fill up the year on all systems.
    return when.strftime(pattern.replace("%Y", f"{when.year:04}"))


WHOLE, REAL = Scale(show=str, step=1), Scale(show=show_number)
DAYS = Scale(show=show_day, step=1)
MOMENTS = Scale(show=show_moment, step=SECOND)
ZONED_MOMENTS = Scale(show=partial(show_moment, zone="Z"), step=SECOND)
CLOCKS = Scale(show=show_clock, step=SECOND)
