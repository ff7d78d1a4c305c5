"""The findings that hold for a column, by the shapes of its values."""

from __future__ import annotations

import pytest

from csvgate.core.columns.remarks import is_plain, remarks_on
from csvgate.core.columns.shapes import DIGITS, MISSING, NULL, TEXT, UNREAD_NUMBER, UNREAD_TIME, ZEROS
from csvgate.core.columns.shapes import PLUS as LONG_PLUS
from csvgate.core.columns.types import NOTATIONS
from tests.core.columns.strategies import profiler_of

SHAPES = {shape for notation in NOTATIONS for shape in notation.parses}
SHAPES |= {TEXT, ZEROS, DIGITS, LONG_PLUS, UNREAD_NUMBER, UNREAD_TIME}

LATE, MIXED, ZEROS = "late-type-change", "mixed-formats", "leading-zeros"
ROUNDED, TYPES, UNREAD = "rounded-number", "mixed-types", "unread-format"
DATE, NUMBER = "ambiguous-date", "ambiguous-number"
PLUS, LONG = "leading-plus", "long-identifier"
COLUMNS: list[tuple[list[str], list[tuple[str, int, str]]]] = [
    (["5", "007", "NA", "01", ""], [(ZEROS, 2, "007")]),
    (["007", "01", "12345678901234567890"], [(ZEROS, 2, "007")]),
    (["007", "01", "1.5"], [(ZEROS, 2, "007")]),
    (["007", "01", "SW1A"], []),
    (["+4930123456", "NA", "030123456"], [(ZEROS, 1, "030123456")]),
    (["+4930123456", "110", "+34 612 345 678"], [(PLUS, 2, "+4930123456")]),
    (["+34\u00a0612\u00a0345\u00a0678"], [(PLUS, 1, "+34\u00a0612\u00a0345\u00a0678")]),
    (["1"] * 500 + ["+1234567"], [(PLUS, 1, "+1234567")]),
    (["+4930123456", "ask Bob"], []),
    (["+123456", "+12.5", "+1234567.5", "+12 345"], []),
    (["12345678901234567890", "5"], [(LONG, 1, "12345678901234567890")]),
    (["-9223372036854775807", "12345678901234567890"], [(LONG, 2, "-9223372036854775807")]),
    (["12345678901234567890", "B12"], []),
    (["1"] * 500 + ["007", "01"], [(ZEROS, 2, "007")]),
    (["03/04/2024", "05/04/2024"], [(DATE, 2, "03/04/2024")]),
    (["03/04/2024", "13/04/2024"], []),
    (["03/04/2024", "soon"], []),
    (["7", "1,234", "2,345"], [(NUMBER, 2, "1,234")]),
    (["1.234"], [(NUMBER, 1, "1.234")]),
    (["1.234", "0.5"], []),
    (["1,234", "1.234"], [(NUMBER, 2, "1,234")]),
    (["1"] * 99 + ["K"], [(LATE, 1, "K")]),
    (["K"] + ["1"] * 99, [(LATE, 1, "K")]),
    (["1"] * 19 + ["K"], [(LATE, 1, "K")]),
    (["1"] * 18 + ["K"], [(TYPES, 1, "K")]),
    (["1"] * 100 + ["K", "L"], [(TYPES, 2, "K")]),
    (["1"] * 90 + ["TBD"] * 5 + ["see note"] * 5 + ["NA"] * 50, [(TYPES, 10, "TBD")]),
    (["1"] * 90 + ["TBD"] * 11, []),
    (["1"] * 8 + ["K"], []),
    (["2024-01-01"] * 30 + ["soon"] * 3, [(TYPES, 3, "soon")]),
    (["1"] * 50 + ["007", "x", "y"], []),
    (["yes"] * 30 + ["no"] * 30 + ["maybe"] * 5, []),
    (["1"] * 198 + ["K", "L"], [(LATE, 2, "K")]),
    (["2024-01-01"] * 60 + ["2026-02-31"], [(LATE, 1, "2026-02-31")]),
    (["7,5"] * 50 + ["3.75"], [(LATE, 1, "3.75")]),
    (["1"] * 99 + ["NA"] * 5 + ["K"], [(LATE, 1, "K")]),
    (["1"] * 100 + ["1.5"] * 100 + ["K", "2024-01-01"], [(LATE, 2, "K")]),
    (["2024-01-01"] * 200 + ["01.02.2024"], [(LATE, 1, "01.02.2024")]),
    (["1"] * 200 + ["12345678901234567890"], [(LATE, 1, "12345678901234567890")]),
    (["123456789010"] * 20 + ["1.23457E+12"], [(LATE, 1, "1.23457E+12"), (ROUNDED, 1, "1.23457E+12")]),
    (["4.00638E+12", "NA", "4.00638E+12", "1.5E+11"], [(ROUNDED, 3, "4.00638E+12")]),
    (["4.00638E+12", "4006381333931", "007"], [(ZEROS, 1, "007"), (ROUNDED, 1, "4.00638E+12")]),
    (["4.00638E+12", "0.5"], []),
    (["4.00638e+12", "4.0063813E+12", "1E+12", "1.5E+10", "1.5E+20", "-1.5E+12"], []),
    (["7"] * 500 + ["", "1.5", "2.125"], [(LATE, 2, "1.5")]),
    (["7"] * 500 + ["1,5"], [(LATE, 1, "1,5")]),
    (["7"] * 500 + ["12,345,678"], []),
    (["7"] * 90 + ["1.5"] * 10, []),
    (["7"] * 10 + ["1.5"], []),
    (["13/02/2024", "02/14/2024"], [(MIXED, 1, "02/14/2024")]),
    (["13/02/2024"] * 5 + ["NA", "01/02/2024"] + ["02/14/2024"] * 6, [(MIXED, 5, "13/02/2024")]),
    (["1,5", "7", "1.5", "2.5"], [(MIXED, 1, "1,5")]),
    (["yes", "true"], [(MIXED, 1, "yes")]),
    (["2024-01-31T10:00", "2024-01-31T10:00Z"], [(MIXED, 1, "2024-01-31T10:00Z")]),
    (["2024-01-31", "31.01.2024", "soon"], []),
    (["2024-01-31", "2024-01-31T10:00"], []),
    (["2024-01-31", "7"], []),
    (["(5.00)", "12.50"], [(UNREAD, 1, "(5.00)")]),
    (["5.00-", "12.50"], [(UNREAD, 1, "5.00-")]),
    (["12 %", "3.5%", "100%"], [(UNREAD, 3, "12 %")]),
    (["$1,234.50", "€ 5", "-£3", "($1.50)", "7 €"], [(UNREAD, 5, "$1,234.50")]),
    (["1,00,000", "12,34,567.50"], [(UNREAD, 2, "1,00,000")]),
    (["1,23457E+12", "3"], [(UNREAD, 1, "1,23457E+12")]),
    ([" 12", "13 ", "14"], [(UNREAD, 2, " 12")]),
    (["\u22125", "4"], [(UNREAD, 1, "\u22125")]),
    (["31.12.24", "01.01.25"], [(UNREAD, 2, "31.12.24")]),
    (["1/31/24", "12/1/24"], [(UNREAD, 2, "1/31/24")]),
    (["2024.01.31", "2024.02.01."], [(UNREAD, 2, "2024.01.31")]),
    (["1.2.34", "1.2.35"], []),
    (["2024.1.2", "2024.1.3"], []),
    (["24:00:00", "23:59:59"], [(UNREAD, 1, "24:00:00")]),
    (["2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"], [(UNREAD, 1, "2016-12-31T23:59:60Z")]),
    (["2:04PM", "1/2/2024 2:04:05pm", "10 AM", "2:04 PM"], [(UNREAD, 3, "2:04PM")]),
    (["9:30", "2024-01-02 9:30", "10:00", "2024-01-02T9:30 AM"], [(UNREAD, 3, "9:30")]),
    (["2024-01-02T09:30Z", "2024-01-02 09:30:00 +0100", "2024-01-02 09:30:00 UTC"], []),
    (["2024-01-02T09:30", "2024-01-02 09:30 UTC"], [(MIXED, 1, "2024-01-02 09:30 UTC")]),
    (["2024-01-02T09:30Z", "2024-01-02 09:30:00UTC"], [(UNREAD, 1, "2024-01-02 09:30:00UTC")]),
    (["2024-01-02 09:30:00 UTC", "2024-01-02 09:30:00,123 UTC"], [(UNREAD, 1, "2024-01-02 09:30:00,123 UTC")]),
    (["2024-01-02 09:30:00,123", "2024-01-02 09:30:00"], [(UNREAD, 1, "2024-01-02 09:30:00,123")]),
    (["2024-01-02 09:30:00 CEST", "2024-01-02 09:30:00 CET"], []),
    (["1.5", "inf", "-Infinity", "\u221e"], [(UNREAD, 3, "inf")]),
    (["\u0663\u0664", "7", "\uff11\uff0c\uff12\uff13\uff14"], [(UNREAD, 2, "\u0663\u0664")]),
    (["\uff12\uff10\uff12\uff14-01-02", "2024-01-02"], [(UNREAD, 1, "\uff12\uff10\uff12\uff14-01-02")]),
    (["\u00a012", "13\u200b"], [(UNREAD, 2, "\u00a012")]),
    (["info", "5", "\u2165", "5:3"], []),
    (["(5.00)", "31.12.24"], []),
    (["(5.00)", "x"], []),
    (["1.2.13", "(see note)", "5-6"], []),
    (["Berlin", "1"], []),
    ([""], []),
    ([], []),
]


@pytest.mark.parametrize(("values", "remarks"), COLUMNS)
def test_a_remark_holds_for_the_whole_column(values: list[str], remarks: list[tuple[str, int, str]]) -> None:
    """What one value gave reason for may be moot at the end."""
    assert [(found.code, found.count, found.example) for found in profiler_of(values).remarks()] == remarks


@pytest.mark.parametrize("count", [1, 9, 10, 20, 100, 1000])
def test_what_is_plain_by_its_shape_gives_no_remark_however_many_values_there_are(count: int) -> None:
    plain = {shape for shape in SHAPES if is_plain([shape, NULL, MISSING])}
    said = {shape for shape in SHAPES if remarks_on({shape: count, NULL: 1, MISSING: 1}, {NULL: "", shape: "x"})}
    assert plain == SHAPES - said
