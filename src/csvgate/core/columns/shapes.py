"""One value in; its shape out: how it is written, with no word yet on what it means.

A shape is decided for each value alone, a type only on the shapes of a whole column (`csvgate.core.columns.types`).
Most shapes are regular expressions, the calendar included; a local date is named by the strptime formats that
read it, with `|` between them where day and month can be exchanged.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Collection
from math import isfinite

from csvgate.core.columns.local_date import WITH_LETTERS, exchanged, patterns_of
from csvgate.core.columns.patterns import PATTERNS
from csvgate.core.columns.unread import FOREIGN_TIME, NAMED_ZONE, ODD_NUMBER, ODD_TIME
from csvgate.core.columns.worth import BLANKS, GROUP_MARKS

Shape = str

NULL, MISSING, TEXT = "null", "missing", "text"
INTEGER, ZEROS, DIGITS, PLUS = "integer", "zeros", "digits", "plus"
POINT, POINT_OR_GROUP, COMMA, COMMA_OR_GROUP = "point", "point_or_group", "comma", "comma_or_group"
ROUNDED = "rounded"
TRUE_FALSE, YES_NO = "true_false", "yes_no"
DATE, TIME, DATETIME, ZONED = "date", "time", "datetime", "zoned"
# With a blank before the zone, which may have a name: as BigQuery, git and Ruby write it.
ZONED_APART = "zoned_apart"
# Numbers and times that are not read: text, but worth a word.
UNREAD_NUMBER, UNREAD_TIME = "unread_number", "unread_time"

# Words for "no value", a closed list: null where the other values of the column have a type, else values ("NA" is
# also Namibia).
MISSING_WORDS = frozenset(
    r"NA N/A n/a na NULL Null null None none NaN nan NAN #N/A #NA <NA> \N (null) - -- . ?".split()  # noqa: SIM905  readable
)
NO_VALUES = MISSING_WORDS | {""}
BOOLEANS = {"true": TRUE_FALSE, "false": TRUE_FALSE, "yes": YES_NO, "no": YES_NO}
_WHOLE = "(?:0|[1-9][0-9]*+)"
_TRIPLE = "[1-9][0-9]{0,2}%s[0-9]{3}"
_END = r"(?:\n|\Z)"
# As spreadsheets show, and write, integers of twelve digits and more: 4006381333931 as 4.00638E+12.
_SIX_DIGITS = r"[1-9]\.[0-9]{1,5}E\+1[1-9]"
_DAY = (
    "(?!0000)[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
    "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29"
)
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
_ZONE = "(?:Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)"
# Whoever holds a character that stands in no number, date or time is text; so are all letters but four words, names
# of months and AM and PM. Most texts begin with a letter, and not as one of the words or a month before its day does.
_LETTERS = r"(?=[A-Za-z])(?![TtFfYyNnIi]|[A-Za-z]{3,9} [0-9])"
_TYPED = rf"0-9+\-:/TZeE{''.join(GROUP_MARKS)}"


def _point(digits: int, *, but: str = "") -> str:
    """Numbers with a decimal point, an exponent of at most so many digits, or both."""
    exponent = f"[eE][+-]?[0-9]{{1,{digits}}}"
    return rf"[+-]?+(?:{but}{_WHOLE}?+\.[0-9]++(?:{exponent})?+|{_WHOLE}(?:\.?+{exponent}|\.))"


_PATTERNS: dict[Shape, str] = {
    TEXT: (
        rf"(?:{_LETTERS}|(?!(?:(?i:true|false|yes|no)|{WITH_LETTERS}|{ODD_NUMBER}|{FOREIGN_TIME}|{NAMED_ZONE}){_END}))"
        rf"[{_TYPED}]*+[^{_TYPED}\n][^\n]*+"
    ),
    INTEGER: "-?+(?:0|[1-9][0-9]{0,17}+)|[+](?:0|[1-9][0-9]{0,5}+)",
    # A plus before so many digits is that of a telephone number (ITU-T E.164), which is none without it.
    PLUS: "[+][1-9][0-9]{6,17}",
    POINT_OR_GROUP: f"[+-]?{_TRIPLE % '[.]'}",
    # Two digits of exponent always fit into a float; three are looked at one by one.
    POINT: _point(2, but=f"(?!(?:{_TRIPLE % '[.]'}|{_SIX_DIGITS}){_END})"),
    ROUNDED: _SIX_DIGITS,
    COMMA_OR_GROUP: f"[+-]?{_TRIPLE % ','}",
    COMMA: f"[+-]?+(?!{_TRIPLE % ','}{_END}){_WHOLE}?+,[0-9]++",
    DATE: _DAY,
    DATETIME: f"(?:{_DAY})[T ]{_CLOCK}",
    ZONED: f"(?:{_DAY})[T ]{_CLOCK}{_ZONE}",
    TIME: _CLOCK,
    ZEROS: "0[0-9]+",
    DIGITS: "[+-]?+[1-9][0-9]{18,}",
    ZONED_APART: f"(?:{_DAY})[T ]{_CLOCK} (?:{_ZONE}|UTC|GMT)",
    UNREAD_NUMBER: ODD_NUMBER,
    UNREAD_TIME: ODD_TIME,
}
# Their shape also depends on the marks in them. They come first, as they would take longest.
_GROUPED = (
    rf"(?!(?:[+-]?{_TRIPLE % '[.,]'}){_END})[+-]?+[1-9][0-9]{{0,2}}+(?P<group>[{''.join(GROUP_MARKS)}])[0-9]{{3}}"
    "(?:(?P=group)[0-9]{3})*+(?:(?P<decimal>[.,])[0-9]++)?+"
)
_ONE = re.compile("|".join(f"(?P<{shape}>{pattern})" for shape, pattern in ({"grouped": _GROUPED} | _PATTERNS).items()))
# Seven digits and more, in groups, behind a plus: +34 612 345 678.
_CALLED = re.compile(rf"[+](?:[0-9][{''.join(BLANKS)}]?){{7,}}")
# 192.168.100.200 is no number, though each group has three digits.
_ADDRESS = re.compile(PATTERNS["ipv4"])
_HUGE = re.compile(_point(3))


def shape_of(text: str) -> Shape:
    """The shape of one value; every value has one."""
    if text in NO_VALUES:
        return MISSING if text else NULL
    return _shape_of(text)


def sort_by_shape(values: Collection[str]) -> dict[Shape, list[str]]:
    """All values, by their shapes and in their order; fastest where all but the empty and missing ones have one."""
    absent = NO_VALUES.intersection(values)
    rest = [value for value in values if value not in absent] if absent else list(values)
    groups: defaultdict[Shape, list[str]] = defaultdict(list)
    for value in absent:
        groups[MISSING if value else NULL].append(value)
    if rest and _all_have(first := _shape_of(rest[0]), rest):
        groups[first] = rest
        return groups
    for value in rest:
        groups[_shape_of(value)].append(value)
    return groups


def _shape_of(text: str) -> Shape:
    found = _ONE.fullmatch(text)
    if found and found.lastgroup in _PATTERNS:
        return found.lastgroup
    shape = _grouped(found) if found else _word(text) or _huge(text)
    return shape or "|".join(patterns_of(text)) or TEXT


def _all_have(shape: Shape, values: Collection[str]) -> bool:
    """One match over all values proves it; False is no proof of the contrary."""
    if shape not in _PATTERNS:
        return False
    lines = "\n".join(values) + "\n"
    # A text of several lines is text if its lines are; a number with a line end in it is none.
    return bool(_lines_of(shape).fullmatch(lines)) and (shape == TEXT or lines.count("\n") == len(values))


@functools.cache
def _lines_of(shape: Shape) -> re.Pattern[str]:
    return re.compile(rf"(?:(?:{_PATTERNS[shape]})\n)*+")


def _word(text: str) -> Shape | None:
    return BOOLEANS.get(text.lower())


def _huge(text: str) -> Shape | None:
    return POINT if _HUGE.fullmatch(text) and isfinite(float(text)) else None


def _grouped(found: re.Match[str]) -> Shape | None:
    group, decimal = found["group"], found["decimal"]
    if group == decimal or _ADDRESS.fullmatch(found[0]):
        return None
    if found[0].startswith("+") and _CALLED.fullmatch(found[0]):
        return plus_shape(group)
    return group_shape(group, decimal or "")


def local_shape(pattern: str) -> Shape:
    """The shape of dates of which nothing proves whether they are in this pattern or in the one that is so close."""
    return "|".join(sorted({pattern, exchanged(pattern)}))


def plus_shape(group: str) -> Shape:
    """The shape of telephone numbers whose digits stand in groups of three, with `group` between them."""
    return f"{PLUS} {group}"


def group_shape(group: str, decimal: str = "") -> Shape:
    """The shape of numbers whose thousands are told apart by `group`, with decimals after `decimal` if any."""
    return f"group {group}{decimal}"
