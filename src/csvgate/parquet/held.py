"""What a cell is in; which types of Parquet may hold it, and which texts each of them holds without changing them, out.

A value that a type would change goes to the next one, in the end to text: nothing is rounded, nothing is cut.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from decimal import Context, Decimal
from typing import Literal

from csvgate.load import CellType

Held = Literal[
    "NULL",
    "BIGINT",
    "DECIMAL(38,0)",
    "DOUBLE",
    "DECIMAL(38,18)",
    "BOOLEAN",
    "DATE",
    "TIMESTAMP",
    "TIMESTAMPTZ",
    "VARCHAR",
]
# The first that holds all values of a column is its type. Athena has no type for a time of day. What has no values has
# no type, and is in no file, until the first come: readers want the same type in every file.
CHOICE: dict[CellType, tuple[Held, ...]] = {
    "integer": ("BIGINT", "DECIMAL(38,0)", "VARCHAR"),
    "big-integer": ("DECIMAL(38,0)", "VARCHAR"),
    "number": ("DOUBLE", "DECIMAL(38,18)", "VARCHAR"),
    "boolean": ("BOOLEAN", "VARCHAR"),
    "date": ("DATE", "VARCHAR"),
    "time": ("VARCHAR",),
    "datetime": ("TIMESTAMP", "VARCHAR"),
    "zoned-datetime": ("TIMESTAMPTZ", "VARCHAR"),
    "string": ("VARCHAR",),
    "any": ("NULL", "VARCHAR"),
}
# What else may hold it, in a table that was made before.
ALSO: dict[CellType, frozenset[Held]] = {
    "integer": frozenset({"DOUBLE", "DECIMAL(38,18)"}),
    "big-integer": frozenset({"DOUBLE", "DECIMAL(38,18)"}),
    "any": frozenset({held for choice in CHOICE.values() for held in choice}),
}
# Decimals of so many digits go through a double and back, whatever they are.
SURELY_EXACT = 15
LARGEST = 2**63 - 1
# Longer texts are not looked at: whatever they say stays text.
_LONGEST = 80
_EXACT = Context(prec=_LONGEST)
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FINER_THAN_MICROSECONDS = re.compile(r"\.[0-9]{6}0*[1-9]")


def takes(held: Held, given: CellType) -> bool:
    """Whether a column of that type may be given such cells; each value is still looked at."""
    return held in CHOICE[given] or held in ALSO.get(given, ())


def misfits(held: Held, texts: Collection[str | None]) -> list[str]:
    """Those of the texts that the type would change, or does not take at all."""
    holds = _HOLDS.get(held)
    return [text for text in texts if text is not None and not holds(text)] if holds else []


def _is_bigint(text: str) -> bool:
    return bool(_INTEGER.fullmatch(text)) and (len(text) <= SURELY_EXACT or -LARGEST - 1 <= int(text) <= LARGEST)


def _is_big(text: str) -> bool:
    return bool(_INTEGER.fullmatch(text)) and len(text.lstrip("+-0")) <= 38  # noqa: PLR2004  # DECIMAL(38,0)


def _is_double(text: str) -> bool:
    """The shortest text of the double is the same number."""
    if len(text) <= SURELY_EXACT and "e" not in text and "E" not in text:
        return True
    return Decimal(repr(float(text))) == Decimal(text)


def _is_decimal(text: str) -> bool:
    """At most 20 digits before the point, and 18 after it."""
    if len(text) > _LONGEST:
        return False
    digits = _EXACT.normalize(Decimal(text))
    exponent = digits.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -18 and (not digits or digits.adjusted() < 20)  # noqa: PLR2004


def _is_moment(text: str) -> bool:
    return not _FINER_THAN_MICROSECONDS.search(text)


def _is_zoned_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return _is_moment(text)


_HOLDS: dict[Held, Callable[[str], bool]] = {
    "BIGINT": _is_bigint,
    "DECIMAL(38,0)": _is_big,
    "DOUBLE": _is_double,
    "DECIMAL(38,18)": _is_decimal,
    "BOOLEAN": {"true", "false"}.__contains__,
    "DATE": lambda text: bool(_DATE.fullmatch(text)),
    "TIMESTAMP": _is_moment,
    "TIMESTAMPTZ": _is_zoned_moment,
    "NULL": lambda _: False,
}
