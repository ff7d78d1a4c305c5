"""A text is a value exactly where csvgate would call it one, and its plain form is the same value."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.contracts.schema import Field
from csvgate.core.contracts.spelling import Spelling, spelling_of


def spelling(kind: Any, **parts: Any) -> Spelling:  # noqa: ANN401
    """How values of the type are written."""
    found = spelling_of(Field(name="x", type=kind, **parts))
    assert isinstance(found, Spelling), found
    return found


VALUES: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("integer", {}, {"0": "0", "-12": "-12", "999999999999999999": "999999999999999999"}),
    ("integer", {}, {"+5": "+5", "+1234567": "+1234567"}),
    ("integer", {"group_char": " "}, {"+1 234 567": "1234567", "+12 345": "12345"}),
    ("number", {"group_char": " "}, {"+1 234 567": "1234567", "+1234567": "1234567"}),
    ("integer", {"group_char": ","}, {"1,234": "1234", "5": "5", "-1,234,567": "-1234567"}),
    ("number", {}, {"1.50": "1.50", "2": "2", "1.234": "1.234", "1e5": "1e5"}),
    ("number", {"decimal_char": ",", "group_char": "."}, {"1.234,50": "1234.50", "1.234": "1234", "0,5": "0.5"}),
    ("number", {"group_char": "'"}, {"1'234.5": "1234.5", "7": "7"}),
    ("boolean", {}, {"True": "true", "0": "false"}),
    ("boolean", {"true_values": ("ja",), "false_values": ("nein",)}, {"ja": "true", "nein": "false"}),
    ("date", {}, {"2024-02-29": "2024-02-29"}),
    ("date", {"format": "%d/%m/%Y"}, {"03/04/2024": "2024-04-03", "1/2/2024": "2024-02-01"}),
    ("date", {"format": "%y%m%d"}, {"241231": "2024-12-31"}),
    ("time", {"format": "%I:%M %p"}, {"11:30 PM": "23:30:00"}),
    ("datetime", {"format": "%d.%m.%Y %H:%M:%S.%f"}, {"31.12.2024 10:00:00.25": "2024-12-31T10:00:00.250000"}),
    ("datetime", {}, {"2024-12-31T10:00:00Z": "2024-12-31T10:00:00Z", "2024-12-31 10:00": "2024-12-31 10:00"}),
    ("datetime", {}, {"2024-12-31 10:00 UTC": "2024-12-31 10:00Z", "2024-12-31T10:00:00 GMT": "2024-12-31T10:00:00Z"}),
    ("datetime", {}, {"2024-12-31 10:00 -0530": "2024-12-31 10:00-0530", "2024-12-31 10:00+01": "2024-12-31 10:00+01"}),
    ("string", {"format": "email"}, {"a@b.ch": "a@b.ch"}),
    ("string", {"format": "binary"}, {"QUJD": "QUJD"}),
]
NO_VALUES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("integer", {}, ["1.0", "007", "NA", "", "1,234", "1e3", "９", "1" * 19]),
    ("integer", {"group_char": ","}, ["1,23", "1.5", "1,234.5"]),
    ("number", {}, ["1,5", "NaN", "INF", "1'000", "1_000", "abc"]),
    ("number", {"decimal_char": ",", "group_char": "."}, ["1,234.5", "1.23"]),
    ("boolean", {}, ["yes", "tRue", "2"]),
    ("date", {}, ["2023-02-29", "01.02.2024", "2024-1-2", "2024-01-01T00:00"]),
    ("date", {"format": "%d/%m/%Y"}, ["12/31/2024", "2024-12-31", "31.12.2024"]),
    ("date", {"format": "%y%m%d"}, ["243112", "x"]),
    ("time", {}, ["24:00", "9:00", "10:00 PM"]),
    ("datetime", {}, ["2024-12-31", "2024-12-31T25:00", "2024-12-31 10:00 CET", "2024-12-31 10:00 +24"]),
    ("string", {"format": "email"}, ["a@b", "a b@c.ch"]),
    ("string", {"format": "uuid"}, ["123"]),
    ("string", {"format": "binary"}, ["Q", "?"]),
]


@pytest.mark.parametrize(("kind", "parts", "values"), VALUES)
def test_values_are_known_and_written_plainly(kind: str, parts: dict[str, Any], values: dict[str, str]) -> None:
    found = spelling(kind, **parts)
    assert list(found.wrong(list(values))) == []
    assert {text: text for text in values} | found.plainly(list(values)) == values


@pytest.mark.parametrize(("kind", "parts", "texts"), NO_VALUES)
def test_what_is_no_value_is_known(kind: str, parts: dict[str, Any], texts: list[str]) -> None:
    assert sorted(spelling(kind, **parts).wrong(texts)) == sorted(texts)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_the_plain_form_of_a_number_is_worth_the_same(number: Decimal) -> None:
    german = spelling("number", decimal_char=",", group_char=".")
    text = f"{number:,}".translate(str.maketrans(",.", ".,"))
    assert german.plain is not None
    assert Decimal(german.plain(text)) == german.worth(text) == number


@given(st.dates(), st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y/%m/%d"]))
def test_the_plain_form_of_a_date_is_the_same_day(day: Any, pattern: str) -> None:  # noqa: ANN401
    found = spelling("date", format=pattern)
    text = day.strftime(pattern.replace("%Y", f"{day.year:04}"))
    assert found.plain is not None
    assert found.plain(text) == day.isoformat()
