"""A schema in; what must be unique in a table out: the primary key, unique fields, and combinations of fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from csvgate.core.contracts.schema import Schema


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """Fields, by their places in the schema, whose values no two rows have in common; `field` names them."""

    parts: tuple[int, ...]
    field: str
    rule: str
    code: str = "unique-error"


def keys_of(schema: Schema) -> tuple[Key, ...]:
    """All keys of the schema; those of several fields by name, which are unique where they are part of a key."""
    return tuple(_keys(schema))


def _keys(schema: Schema) -> Iterator[Key]:
    places = {field.name: at for at, field in enumerate(schema.fields)}
    if schema.primary_key:
        parts = tuple(places[name] for name in schema.primary_key)
        yield Key(parts=parts, field=", ".join(schema.primary_key), rule="primaryKey", code="primary-key")
    for at, field in enumerate(schema.fields):
        if field.constraints.unique and schema.primary_key != (field.name,):
            yield Key(parts=(at,), field=field.name, rule="unique")
    for names in schema.unique_keys:
        yield Key(parts=tuple(places[name] for name in names), field=", ".join(names), rule="uniqueKeys")
