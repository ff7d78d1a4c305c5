"""What values are worth, and how worths are shown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.columns import worth
from csvgate.core.columns.shapes import shape_of
from csvgate.core.columns.types import decide


@pytest.mark.parametrize(
    ("text", "with_point", "with_comma"),
    [
        ("1,234.5", "1234.5", None),
        ("1.234,5", None, "1234.5"),
        ("-1\u202f234,5", None, "-1234.5"),
        ("1'234.5", "1234.5", None),
    ],
)
def test_marks_of_groups_are_left_out(text: str, with_point: str | None, with_comma: str | None) -> None:
    """The other mark is the decimal one."""
    if with_point:
        assert worth.with_point(text) == Decimal(with_point)
    if with_comma:
        assert worth.with_comma(text) == Decimal(with_comma)


@given(st.dates(), st.datetimes().map(lambda moment: moment.replace(microsecond=0)))
def test_days_and_moments_are_shown_as_they_were_read(day: object, moment: object) -> None:
    """In ISO's notation."""
    text = str(moment).replace(" ", "T")
    assert worth.show_day(worth.day(str(day))) == str(day)
    assert worth.show_moment(worth.moment(text)) == text
    assert worth.show_clock(worth.clock(text[11:])) == text[11:]


def test_moments_in_zones_are_compared_in_utc() -> None:
    """Also at the ends of the calendar."""
    assert worth.zoned_moment("2024-01-01T01:00+01:00") == worth.zoned_moment("2024-01-01 00:00Z")
    assert worth.zoned_moment("0001-01-01T00:00+23:59") < 0 < worth.zoned_moment("9999-12-31T23:59-23:59")
    assert worth.ZONED_MOMENTS.show(worth.zoned_moment("0001-01-01T00:00+23:59")) == "0001-01-01T00:00:00Z"


@pytest.mark.parametrize("zone", ["+01", "+0100", "+01:00", " +01", " +0100", " +01:00"])
@pytest.mark.parametrize("utc", ["Z", " Z", " UTC", " GMT", "+00", " -0000"])
def test_a_moment_is_the_same_in_every_spelling(zone: str, utc: str) -> None:
    """Its type is, and what it is worth, however its zone is written."""
    texts = [f"2024-01-31T11:30:00.5{zone}", f"2024-01-31 10:30:00.500{utc}"]
    shapes = [shape_of(text) for text in texts]
    parses = decide(shapes).parses
    first, second = (parses[shape](text) for shape, text in zip(shapes, texts, strict=True))
    assert (decide(shapes).type, first) == ("datetime", second)


@pytest.mark.parametrize(("number", "shown"), [("1.50", "1.5"), ("1E+3", "1000"), ("-0", "0"), ("1E+300", "1E+300")])
def test_numbers_are_shown_in_plain_decimals(number: str, shown: str) -> None:
    """Unless that would be a wall of zeros."""
    assert worth.show_number(Decimal(number)) == shown
