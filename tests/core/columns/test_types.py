"""Types are decided on the shapes of a whole column."""

from __future__ import annotations

import pickle

import pytest

from csvgate.core.columns.shapes import shape_of
from csvgate.core.columns.types import STRING, decide, parses_of

COLUMNS = [
    ("1 -5 +5 0", "integer", None),
    ("999999999999999999", "integer", None),
    ("+123456 -1234567", "integer", None),
    ("+5 +0.3 +12.5 +1234567.5 +1,234,567", "number", "groupChar=,"),
    ("+5 +0.3 +12.5 +1234567.5", "number", None),
    ("+4930123456", "string", None),
    ("+4930123456 5", "string", None),
    ("1000000000000000000", "string", None),
    ("00123 5", "string", None),
    ("1.5 2 .5 5. 1e5 -1.5E-3", "number", None),
    ("0.123", "number", None),
    ("12.500 3.1", "number", None),
    ("1.234", "string", None),
    ("1.234 7", "string", None),
    ("1.234 1.234.567", "number", "decimalChar=,;groupChar=."),
    ("1,234", "string", None),
    ("1,50 2", "number", "decimalChar=,"),
    ("1,234 1,50", "number", "decimalChar=,"),
    ("1,234 12,345.6", "number", "groupChar=,"),
    ("1,234 1,234,567", "number", "groupChar=,"),
    ("1.234.567,89 12,5", "number", "decimalChar=,;groupChar=."),
    ("1'234.50 12", "number", "groupChar='"),
    ("1\u00a0234,5 7", "number", "decimalChar=,;groupChar=\u00a0"),
    ("1,50 1.50", "string", None),
    ("1,234 1.234", "string", None),
    ("1,23,456 5", "string", None),
    ("nan inf", "string", None),
    ("1e999 1", "string", None),
    ("true FALSE True", "boolean", None),
    ("yes No", "boolean", None),
    ("true yes", "string", None),
    ("2024-02-29 0001-01-01", "date", None),
    ("2023-02-29", "string", None),
    ("2024/1/5 2024/12/31", "date", "%Y/%m/%d"),
    ("31.12.2024 1.2.2024", "date", "%d.%m.%Y"),
    ("12.31.2024", "string", None),
    ("03/04/2024", "string", None),
    ("03/04/2024 13/04/2024", "date", "%d/%m/%Y"),
    ("03/04/2024 03/14/2024", "date", "%m/%d/%Y"),
    ("13/04/2024 03/14/2024", "string", None),
    ("13-04-2024", "date", "%d-%m-%Y"),
    ("31/02/2024", "string", None),
    ("2024-01-01 2024/01/01", "string", None),
    ("20240101", "integer", None),
    ("09:30 23:59:59.5", "time", None),
    ("24:00", "string", None),
    ("2024-01-01T10:00 2024-01-01T10:00:00.123", "datetime", None),
    ("2024-01-01T10:00Z 2024-01-01T10:00+05:30", "datetime", None),
    ("2024-01-01T10:00Z 2024-01-01T10:00", "string", None),
    ("2024-01-01 2024-01-01T10:00", "string", None),
    ("\u0663 \u00b2 \uff11", "string", None),
    ("NA 5", "integer", None),
    ("NA Berlin", "string", None),
    ("NA", "string", None),
    ("", "any", None),
]


@pytest.mark.parametrize(
    "text", [" 1", "1 ", "(5.00)", "5-", "12%", "$5", "1,5E+3", "24:00:00", "31.12.24", "2:04PM", "inf", "\uff11"]
)
def test_what_is_not_read_is_text_and_worth_nothing(text: str) -> None:
    """Nothing is stripped, and nothing is guessed."""
    assert decide([shape_of(text)]) is STRING
    assert parses_of(shape_of(text)) == ()


@pytest.mark.parametrize(("values", "kind", "written"), COLUMNS)
def test_a_column_has_the_type_of_all_its_values(values: str, kind: str, written: str | None) -> None:
    """Or it is text."""
    notation = decide(shape_of(value) for value in values.split(" ") if value)
    assert (notation.type, notation.format) == (kind, written)


@pytest.mark.parametrize(
    ("values", "written"),
    [
        (["1 234,5", "7"], "decimalChar=,;groupChar= "),
        (["13/04/2024 9:30"], "%d/%m/%Y %H:%M"),
        (["12/31/2024 09:30:15.25"], "%m/%d/%Y %H:%M:%S.%f"),
        (["2024-01-01 10:00:00", "2024-01-01T10:00"], None),
    ],
)
def test_spaces_stand_between_thousands_and_before_times(values: list[str], written: str | None) -> None:
    """A value with a space in it need not be text."""
    notation = decide(map(shape_of, values))
    assert notation.type != "string"
    assert notation.format == written


def test_a_local_time_of_day_must_exist() -> None:
    """As must its date."""
    assert decide([shape_of("13/04/2024 24:00")]).type == "string"


@pytest.mark.parametrize("text", ["31.12.2024", "12/31/2024 23:59", "7", "1.234,5"])
def test_what_a_value_is_worth_is_known_by_the_same_parse_in_another_process(text: str) -> None:
    """Measures are kept by parse, and some of them travel."""
    parses = parses_of(shape_of(text))
    assert pickle.loads(pickle.dumps(parses)) == parses  # noqa: S301  our own
    assert dict.fromkeys(parses, text) == dict.fromkeys(pickle.loads(pickle.dumps(parses)), text)  # noqa: S301
