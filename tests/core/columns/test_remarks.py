"""The findings that hold for a column, by the shapes of its values."""

from __future__ import annotations

import pytest

from tests.core.columns.strategies import profiler_of

LATE, MIXED, ZEROS = "late-type-change", "mixed-formats", "leading-zeros"
DATE, NUMBER = "ambiguous-date", "ambiguous-number"
COLUMNS: list[tuple[list[str], list[tuple[str, int, str]]]] = [
    (["5", "007", "NA", "01", ""], [(ZEROS, 2, "007")]),
    (["007", "01", "12345678901234567890"], [(ZEROS, 2, "007")]),
    (["007", "01", "1.5"], [(ZEROS, 2, "007")]),
    (["007", "01", "SW1A"], []),
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
    (["1"] * 18 + ["K"], []),
    (["1"] * 100 + ["K", "L"], []),
    (["1"] * 198 + ["K", "L"], [(LATE, 2, "K")]),
    (["2024-01-01"] * 60 + ["2026-02-31"], [(LATE, 1, "2026-02-31")]),
    (["7,5"] * 50 + ["3.75"], [(LATE, 1, "3.75")]),
    (["1"] * 99 + ["NA"] * 5 + ["K"], [(LATE, 1, "K")]),
    (["1"] * 100 + ["1.5"] * 100 + ["K", "2024-01-01"], [(LATE, 2, "K")]),
    (["2024-01-01"] * 200 + ["01.02.2024"], [(LATE, 1, "01.02.2024")]),
    (["1"] * 200 + ["12345678901234567890"], [(LATE, 1, "12345678901234567890")]),
    (["123456789010"] * 20 + ["1.23457E+12"], [(LATE, 1, "1.23457E+12")]),
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
    (["Berlin", "1"], []),
    ([""], []),
    ([], []),
]


@pytest.mark.parametrize(("values", "remarks"), COLUMNS)
def test_a_remark_holds_for_the_whole_column(values: list[str], remarks: list[tuple[str, int, str]]) -> None:
    """What one value gave reason for may be moot at the end."""
    assert [(found.code, found.count, found.example) for found in profiler_of(values).remarks()] == remarks
