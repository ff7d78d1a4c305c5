"""A field of a schema in; how its values are written, what each is worth and how it is written plainly, out.

A value is one of the type exactly where csvgate itself would call it one: by its shape, never by a float. Patterns of
strptime that no shape knows are read by strptime. Where a field says that it is a number, a plus before many digits is
a sign, and no telephone number.
"""

from __future__ import annotations

import base64
import binascii
import functools
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from csvgate.core.columns import local_date, worth
from csvgate.core.columns.column import ColumnType
from csvgate.core.columns.patterns import PATTERNS
from csvgate.core.columns.shapes import (
    COMMA_OR_GROUP,
    DATE,
    DATETIME,
    INTEGER,
    PLUS,
    POINT_OR_GROUP,
    TIME,
    ZONED,
    ZONED_APART,
    Shape,
    group_shape,
    plus_shape,
    shape_of,
    sort_by_shape,
)
from csvgate.core.columns.types import NOTATIONS
from csvgate.core.columns.worth import GROUP_MARKS, Parse
from csvgate.core.contracts.instants import exactly
from csvgate.core.contracts.schema import Field

Worth = int | Decimal | str
STRING_FORMATS = ("email", "uri", "uuid", "binary")
_ALL_MARKS = str.maketrans(dict.fromkeys(GROUP_MARKS))
_EXAMPLE = datetime(2024, 12, 31, 23, 58, 59, tzinfo=UTC)
_DAY, _CLOCK = re.compile("%[ymdYbBj]"), re.compile("%[HMSfIpzZ]")
_YEAR = re.compile("%[yY]")
# A zone that stands behind a blank.
_APART = re.compile(" [ZUG+-]")
_DIRECTIVES = re.compile("%(?![YymdbBjHMSfIpz%])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Spelling:
    """How the values of a field are written.

    `what` they are, for people; `wrong` gives those texts that are no values; `worth` of a value compares as it does;
    `plain` is its canonical text (None: it is written so), which differs only where `odd` is found (None: anywhere).
    """

    what: str
    wrong: Callable[[Collection[str]], Collection[str]]
    worth: Callable[[str], Worth]
    plain: Callable[[str], str] | None = None
    odd: re.Pattern[str] | None = None

    def plainly(self, texts: Collection[str]) -> dict[str, str]:
        """The canonical texts of those values that are written otherwise."""
        plain = self.plain
        # Looked for in all of them at once: hardly any file has one.
        if not plain or (self.odd and not self.odd.search("\n".join(texts))):
            return {}
        return {text: shown for text in texts if (shown := plain(text)) != text}

    def worths(self, texts: Collection[str]) -> Mapping[str, Worth]:
        """What those of the texts are worth that are values."""
        return {text: self.worth(text) for text in set(texts).difference(self.wrong(texts))}


class UnreadableFieldError(Exception):
    """The field does not say how its values are to be read; the message is for its author."""


def spelling_of(field: Field) -> Spelling | str:
    """How the values of the field are written, or what is wrong with the field."""
    try:
        return _SPELLINGS[field.type](field)
    except UnreadableFieldError as exc:
        return str(exc)


def _text(field: Field) -> Spelling:
    if field.format in (None, "default"):
        return Spelling(what="text", wrong=_none, worth=str)
    if field.format not in STRING_FORMATS:
        message = f"{field.format!r} is no format of a string; there are {', '.join(STRING_FORMATS)}"
        raise UnreadableFieldError(message)
    what = {"email": "e-mail address", "uri": "URI", "uuid": "UUID", "binary": "base64 text"}[field.format]
    if field.format == "binary":
        return Spelling(what=what, wrong=_not_base64, worth=str)
    pattern = re.compile(PATTERNS[field.format])
    return Spelling(what=what, wrong=functools.partial(_not_matching, pattern=pattern), worth=str)


def _any(_field: Field) -> Spelling:
    return Spelling(what="value", wrong=_none, worth=str)


def _integer(field: Field) -> Spelling:
    group = field.group_char
    if not group:
        return _shaped("integer", {INTEGER: int, PLUS: int})
    _number_parses("," if group == "." else ".", group)  # one of the marks that are known
    shapes = (INTEGER, PLUS, group_shape(group), plus_shape(group), *_EITHER.get(group, ()))
    return _shaped("integer", dict.fromkeys(shapes, _whole), plain=lambda text: f"{_whole(text):f}")


def _number(field: Field) -> Spelling:
    parses = _number_parses(field.decimal_char, field.group_char)
    if (field.decimal_char, field.group_char) == (".", ""):
        return _shaped("number", parses)
    plain = functools.partial(_plain_number, decimal=field.decimal_char)
    return _shaped(f"number with {field.decimal_char!r} before its decimals", parses, plain=plain)


def _number_parses(decimal: str, group: str) -> Mapping[Shape, Parse]:
    marks = {"decimalChar": decimal.replace(".", ""), "groupChar": group}
    wanted = ";".join(f"{name}={mark}" for name, mark in marks.items() if mark) or None
    found = next((each for each in NOTATIONS if each.type == "number" and each.format == wanted), None)
    if found is None:
        known = " ".join(GROUP_MARKS)
        message = f"decimalChar must be . or , and groupChar another one of {known}, not {decimal!r} and {group!r}"
        raise UnreadableFieldError(message)
    grouped = {plus_shape(group): found.parses[group_shape(group)]} if group else {}
    return {**found.parses, PLUS: found.parses[INTEGER], **grouped}


def _boolean(field: Field) -> Spelling:
    truths = dict.fromkeys(field.true_values, 1) | dict.fromkeys(field.false_values, 0)
    if set(field.true_values) & set(field.false_values):
        message = "trueValues and falseValues must have nothing in common"
        raise UnreadableFieldError(message)
    return Spelling(
        what=f"boolean ({' or '.join([*field.true_values[:1], *field.false_values[:1]])})",
        wrong=lambda texts: [text for text in texts if text not in truths],
        worth=truths.__getitem__,
        plain=lambda text: "true" if truths[text] else "false",
    )


def _temporal(field: Field) -> Spelling:
    pattern = (field.format or "default").removeprefix("fmt:")
    if pattern in ("default", _DEFAULTS[field.type][2]):
        found = _shaped(f"{field.type} written as {_DEFAULTS[field.type][1]}", _DEFAULTS[field.type][0])
        return replace(found, plain=_with_zone_joined, odd=_APART) if field.type == "datetime" else found
    _require_pattern(field.type, pattern)
    what = f"{field.type} written as {pattern}"
    notation = next((each for each in NOTATIONS if (each.type, each.format) == (field.type, pattern)), None)
    if notation:
        # What could be read with the day or the month first is no riddle here: the field says which.
        plain = functools.partial(_iso, kind=field.type, read=functools.partial(local_date.read, pattern=pattern))
        return _shaped(what, notation.parses, plain=plain)
    read = functools.partial(_by_strptime, pattern=pattern)
    return Spelling(
        what=what,
        wrong=functools.partial(_unreadable, read=read),
        worth=lambda text: _moment(read(text)),
        plain=functools.partial(_iso, kind=field.type, read=read),
    )


def _require_pattern(kind: ColumnType, pattern: str) -> None:
    """The pattern names what a value of the type has, and nothing that its plain form would lose."""
    if pattern == "any":
        message = "the format 'any' would leave csvgate to guess; name the pattern, such as %d.%m.%Y"
        raise UnreadableFieldError(message)
    has_year, has_clock = bool(_YEAR.search(pattern)), bool(_CLOCK.search(pattern))
    fits = {"date": has_year and not has_clock, "time": has_clock and not _DAY.search(pattern)}
    if _DIRECTIVES.search(pattern) or not fits.get(kind, has_year and has_clock) or not _reads_itself(pattern):
        message = f"{pattern!r} is no pattern of strptime for a {kind}"
        raise UnreadableFieldError(message)


def _reads_itself(pattern: str) -> bool:
    try:
        _by_strptime(_EXAMPLE.strftime(pattern), pattern)
    except (ValueError, re.error):
        return False
    return True


def _shaped(what: str, parses: Mapping[Shape, Parse], *, plain: Callable[[str], str] | None = None) -> Spelling:
    only = next(iter(parses.values())) if len(set(parses.values())) == 1 else None
    return Spelling(
        what=what,
        wrong=functools.partial(_misshapen, shapes=parses.keys()),
        worth=only or (lambda text: parses[shape_of(text)](text)),
        plain=plain,
    )


def _misshapen(texts: Collection[str], shapes: Collection[Shape]) -> Collection[str]:
    groups = sort_by_shape(texts)
    return [text for shape, group in groups.items() if shape not in shapes for text in group]


def _none(_texts: Collection[str]) -> Collection[str]:
    return ()


def _not_matching(texts: Collection[str], pattern: re.Pattern[str]) -> Collection[str]:
    return [text for text in texts if not pattern.fullmatch(text)]


def _not_base64(texts: Collection[str]) -> Collection[str]:
    return [text for text in texts if not _is_base64(text)]


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _unreadable(texts: Collection[str], read: Callable[[str], datetime]) -> Collection[str]:
    wrong = []
    for text in texts:
        try:
            read(text)
        except ValueError:
            wrong.append(text)
    return wrong


def _by_strptime(text: str, pattern: str) -> datetime:
    return datetime.strptime(text, pattern)  # noqa: DTZ007  a file tells zones or does not


def _moment(when: datetime) -> int:
    """Microseconds since the first day there is; of a moment with a zone, in UTC."""
    start = datetime.min.replace(tzinfo=UTC) if when.tzinfo else datetime.min  # noqa: DTZ901
    return (when - start) // timedelta(microseconds=1)


def _iso(text: str, *, kind: ColumnType, read: Callable[[str], datetime]) -> str:
    when = read(text)
    parts: dict[str, date | time] = {"date": when.date(), "time": when.time()}
    return parts.get(kind, when).isoformat()


def _with_zone_joined(text: str) -> str:
    return worth.joined(text) if _APART.search(text) else text


def _whole(text: str) -> Decimal:
    """A Decimal, as Python refuses to read an int of some thousand digits."""
    return Decimal(text.translate(_ALL_MARKS)) or Decimal(0)


def _plain_number(text: str, *, decimal: str) -> str:
    """The digits as they are, with a point before the decimals and nothing between groups."""
    whole, point, decimals = text.partition(decimal)
    return whole.translate(_ALL_MARKS).removeprefix("+") + ("." if point else "") + decimals


# The shapes of ISO 8601, how people write them, and the pattern that means the same.
_DEFAULTS: dict[ColumnType, tuple[Mapping[Shape, Parse], str, str]] = {
    "date": ({DATE: worth.day}, "YYYY-MM-DD", "%Y-%m-%d"),
    "time": ({TIME: exactly(worth.clock)}, "hh:mm:ss", "%H:%M:%S"),
    "datetime": (
        {
            DATETIME: exactly(worth.moment),
            ZONED: exactly(worth.zoned_moment),
            ZONED_APART: exactly(worth.apart_moment),
        },
        "YYYY-MM-DDThh:mm:ss",
        "%Y-%m-%dT%H:%M:%S",
    ),
}
# One group of three digits alone could be decimals, too.
_EITHER = {",": (COMMA_OR_GROUP,), ".": (POINT_OR_GROUP,)}
_SPELLINGS: dict[ColumnType, Callable[[Field], Spelling]] = {
    "string": _text,
    "any": _any,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _temporal,
    "time": _temporal,
    "datetime": _temporal,
}
