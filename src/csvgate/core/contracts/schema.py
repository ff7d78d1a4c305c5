"""What the columns of a table are meant to be, in the names of Table Schema; as values, and as JSON out.

Source of the names: Data Package standard, "Table Schema", version 2.1. Of its types those are judged that a column
of csvgate can have; how a schema is read from JSON, `csvgate.core.contracts.descriptor` knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from csvgate.core.columns.column import ColumnType

FieldsMatch = Literal["exact", "equal", "subset", "superset", "partial"]
FIELD_TYPES: tuple[ColumnType, ...] = get_args(ColumnType)
FIELDS_MATCH: tuple[FieldsMatch, ...] = get_args(FieldsMatch)
TRUE_VALUES, FALSE_VALUES = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")
MISSING_VALUES = ("",)
PROFILE = "https://datapackage.org/profiles/2.1/tableschema.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Constraints:
    """What holds of every value of a field; bounds and `enum` are written as the values of the field are."""

    required: bool = False
    unique: bool = False
    enum: tuple[str, ...] = ()
    pattern: str | None = None
    minimum: str | None = None
    maximum: str | None = None
    exclusive_minimum: str | None = None
    exclusive_maximum: str | None = None
    min_length: int | None = None
    max_length: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One column; `missing_values` None means those of the schema, `format` None the default one of the type."""

    name: str
    type: ColumnType = "any"
    format: str | None = None
    title: str | None = None
    description: str | None = None
    decimal_char: str = "."
    group_char: str = ""
    true_values: tuple[str, ...] = TRUE_VALUES
    false_values: tuple[str, ...] = FALSE_VALUES
    missing_values: tuple[str, ...] | None = None
    constraints: Constraints = Constraints()

    def to_json(self) -> dict[str, Any]:
        """The field as Table Schema writes it, without what is understood."""
        constraints = _without_defaults(self.constraints, Constraints())
        written = _without_defaults(self, Field(name=""), but=("name", "type", "constraints"))
        return {
            "name": self.name,
            "type": self.type,
            **written,
            **({"constraints": constraints} if constraints else {}),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Schema:
    """The columns of a table, which of them identify a row, and what stands for no value."""

    fields: tuple[Field, ...]
    fields_match: FieldsMatch = "exact"
    missing_values: tuple[str, ...] = MISSING_VALUES
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The schema as Table Schema writes it, without what is understood."""
        rest = _without_defaults(self, Schema(fields=()), but=("fields",))
        return {"$schema": PROFILE, "fields": [field.to_json() for field in self.fields], **rest}


def in_json(name: str) -> str:
    """A name as JSON has it: `min_length` is `minLength`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _without_defaults(value: Any, default: Any, but: tuple[str, ...] = ()) -> dict[str, Any]:  # noqa: ANN401
    parts = ((name, getattr(value, name)) for name in value.__slots__ if name not in but)
    return {in_json(name): _plain(part) for name, part in parts if part != getattr(default, name)}


def _plain(part: Any) -> Any:  # noqa: ANN401
    return [_plain(each) for each in part] if isinstance(part, tuple) else part
