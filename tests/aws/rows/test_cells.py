"""What becomes of cells in an item: typed where that loses nothing, text where it would."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.aws.rows.cells import cells_of, names_of
from csvgate.load import CellType
from tests.ports.contents import target


def made(kind: CellType, cell: str | None) -> object:
    """What is in the map for a cell of that type."""
    return cells_of(target("c", types=[kind]))([cell])["M"].get("c")


@pytest.mark.parametrize("number", ["0", "-1", "+5", "10.50", ".5", "5.", "1e5", "-1.5E-20", "9" * 38, "1" + "0" * 125])
def test_a_number_that_dynamodb_keeps_exactly_is_a_number(number: str) -> None:
    assert made("number", number) == {"N": number}


@pytest.mark.parametrize(
    "text", ["1" * 39, "1" + "0" * 126, "1e126", "1e-131", "1e9999999999999999999", "NaN", "Infinity", "1_000", "١", ""]
)
def test_what_it_would_round_refuse_or_take_for_another_is_text(text: str) -> None:
    assert made("number", text) == {"S": text}


@given(st.decimals(allow_nan=False, allow_infinity=False).map(str))
def test_a_number_says_what_the_file_says_in_38_digits(text: str) -> None:
    (kind, value) = next(iter(made("number", text).items()))  # type: ignore[attr-defined]  # a map
    assert value == text
    if kind == "N":
        assert len("".join(map(str, Decimal(text).as_tuple().digits)).strip("0")) <= 38


@pytest.mark.parametrize(
    ("kind", "cell", "expected"),
    [
        ("integer", "007", {"N": "007"}),
        ("big-integer", "12345678901234567890123", {"N": "12345678901234567890123"}),
        ("boolean", "true", {"BOOL": True}),
        ("boolean", "false", {"BOOL": False}),
        ("boolean", "yes", {"S": "yes"}),
        ("date", "2026-03-01", {"S": "2026-03-01"}),
        ("string", "", {"S": ""}),
        ("string", "12", {"S": "12"}),
        ("string", "\udc80", {"S": "\\udc80"}),
        ("string", None, None),
    ],
)
def test_a_cell_is_of_the_type_of_its_column_and_absent_without_a_value(
    kind: CellType, cell: str | None, expected: object
) -> None:
    assert made(kind, cell) == expected


def test_a_list_has_every_cell_in_its_place() -> None:
    make = cells_of(replace(target("a", "b", "c"), shape="rows"))
    assert make(["1", None, ""]) == {"L": [{"S": "1"}, {"NULL": True}, {"S": ""}]}


def test_names_are_those_of_the_file_and_no_two_alike() -> None:
    names = names_of(target("a", "", "a", "a_2", "a", "", "x" * 300))
    assert names == ["a", "column_2", "a_2", "a_2_2", "a_3", "column_6", "x" * 255]
