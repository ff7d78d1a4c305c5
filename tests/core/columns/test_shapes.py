"""The shape of one value, alone and among many."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.columns.shapes import DATE, INTEGER, MISSING, NULL, POINT, TEXT, shape_of, sort_by_shape
from tests.core.columns.strategies import values

NEAR_A_SHAPE = st.from_regex(re.compile(r"[-+]?[0-9.,:/'eETZ ]{1,12}"), fullmatch=True)


@given(st.lists(values | NEAR_A_SHAPE, unique=True))
def test_many_values_have_the_shapes_that_each_has_alone(texts: list[str]) -> None:
    """The short cut for values of one shape changes nothing."""
    alone = {text: shape_of(text) for text in texts}
    together = {text: shape for shape, group in sort_by_shape(texts).items() for text in group}
    assert together == alone


@pytest.mark.parametrize("texts", [["1\n2", "3"], ["3", "1\n2"], ["1", "2\n"], ["a\n1", "b"], ["yes\nno"], ["\n"]])
def test_a_line_end_in_a_value_makes_it_text(texts: list[str]) -> None:
    """The short cut reads values as lines, but two numbers in a cell are no number."""
    groups = sort_by_shape(texts)
    assert [text for text in texts if "\n" in text] == [text for text in groups[TEXT] if "\n" in text]


@given(st.dates())
def test_every_day_of_the_calendar_is_a_date(day: date) -> None:
    """And the day before the first of March is the right one."""
    assert shape_of(day.isoformat()) == DATE
    before = min(day, date(9999, 2, 1)).replace(month=3, day=1) - timedelta(days=1)
    assert shape_of(f"{before.year:04}-02-29") == (DATE if before.day == 29 else TEXT)


@given(st.text(alphabet="0123456789-", min_size=10, max_size=10))
def test_only_days_of_the_calendar_are_dates(text: str) -> None:
    """The regular expression agrees with Python."""
    try:
        expected = datetime.strptime(text, "%Y-%m-%d").date().isoformat() == text  # noqa: DTZ007  a date has no zone
    except ValueError:
        expected = False
    assert (shape_of(text) == DATE) is expected


@given(st.integers(min_value=-(10**18) + 1, max_value=10**18 - 1))
def test_integers_of_eighteen_digits_are_integers(number: int) -> None:
    """As Python writes them."""
    assert shape_of(str(number)) == INTEGER


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_numbers(number: float) -> None:
    """As Python writes them; three decimals may be thousands, which only the column can tell."""
    assert shape_of(repr(number)).startswith(POINT)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("192.168.100.200", TEXT),
        ("10.255.255.255", TEXT),
        ("1.234.567.890", "group ."),
        ("10.255.255.256", "group ."),
        ("1.100.200.100.100", "group ."),
        ("-1.100.200.100", "group ."),
        ("1.100.200.100,5", "group .,"),
    ],
)
def test_an_address_is_no_number_with_thousands(text: str, shape: str) -> None:
    """Four groups that are no greater than 255 are an address."""
    assert shape_of(text) == shape


def test_words_for_no_value_are_told_from_the_empty_string() -> None:
    """One is always null, the others where the column has a type."""
    assert [shape_of(text) for text in ("", "NA", "na", "Na")] == [NULL, MISSING, MISSING, TEXT]


@pytest.mark.parametrize(
    "text", ["ye\u017f", "\u00b2", "1_000", " x", "x ", "0x10", "\ud800", "--1", "1e", "E12", "1.2.3"]
)
def test_what_only_looks_like_a_type_is_text(text: str) -> None:
    """Letters and digits are those of ASCII, and nothing is stripped."""
    assert shape_of(text) == TEXT
