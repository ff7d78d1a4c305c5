"""How a file is written, in CSVW's names."""

from __future__ import annotations

import pytest

from csvgate.core.dialect import line_terminators_of


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"\r": 2, "\r\n": 2, "\n": 2}, ("\n", "\r\n", "\r")),
        ({"\n": 1, "\r": 2}, ("\r", "\n")),
        ({"\n": 0, "\r\n": 1}, ("\r\n",)),
        ({}, ()),
    ],
)
def test_line_ends_are_told_by_frequency_and_equals_in_a_fixed_order(
    counts: dict[str, int], told: tuple[str, ...]
) -> None:
    assert line_terminators_of(counts) == told
