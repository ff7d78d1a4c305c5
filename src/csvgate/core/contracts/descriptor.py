"""A Table Schema as JSON reads it in; a Schema, or all that is wrong in it and where, out.

What the standard knows and csvgate cannot judge is refused, never passed over: a promise that nobody checks is none.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from csvgate.core.contracts.document import Node, Problems
from csvgate.core.contracts.expression import expression
from csvgate.core.contracts.schema import (
    FALSE_VALUES,
    FIELD_TYPES,
    FIELDS_MATCH,
    MISSING_VALUES,
    TRUE_VALUES,
    Constraints,
    Field,
    Schema,
    in_json,
)
from csvgate.core.contracts.spelling import Spelling, spelling_of

SCHEMA_NAMES = ("fields", "fieldsMatch", "missingValues", "primaryKey", "uniqueKeys", "$schema")
FIELD_NAMES = tuple(in_json(each.name) for each in fields(Field))
CONSTRAINT_NAMES = tuple(in_json(each.name) for each in fields(Constraints))
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
ON_TEXT = ("pattern", "minLength", "maxLength")
ORDERED = ("integer", "number", "date", "time", "datetime")
# What the standard has beyond these, by the part in which it stands.
NOT_JUDGED = {
    "schema": ("foreignKeys",),
    "field": ("categories",),
    "constraints": ("jsonSchema",),
}


def schema_of(document: Any) -> Schema | Problems:  # noqa: ANN401  what JSON reads
    """The schema that the document describes."""
    node = Node(document)
    schema = read_schema(node)
    return node.problems or schema


def read_schema(node: Node) -> Schema:
    """The schema in this part of a document; what is wrong is noted there."""
    if not node.is_object(SCHEMA_NAMES, strict=False):
        return Schema(fields=())
    _refuse(node, "schema")
    schema = Schema(
        fields=tuple(_field(each) for each in node.items("fields")),
        fields_match=node.choice("fieldsMatch", FIELDS_MATCH, "exact"),
        missing_values=_missing_values(node, MISSING_VALUES) or (),
        primary_key=node.texts("primaryKey", may_be_one=True),
        unique_keys=tuple(_key(each) for each in node.items("uniqueKeys")),
    )
    _check_names(node, schema)
    return schema


def _check_names(node: Node, schema: Schema) -> None:
    """Keys name fields, and where names lead to columns each is there once."""
    names = Counter(field.name for field in schema.fields)
    if not names:
        node.complain("must have a list of fields")
    twice = [name for name, count in names.items() if count > 1]
    if twice and schema.fields_match != "exact":
        node.complain(f"fieldsMatch {schema.fields_match!r} goes by names, and {twice[0]!r} is there twice")
    for key in (schema.primary_key, *schema.unique_keys):
        for name in key:
            if names[name] != 1:
                node.complain(f"a key names {name!r}, which is {'there twice' if names[name] else 'no field'}")


def _field(node: Node) -> Field:
    if not node.is_object(FIELD_NAMES, strict=False):
        return Field(name="")
    _refuse(node, "field")
    if isinstance(node.value.get("bareNumber"), bool) and not node.value["bareNumber"]:
        node.complain("bareNumber: false is not judged: what stands around a number is no part of it")
    if node.get("name") is None:
        node.complain("must have a name")
    field = Field(
        name=node.text("name") or "",
        type=node.choice("type", FIELD_TYPES, "any"),
        format=node.text("format"),
        title=node.text("title"),
        description=node.text("description"),
        decimal_char=node.text("decimalChar") or ".",
        group_char=node.text("groupChar") or "",
        true_values=node.texts("trueValues") or TRUE_VALUES,
        false_values=node.texts("falseValues") or FALSE_VALUES,
        missing_values=_missing_values(node, None),
    )
    return _with_constraints(field, node)


def _with_constraints(field: Field, node: Node) -> Field:
    spelling = spelling_of(field)
    if isinstance(spelling, str):
        node.complain(spelling)
    constraints = node.get("constraints")
    if isinstance(spelling, str) or constraints is None or not constraints.is_object(CONSTRAINT_NAMES):
        return field
    _refuse(constraints, "constraints")
    return replace(field, constraints=_constraints(constraints, field, spelling))


def _constraints(node: Node, field: Field, spelling: Spelling) -> Constraints:
    for name in ON_TEXT:
        if field.type not in ("string", "any") and (found := node.get(name)):
            found.complain(f"is for text, not for the type {field.type}")
    bounds = {name: _bound(node, name, field, spelling) for name in BOUNDS}
    return Constraints(
        required=node.flag("required"),
        unique=node.flag("unique"),
        enum=tuple(text for each in node.items("enum") if (text := _value(each, field, spelling)) is not None),
        pattern=_pattern(node),
        minimum=bounds["minimum"],
        maximum=bounds["maximum"],
        exclusive_minimum=bounds["exclusiveMinimum"],
        exclusive_maximum=bounds["exclusiveMaximum"],
        min_length=node.count("minLength"),
        max_length=node.count("maxLength"),
    )


def _bound(node: Node, name: str, field: Field, spelling: Spelling) -> str | None:
    found = node.get(name)
    if found and field.type not in ORDERED:
        found.complain(f"a {field.type} has no {name}")
        return None
    return _value(found, field, spelling) if found else None


def _value(node: Node, field: Field, spelling: Spelling) -> str | None:
    """A value of the field, as its column would write it."""
    text = _written(node.value, field)
    if text is None or spelling.wrong([text]):
        node.complain(f"{node.value!r} is no {spelling.what}")
        return None
    return text


def _written(value: object, field: Field) -> str | None:
    if isinstance(value, bool):
        return (field.true_values if value else field.false_values)[0]
    if isinstance(value, str):
        return value
    try:
        return f"{Decimal(str(value)):f}".replace(".", field.decimal_char)
    except InvalidOperation:
        return None


def _pattern(node: Node) -> str | None:
    found = node.get("pattern")
    text = found.as_text() if found else None
    if found is None or text is None:
        return None
    judged = expression(text)
    if isinstance(judged, str):
        found.complain(judged)
        return None
    return text


def _missing_values(node: Node, default: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Texts, or objects of which `value` is the text."""
    if node.get("missingValues") is None:
        return default
    parts = list(node.items("missingValues"))
    texts = (each.text("value") if isinstance(each.value, dict) else each.as_text() for each in parts)
    return tuple(text for text in texts if text is not None)


def _key(node: Node) -> tuple[str, ...]:
    names = (each.as_text() for each in node.as_list(may_be_one=True))
    return tuple(name for name in names if name is not None)


def _refuse(node: Node, part: str) -> None:
    """What the standard knows and csvgate does not judge."""
    for name in NOT_JUDGED[part]:
        if node.get(name):
            node.complain(f"{name} is not judged by csvgate")
