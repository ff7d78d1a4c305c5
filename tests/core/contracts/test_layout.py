"""Columns are matched with fields as was promised; where the header breaks the promise, as it was meant."""

from __future__ import annotations

import pytest

from csvgate.core.contracts.layout import lay_out
from csvgate.core.contracts.schema import Field, FieldsMatch, Schema

ABC = Schema(fields=(Field(name="a"), Field(name="b"), Field(name="c")))


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        ("abc", (0, 1, 2)),
        ("cab", (1, 2, 0)),
        ("axbc", (0, 2, 3, 1)),
        ("aBc", (0, 1, 2)),
        ("ac", (0, None, 1)),
        ("xyz", (0, 1, 2)),
        ("", (None, None, None)),
    ],
)
def test_where_columns_are_out_of_their_places_rows_are_judged_as_they_were_meant(
    names: str, columns: tuple[int | None, ...]
) -> None:
    layout = lay_out(ABC, list(names))
    assert layout.columns == columns
    assert bool(layout.faults) == (names != "abc")


def test_a_second_byte_order_mark_is_no_part_of_the_first_name() -> None:
    layout = lay_out(Schema(fields=ABC.fields, fields_match="equal"), ["\ufeffc", "a", "b"])
    assert (layout.columns, layout.faults) == ((1, 2, 0), ())


def test_without_a_header_there_is_but_the_order() -> None:
    assert lay_out(ABC, ["column_1", "column_2", "column_3"], has_header=False).faults == ()


@pytest.mark.parametrize(("match", "columns"), [("equal", (2, 0, 1)), ("subset", (2, 0, 1)), ("partial", (2, 0, 1))])
def test_by_name_the_order_does_not_matter(match: FieldsMatch, columns: tuple[int, ...]) -> None:
    layout = lay_out(Schema(fields=ABC.fields, fields_match=match), ["b", "c", "a"])
    assert (layout.columns, layout.faults) == (columns, ())


@pytest.mark.parametrize("match", ["superset", "partial"])
def test_where_columns_may_miss_those_of_the_key_may_not(match: FieldsMatch) -> None:
    schema = Schema(fields=ABC.fields, fields_match=match, primary_key=("b",))
    assert [fault.code for fault in lay_out(schema, ["a", "c"]).faults] == ["missing-label"]
