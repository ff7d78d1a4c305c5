"""A schema and a table in; which rows break it, slowly, row by row and cell by cell, and obviously right, out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from csvgate.core.contracts.schema import Field, Schema

_INTEGER = re.compile(r"[+-]?(0|[1-9][0-9]{0,17})")


def value_of(field: Field, text: str) -> int | Decimal | str | None:
    """What a text is worth; None if it is no value of the type (integers, numbers with a point, and text)."""
    if field.type == "integer":
        return int(text) if _INTEGER.fullmatch(text) else None
    if field.type == "number":
        try:
            return Decimal(text) if re.fullmatch(r"[+-]?[0-9.]+", text) and text != "." else None
        except InvalidOperation:
            return None
    return text


def is_broken(field: Field, text: str, missing: Sequence[str]) -> bool:
    """Whether a cell breaks a rule of its field."""
    rules = field.constraints
    if text in missing:
        return rules.required
    value = value_of(field, text)
    if value is None:
        return True
    if isinstance(value, str):
        lengths = rules.min_length is not None and len(value) < rules.min_length
        return (
            lengths
            or bool(rules.pattern and not re.fullmatch(rules.pattern, value))
            or (bool(rules.enum) and value not in rules.enum)
        )
    return (rules.minimum is not None and value < Decimal(rules.minimum)) or (
        rules.exclusive_maximum is not None and value >= Decimal(rules.exclusive_maximum)
    )


def broken_rows(schema: Schema, rows: Sequence[Sequence[str]]) -> set[int]:
    """The numbers of the rows that break the schema; all have as many cells as there are fields."""
    found: set[int] = set()
    for number, row in enumerate(rows, start=1):
        cells = zip(schema.fields, row, strict=True)
        if any(is_broken(field, text, schema.missing_values) for field, text in cells):
            found.add(number)
        if any(_stands_in(key, row, rows[: number - 1], schema) for key in _keys(schema)):
            found.add(number)
    return found


def _keys(schema: Schema) -> list[list[int]]:
    names = [field.name for field in schema.fields]
    unique = [[at] for at, field in enumerate(schema.fields) if field.constraints.unique]
    return [*unique, *([names.index(name) for name in key] for key in schema.unique_keys)]


def _stands_in(key: Sequence[int], row: Sequence[str], earlier: Sequence[Sequence[str]], schema: Schema) -> bool:
    def values(cells: Sequence[str]) -> list[object]:
        return [None if cells[at] in schema.missing_values else value_of(schema.fields[at], cells[at]) for at in key]

    wanted = values(row)
    return None not in wanted and any(values(cells) == wanted for cells in earlier)
