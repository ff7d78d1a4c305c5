"""How many values of each shape a column has, and the first of each, in; the findings that hold for it out."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

from csvgate.core.columns.column import Remark
from csvgate.core.columns.shapes import (
    COMMA,
    COMMA_OR_GROUP,
    DIGITS,
    INTEGER,
    MISSING,
    NULL,
    PLUS,
    POINT,
    POINT_OR_GROUP,
    ROUNDED,
    TEXT,
    UNREAD_NUMBER,
    UNREAD_TIME,
    ZEROS,
    Shape,
    plus_shape,
)
from csvgate.core.columns.types import NOTATIONS, STRING, Notation, decide, fitting, parses_of
from csvgate.core.columns.worth import BLANKS

# A type is that of the column, but for a few that spoil it: one value in a hundred, and one in a short column that is
# long enough to have a type.
FEW, LONG_ENOUGH = 100, 20
# Where up to one value in ten has another type, it may be meant so; it is said all the same.
SOME, NOT_SHORT = 10, 10
_DECIMALS = {POINT, ROUNDED, POINT_OR_GROUP, COMMA, COMMA_OR_GROUP}
# What values of each type look like, in whatever notation.
_SHAPES = {
    kind: {shape for notation in NOTATIONS if notation.type == kind for shape in notation.parses}
    for kind in dict.fromkeys(notation.type for notation in NOTATIONS)
}

_UNREAD = {UNREAD_NUMBER, UNREAD_TIME}
# Of digits that stand for somebody or something, the code that says so.
_IDENTIFIERS = {
    ZEROS: "leading-zeros",
    **dict.fromkeys((PLUS, *map(plus_shape, BLANKS)), "leading-plus"),
    DIGITS: "long-identifier",
}
_NUMBERS = _SHAPES["number"] | _IDENTIFIERS.keys()
_TIMES = _SHAPES["date"] | _SHAPES["datetime"] | _SHAPES["time"]


def remarks_on(counts: Mapping[Shape, int], firsts: Mapping[Shape, str]) -> list[Remark]:
    """The findings for a column with so many values of each shape; `firsts` in the order of the file."""
    solid = {shape: counts[shape] for shape in firsts if shape not in (NULL, MISSING)}
    change = _late(solid, firsts) or _late_decimals(solid, firsts) or _mixed(solid, firsts)
    change = change or _unread(solid, firsts) or _identifiers(solid, firsts) or _mostly(solid, firsts)
    found = [_ambiguous(solid, firsts), change, _rounded(solid, firsts)]
    return [remark for remark in found if remark]


def is_plain(shapes: Iterable[Shape]) -> bool:
    """Columns of these shapes, however many values have each, give reason for no finding: most have only one."""
    return _is_plain(frozenset(shapes))


@functools.lru_cache(maxsize=1024)
def _is_plain(shapes: frozenset[Shape]) -> bool:
    solid = shapes - {NULL, MISSING}
    is_alike = len(solid) == 1 and (bool(decide(solid).parses) or TEXT in solid)
    return not solid or (is_alike and ROUNDED not in solid)


def _doubt_of(shape: Shape) -> str | None:
    """The code of the finding for which a value gives reason by its shape alone; its column may prove it moot."""
    if shape in (POINT_OR_GROUP, COMMA_OR_GROUP):
        return "ambiguous-number"
    return "ambiguous-date" if len(parses_of(shape)) > 1 else None


def _identifiers(solid: Mapping[Shape, int], firsts: Mapping[Shape, str]) -> Remark | None:
    """Identifiers matter where nothing else keeps the column from being numbers; one reason is enough."""
    others = solid.keys() - _IDENTIFIERS.keys()
    found = [shape for shape in _IDENTIFIERS if shape in solid]
    if not found or decide(others).type not in ("integer", "number", "any"):
        return None
    code = _IDENTIFIERS[found[0]]
    alike = [shape for shape in firsts if _IDENTIFIERS.get(shape) == code and shape in solid]
    count = sum(solid[shape] for shape in alike)
    return Remark(code=code, count=count, example=firsts[alike[0]], shape=alike[0])


def _ambiguous(solid: Mapping[Shape, int], firsts: Mapping[Shape, str]) -> Remark | None:
    if not fitting(solid) or decide(solid) is not STRING:
        return None
    unsure = {shape: code for shape in solid if (code := _doubt_of(shape))}
    first = next(iter(unsure))
    count = sum(solid[shape] for shape in unsure)
    return Remark(code=unsure[first], count=count, example=firsts[first], shape=first)


def _late(solid: Mapping[Shape, int], firsts: Mapping[Shape, str]) -> Remark | None:
    """All but a few values have one type. Leading zeros, or a plus, are no change: no number has gone wrong there."""
    few = _few(solid)
    if fitting(solid) or sum(count for shape, count in solid.items() if not parses_of(shape)) > few:
        return None
    odd = _odd(solid)
    count = sum(solid[shape] for shape in odd)
    if count > few or {_IDENTIFIERS.get(shape) for shape in odd} <= {"leading-zeros", "leading-plus"}:
        return None
    return Remark(code="late-type-change", count=count, example=firsts[odd[0]], shape=odd[0])


def _late_decimals(solid: Mapping[Shape, int], firsts: Mapping[Shape, str]) -> Remark | None:
    """Integers, and then a few decimals: both are numbers, so that they are odd only where they begin late."""
    odd = [shape for shape in solid if shape != INTEGER]
    count = sum(solid[shape] for shape in odd)
    is_change = INTEGER in solid and 0 < count <= _few(solid) and odd[0] in _DECIMALS
    if not is_change or decide(solid).type != "number":
        return None
    return Remark(code="late-type-change", count=count, example=firsts[odd[0]], shape=odd[0], only_late=True)


def _rounded(solid: Mapping[Shape, int], firsts: Mapping[Shape, str]) -> Remark | None:
    """Of integers that a spreadsheet rounded the last digits are lost; where others have decimals, so had these."""
    if ROUNDED not in solid or solid.keys() - {ROUNDED, INTEGER, DIGITS, ZEROS}:
        return None
    return Remark(code="rounded-number", count=solid[ROUNDED], example=firsts[ROUNDED], shape=ROUNDED)


def _few(solid: Mapping[Shape, int]) -> int:
    total = sum(solid.values())
    return max(total // FEW, int(total >= LONG_ENOUGH))


def _mixed(solid: Mapping[Shape, int], firsts: Mapping[Shape, str]) -> Remark | None:
    """Each value has the same type as the others, but no one notation reads them all."""
    if fitting(solid) or not any(shapes >= solid.keys() for shapes in _SHAPES.values()):
        return None
    odd = _odd(solid)
    count = sum(solid[shape] for shape in odd)
    return Remark(code="mixed-formats", count=count, example=firsts[odd[0]], shape=odd[0])


def _unread(solid: Mapping[Shape, int], firsts: Mapping[Shape, str]) -> Remark | None:
    """All values are numbers, or all are times, and some are written in a way that is not read."""
    others = solid.keys() - _UNREAD
    odd = [shape for shape in solid if shape in _UNREAD]
    kinds = _NUMBERS if odd == [UNREAD_NUMBER] else _TIMES
    if len(odd) != 1 or not others <= kinds:
        return None
    return Remark(code="unread-format", count=solid[odd[0]], example=firsts[odd[0]], shape=odd[0])


def _mostly(solid: Mapping[Shape, int], firsts: Mapping[Shape, str]) -> Remark | None:
    """Nearly all values have one type, some have not; identifiers have none, nor has what is more than yes or no."""
    total = sum(solid.values())
    if total < NOT_SHORT or fitting(solid) or solid.keys() & _IDENTIFIERS.keys():
        return None
    kind, odd = _most(solid).type, _odd(solid)
    count = sum(solid[shape] for shape in odd)
    if count > total // SOME or kind == "boolean":
        return None
    return Remark(code="mixed-types", count=count, example=firsts[odd[0]], shape=odd[0], kind=kind)


def _odd(solid: Mapping[Shape, int]) -> list[Shape]:
    """The shapes that the notation of most values does not have, in the order of the file."""
    notation = _most(solid)
    return [shape for shape in solid if shape not in notation.parses]


def _most(solid: Mapping[Shape, int]) -> Notation:
    """The notation that most values have."""
    return max(_reading(frozenset(solid)), key=lambda candidate: _accepted(solid, candidate))


@functools.lru_cache(maxsize=1024)
def _reading(shapes: frozenset[Shape]) -> tuple[Notation, ...]:
    """The notations that read values of any of the shapes; where none does, the first."""
    return tuple(each for each in NOTATIONS if not shapes.isdisjoint(each.parses)) or NOTATIONS[:1]


def _accepted(solid: Mapping[Shape, int], notation: Notation) -> int:
    return sum(count for shape, count in solid.items() if shape in notation.parses)
