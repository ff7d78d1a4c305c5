"""The columns of a target and a row's cells in; the attribute of DynamoDB that holds them out. No client.

A number is a number (N) where DynamoDB keeps it exactly, else text: 38 digits, and no value such as NaN.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from csvgate.load import CellType, Target

Attribute = dict[str, Any]
Cells = Sequence[str | None]

DIGITS = 38
SMALLEST, LARGEST = -130, 125  # the exponents of a number's first digit
NAME_LENGTH = 255
# Surely exact, and told at a glance.
_SHORT_NUMBER = re.compile(r"[+-]?[0-9]{1,19}(?:\.[0-9]{1,18})?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_BOOLEANS: dict[str, Attribute] = {"true": {"BOOL": True}, "false": {"BOOL": False}}
_NOTHING: Attribute = {"NULL": True}


def cells_of(target: Target) -> Callable[[Cells], Attribute]:
    """What makes the attribute of a row's cells: a map by name for a typed target, else a list.

    A cell without a value is no part of the map, and NULL in the list.
    """
    if target.shape == "rows":
        return lambda cells: {"L": [_NOTHING if cell is None else _text(cell) for cell in cells]}
    columns = [
        (name, _MAKERS.get(column.type, _text)) for name, column in zip(names_of(target), target.columns, strict=True)
    ]

    def made(cells: Cells) -> Attribute:
        pairs = zip(columns, cells, strict=True)
        return {"M": {name: make(cell) for (name, make), cell in pairs if cell is not None}}

    return made


def names_of(target: Target) -> list[str]:
    """A name for each column, as the file has it where that can be: no two alike, none empty, none too long."""
    taken: set[str] = set()
    names = []
    for place, column in enumerate(target.columns, start=1):
        wanted = storable(column.name)[:NAME_LENGTH] or f"column_{place}"
        name, number = wanted, 1
        while name in taken:
            number += 1
            name = f"{wanted}_{number}"
        taken.add(name)
        names.append(name)
    return names


def storable(text: str) -> str:
    r"""Text as UTF-8 can hold it: half a surrogate pair (a byte that could not be decoded) as `\udc80`."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _text(cell: str) -> Attribute:
    return {"S": storable(cell)}


def _number(cell: str) -> Attribute:
    return {"N": cell} if _SHORT_NUMBER.fullmatch(cell) or _is_exact(cell) else _text(cell)


def _is_exact(cell: str) -> bool:
    if not _NUMBER.fullmatch(cell):
        return False
    try:
        value = Decimal(cell)
    except InvalidOperation:  # an exponent beyond all bounds
        return False
    digits = "".join(map(str, value.as_tuple().digits)).strip("0")
    return not digits or (len(digits) <= DIGITS and SMALLEST <= value.adjusted() <= LARGEST)


def _boolean(cell: str) -> Attribute:
    return _BOOLEANS.get(cell) or _text(cell)


_MAKERS: dict[CellType, Callable[[str], Attribute]] = {
    "integer": _number,
    "big-integer": _number,
    "number": _number,
    "boolean": _boolean,
}
