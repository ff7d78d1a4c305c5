"""The findings that hold for a column, by the shapes of its values."""

from __future__ import annotations

import pytest

from csvgate.core.columns.column import Remark
from tests.core.columns.strategies import profiler_of

ZEROS = Remark(code="leading-zeros", count=2, example="007")
COLUMNS: list[tuple[list[str], list[Remark]]] = [
    (["5", "007", "NA", "01", ""], [ZEROS]),
    (["007", "01", "12345678901234567890"], [ZEROS]),
    (["007", "01", "1.5"], [ZEROS]),
    (["007", "01", "SW1A"], []),
    (["1"] * 500 + ["007", "01"], [ZEROS]),
    (["03/04/2024", "05/04/2024"], [Remark(code="ambiguous-date", count=2, example="03/04/2024")]),
    (["03/04/2024", "13/04/2024"], []),
    (["03/04/2024", "soon"], []),
    (["7", "1,234", "2,345"], [Remark(code="ambiguous-number", count=2, example="1,234")]),
    (["1.234"], [Remark(code="ambiguous-number", count=1, example="1.234")]),
    (["1.234", "0.5"], []),
    (["1,234", "1.234"], [Remark(code="ambiguous-number", count=2, example="1,234")]),
    (["1"] * 99 + ["K"], [Remark(code="late-type-change", count=1, example="K")]),
    (["K"] + ["1"] * 99, [Remark(code="late-type-change", count=1, example="K")]),
    (["1"] * 98 + ["K"], []),
    (["1"] * 99 + ["NA"] * 5 + ["K"], [Remark(code="late-type-change", count=1, example="K")]),
    (["1"] * 100 + ["1.5"] * 100 + ["K", "2024-01-01"], [Remark(code="late-type-change", count=2, example="K")]),
    (["2024-01-01"] * 200 + ["01.02.2024"], [Remark(code="late-type-change", count=1, example="01.02.2024")]),
    (
        ["1"] * 200 + ["12345678901234567890"],
        [Remark(code="late-type-change", count=1, example="12345678901234567890")],
    ),
    (["Berlin", "1"], []),
    ([""], []),
    ([], []),
]


@pytest.mark.parametrize(("values", "remarks"), COLUMNS)
def test_a_remark_holds_for_the_whole_column(values: list[str], remarks: list[Remark]) -> None:
    """What one value gave reason for may be moot at the end."""
    assert profiler_of(values).remarks() == remarks
