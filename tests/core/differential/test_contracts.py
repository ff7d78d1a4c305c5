"""A Table Schema means the same to Frictionless: the same rows break it, by rules of the same names."""

from __future__ import annotations

from collections.abc import Sequence

import frictionless
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.judging import Judging
from csvgate.core.contracts.schema import Constraints, Field, Schema
from csvgate.core.dialect import Dialect
from csvgate.core.inspection import inspect
from tests.strategies import whole, write

NAMES = ["id", "sum", "day", "word"]
# Values of which nobody doubts whether they are of the type.
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "30", "x", ""]),
        st.sampled_from(["1.5", "-2", "9.25", "y", ""]),
        st.sampled_from(["2024-12-31", "2024-02-29", "2023-02-29", "31.12.2024", ""]),
        st.sampled_from(["a", "ab", "abc", "b,c", ""]),
    ).filter(any),  # a row of empty cells is a `blank-row` there, here a row without values
    min_size=2,
    max_size=12,
)
FLAGS = st.booleans()
BOUNDS = (("2", "29"), ("0", "9"), ("2024-03-01", "2024-12-30"))


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    """A schema of an integer, a number, a date and a text."""
    fields = []
    for name, kind, (low, high) in zip(NAMES, ("integer", "number", "date"), BOUNDS, strict=False):
        rules = Constraints(
            required=draw(FLAGS),
            unique=draw(FLAGS),
            minimum=draw(st.sampled_from([None, low])),
            maximum=draw(st.sampled_from([None, high])),
        )
        fields.append(Field(name=name, type=kind, constraints=rules))  # type: ignore[arg-type]
    rules = Constraints(
        required=draw(FLAGS),
        pattern=draw(st.sampled_from([None, "a.*"])),
        min_length=draw(st.sampled_from([None, 2])),
        max_length=draw(st.sampled_from([None, 2])),
        enum=draw(st.sampled_from([(), ("ab", "abc")])),
    )
    return Schema(fields=(*fields, Field(name="word", type="string", constraints=rules)))


def ours(schema: Schema, rows: Sequence[Sequence[str]]) -> set[tuple[int, str]]:
    """Which rows break the schema, each with its codes, as csvgate has it."""
    data = write([NAMES, *map(list, rows)], Dialect())
    judging = Judging(whole(data), inspect(whole(data)), Contract(schema=schema))
    return {
        (piece.rows.first + at, found.code)
        for piece in judging.pieces()
        for at, violations in piece.violations.items()
        for found in violations
    }


def theirs(schema: Schema, rows: Sequence[Sequence[str]]) -> set[tuple[int, str]]:
    """The same, as Frictionless has it; it counts the header as a row."""
    described = frictionless.Schema.from_descriptor(schema.to_json())
    report = frictionless.Resource(data=[NAMES, *map(list, rows)], schema=described).validate()
    return {(error.to_dict()["rowNumber"] - 1, error.type) for task in report.tasks for error in task.errors}


@given(schemas(), ROWS)
def test_the_same_rows_break_a_contract_by_the_same_codes(schema: Schema, rows: list[tuple[str, ...]]) -> None:
    assert ours(schema, rows) == theirs(schema, rows)
