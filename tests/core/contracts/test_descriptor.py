"""A schema is read as the standard says, and whatever is wrong in it is told with its place."""

from __future__ import annotations

from typing import Any

import pytest

from csvgate.core.contracts.descriptor import schema_of
from csvgate.core.contracts.document import Problems
from csvgate.core.contracts.schema import Constraints, Field, Schema


def field_of(**parts: Any) -> Field:  # noqa: ANN401
    """The only field of a schema."""
    schema = schema_of({"fields": [{"name": "x", **parts}]})
    assert isinstance(schema, Schema), schema
    return schema.fields[0]


def wrong(document: object) -> list[str]:
    """All that is wrong in a document."""
    problems = schema_of(document)
    assert isinstance(problems, Problems), problems
    return [str(problem) for problem in problems.found]


@pytest.mark.parametrize(
    "schema",
    [
        Schema(fields=(Field(name="a"),)),
        Schema(fields=(Field(name="a"), Field(name="a")), missing_values=()),
        Schema(
            fields=(
                Field(name="id", type="integer", constraints=Constraints(required=True, unique=True, minimum="1")),
                Field(name="sum", type="number", decimal_char=",", group_char=".", missing_values=("-",)),
                Field(name="is", type="boolean", true_values=("ja",), false_values=("nein",), title="Ist es?"),
                Field(name="day", type="date", format="%d.%m.%Y", constraints=Constraints(enum=("31.12.2024",))),
                Field(name="to", type="string", format="email", constraints=Constraints(pattern=".*ch", max_length=9)),
            ),
            fields_match="subset",
            missing_values=("", "NA"),
            primary_key=("id",),
            unique_keys=(("sum", "day"),),
        ),
    ],
)
def test_a_schema_that_is_written_is_read_back(schema: Schema) -> None:
    assert schema_of(schema.to_json()) == schema


def test_older_and_longer_forms_of_the_standard_are_read() -> None:
    missing = [{"value": "", "label": "OMITTED"}, {"value": "-99"}]
    schema = schema_of({"fields": [{"name": "a", "rdfType": "x"}], "primaryKey": "a", "missingValues": missing})
    assert schema == Schema(fields=(Field(name="a"),), primary_key=("a",), missing_values=("", "-99"))


def test_bounds_may_be_numbers_or_texts_as_the_column_writes_them() -> None:
    assert field_of(type="number", constraints={"minimum": 1.5}).constraints.minimum == "1.5"
    german = {"type": "number", "decimalChar": ",", "groupChar": "."}
    assert field_of(**german, constraints={"minimum": 1.5}).constraints.minimum == "1,5"
    assert field_of(**german, constraints={"minimum": "1.000,5"}).constraints.minimum == "1.000,5"
    assert field_of(type="boolean", constraints={"enum": [True]}).constraints.enum == ("true",)


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ({"type": "integr"}, "fields[0].type: 'integr' is not known here; use one of these"),
        (
            {"constraints": {"requird": True}},
            "fields[0].constraints.requird: is not known here; did you mean 'required'?",
        ),
        ({"missingvalues": [""]}, "fields[0].missingvalues: is not known here; did you mean 'missingValues'?"),
        ({"constraints": {"required": "yes"}}, "fields[0].constraints.required: must be true or false"),
        ({"constraints": {"maxLength": -1}}, "fields[0].constraints.maxLength: must be a whole number from 0 on"),
        ({"type": "integer", "constraints": {"minimum": "ten"}}, "constraints.minimum: 'ten' is no integer"),
        (
            {"type": "integer", "constraints": {"pattern": "1.*"}},
            "constraints.pattern: is for text, not for the type integer",
        ),
        ({"type": "string", "constraints": {"minimum": 1}}, "constraints.minimum: a string has no minimum"),
        ({"type": "string", "constraints": {"pattern": "("}}, "constraints.pattern: is no regular expression"),
        (
            {"type": "string", "constraints": {"pattern": "(?=a).*"}},
            "constraints.pattern: is not judged: it looks ahead or behind ((?=…), (?<=…))",
        ),
        ({"type": "string", "format": "phone"}, "fields[0]: 'phone' is no format of a string"),
        ({"type": "date", "format": "any"}, "fields[0]: the format 'any' would leave csvgate to guess"),
        ({"type": "date", "format": "%d.%m."}, "fields[0]: '%d.%m.' is no pattern of strptime for a date"),
        ({"type": "date", "format": "%Y-%m-%d %H"}, "is no pattern of strptime for a date"),
        ({"type": "time", "format": "%Q"}, "is no pattern of strptime for a time"),
        ({"type": "number", "decimalChar": "x"}, "fields[0]: decimalChar must be . or ,"),
        ({"type": "boolean", "trueValues": ["0"]}, "fields[0]: trueValues and falseValues must have nothing in common"),
        ({"type": "number", "bareNumber": False}, "fields[0]: bareNumber: false is not judged"),
        ({"categories": ["a"]}, "fields[0]: categories is not judged by csvgate"),
        ({"missingValues": "NA"}, "fields[0].missingValues: must be a list, not a text"),
    ],
)
def test_what_is_wrong_in_a_field_is_told_with_its_place(field: dict[str, object], told: str) -> None:
    (message,) = wrong({"fields": [{"name": "x", **field}]})
    assert told in message


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ([], "must be an object, not a list"),
        ({}, "must have a list of fields"),
        ({"fields": ["id"]}, "fields[0]: must be an object, not a text"),
        ({"fields": [{}]}, "fields[0]: must have a name"),
        ({"fields": [{"name": "a"}], "primaryKey": ["b"]}, "a key names 'b', which is no field"),
        ({"fields": [{"name": "a"}], "foreignKeys": [{}]}, "foreignKeys is not judged by csvgate"),
        ({"fields": [{"name": "a"}], "fieldsMatch": ["exact"]}, "fieldsMatch: ['exact'] is not known here"),
        ({"fields": [{"name": "a"}] * 2, "fieldsMatch": "equal"}, "goes by names, and 'a' is there twice"),
    ],
)
def test_what_is_wrong_in_a_schema_is_told(document: object, told: str) -> None:
    assert any(told in message for message in wrong(document))


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert len(wrong({"fields": [{"name": 1}, {"name": "a", "type": "x"}], "primaryKey": "c"})) == 3
