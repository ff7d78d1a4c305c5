"""The shapes of a whole column in; its type, and the notation that says what its values are worth, out.

A notation gives a meaning to each shape that it accepts. A column has the type of a notation that accepts all its
shapes; where two do and mean different things (`1,234`, `03/04/2025`), nothing is guessed and it stays a string.
A date is no datetime: that would invent midnights, so a mixture of both is a string.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product

from csvgate.core.columns import worth
from csvgate.core.columns.column import ColumnType
from csvgate.core.columns.local_date import CLOCK_PATTERNS, DATE_PATTERNS, TIME_PATTERNS
from csvgate.core.columns.shapes import (
    COMMA,
    COMMA_OR_GROUP,
    DATE,
    DATETIME,
    INTEGER,
    MISSING,
    NULL,
    POINT,
    POINT_OR_GROUP,
    ROUNDED,
    TIME,
    TRUE_FALSE,
    YES_NO,
    ZONED,
    ZONED_APART,
    Shape,
    group_shape,
    local_shape,
)
from csvgate.core.columns.worth import GROUP_MARKS, Parse, Scale, Worth, Worths, with_comma, with_point


@dataclass(frozen=True, kw_only=True, slots=True)
class Notation:
    """A type as columns write it: `parses` gives the worth of a value by its shape.

    `format` is None for the usual notation; `scale` is None where values have no distances.
    """

    type: ColumnType
    format: str | None = None
    scale: Scale | None = None
    parses: Mapping[Shape, Parse] = field(default_factory=dict)


STRING, ANY = Notation(type="string"), Notation(type="any")


def decide(shapes: Iterable[Shape]) -> Notation:
    """The notation of a column of these shapes; nulls and missing values fit into any type."""
    return _decide(frozenset(shapes))


def fitting(shapes: Iterable[Shape]) -> tuple[Notation, ...]:
    """All notations that accept all the shapes, the plainest first."""
    return _fitting(frozenset(shapes))


def parses_of(shape: Shape) -> tuple[Parse, ...]:
    """All that a value of the shape can be worth: nothing for text, two parses where its column must tell."""
    return _PARSES.get(shape, ())


def worths_of(shape: Shape, texts: Iterable[str]) -> Worths:
    """What the texts, all of the shape, are worth by each parse that it has."""
    return {parse: list(map(parse, texts)) for parse in parses_of(shape)}


@functools.lru_cache(maxsize=1024)
def _decide(shapes: frozenset[Shape]) -> Notation:
    solid = shapes - {NULL, MISSING}
    if not solid:
        return STRING if MISSING in shapes else ANY
    candidates = fitting(solid)
    meanings = {tuple(notation.parses[shape] for shape in solid) for notation in candidates}
    return candidates[0] if len(meanings) == 1 else STRING


@functools.lru_cache(maxsize=1024)
def _fitting(shapes: frozenset[Shape]) -> tuple[Notation, ...]:
    return tuple(notation for notation in NOTATIONS if notation.parses.keys() >= shapes)


def _numbers(decimal: str, group: str) -> Notation:
    """Numbers with this decimal mark and, if `group` is not empty, thousands told apart by that mark."""
    parses: dict[Shape, Parse] = {INTEGER: int}
    parses |= {POINT: Decimal, ROUNDED: Decimal, POINT_OR_GROUP: Decimal} if decimal == "." else {}
    parses |= {COMMA: with_comma, COMMA_OR_GROUP: with_comma} if decimal == "," else {}
    parses |= {COMMA_OR_GROUP: with_point} if group == "," else {}
    parses |= {POINT_OR_GROUP: with_comma} if group == "." else {}
    if group:
        # Without decimals the number is the same under either decimal mark, so it must be the same parse.
        parses[group_shape(group)] = with_comma if group == "." else with_point
        parses[group_shape(group, decimal)] = with_point if decimal == "." else with_comma
    marks = {"decimalChar": decimal.replace(".", ""), "groupChar": group}
    written = ";".join(f"{name}={mark}" for name, mark in marks.items() if mark)
    return Notation(type="number", format=written or None, scale=worth.REAL, parses=parses)


class _InPattern(functools.partial[Worth]):
    """A parse by a pattern; two of the same pattern are the same, also one that comes from another process."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _InPattern) and (self.func, self.keywords) == (other.func, other.keywords)

    def __hash__(self) -> int:
        return hash((self.func, *self.keywords.values()))


def _local_days(pattern: str) -> Notation:
    parse = _InPattern(worth.local_day, pattern=_short(pattern))
    show = functools.partial(worth.show_day, pattern=pattern)
    shapes = (pattern, local_shape(pattern))
    return Notation(type="date", format=pattern, scale=Scale(show=show, step=1), parses=dict.fromkeys(shapes, parse))


def _local_moments(pattern: str) -> Notation:
    parse = _InPattern(worth.local_moment, pattern=_short(pattern))
    show = functools.partial(worth.show_moment, pattern=pattern)
    shapes = (pattern, local_shape(pattern))
    return Notation(
        type="datetime", format=pattern, scale=Scale(show=show, step=worth.SECOND), parses=dict.fromkeys(shapes, parse)
    )


def _local_clocks(pattern: str) -> Notation:
    parse = _InPattern(worth.local_clock, pattern=pattern)
    show = functools.partial(worth.show_moment, pattern=pattern)
    return Notation(type="time", format=pattern, scale=Scale(show=show, step=worth.SECOND), parses={pattern: parse})


def _short(pattern: str) -> str:
    """One name for two patterns that read the same: names of months are read whole or short, and May is both."""
    return pattern.replace("%B", "%b")


# Where several fit and mean the same, the first is taken: the plainest.
NOTATIONS = (
    Notation(type="integer", scale=worth.WHOLE, parses={INTEGER: int}),
    *(_numbers(decimal, group) for group, decimal in product(("", *GROUP_MARKS), ".,") if group != decimal),
    Notation(type="boolean", parses={TRUE_FALSE: worth.truth}),
    Notation(type="boolean", parses={YES_NO: worth.truth}),
    Notation(type="date", scale=worth.DAYS, parses={DATE: worth.day}),
    Notation(type="datetime", scale=worth.MOMENTS, parses={DATETIME: worth.moment}),
    Notation(
        type="datetime",
        scale=worth.ZONED_MOMENTS,
        parses={ZONED: worth.zoned_moment, ZONED_APART: worth.apart_moment},
    ),
    Notation(type="time", scale=worth.CLOCKS, parses={TIME: worth.clock}),
    *map(_local_clocks, TIME_PATTERNS),
    *map(_local_days, DATE_PATTERNS),
    *(_local_moments(day + clock) for day, clock in product(DATE_PATTERNS, CLOCK_PATTERNS)),
)
_PARSES: dict[Shape, tuple[Parse, ...]] = {
    shape: tuple(dict.fromkeys(notation.parses[shape] for notation in NOTATIONS if shape in notation.parses))
    for shape in dict.fromkeys(shape for notation in NOTATIONS for shape in notation.parses)
}
