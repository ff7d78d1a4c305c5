"""A histogram in block characters shows what there is, in the order of the values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.report.blocks import bars, squeezed
from tests.receipts import column

COUNTS = st.lists(st.integers(min_value=0, max_value=10**12), min_size=2, max_size=20)


@pytest.mark.parametrize(
    ("counts", "drawn"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 8], "▁▂▃▄▅▆▇█"),
        ([1, 0, 1_000_000], "▁ █"),
        ([1, 1, 1, 1, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 4, 4], "▂▂▄▄   █"),
        ([0, 0], "  "),
        ([7], ""),
        ([], ""),
    ],
)
def test_bars_are_as_high_as_their_counts(counts: list[int], drawn: str) -> None:
    """The smallest that holds a value is seen; none is a blank; one bar would say nothing."""
    assert bars(column(histogram={"edges": [], "counts": counts}), 8) == drawn


def test_a_column_without_a_histogram_has_no_bars() -> None:
    assert bars(column(), 8) == ""


@given(COUNTS, st.integers(min_value=1, max_value=20))
def test_squeezing_takes_nothing_away(counts: list[int], width: int) -> None:
    """Every value is under one of the bars, and there are no more of them than fit."""
    drawn = squeezed(counts, width)
    assert len(drawn) == min(width, len(counts))
    assert sum(drawn) == sum(counts) * (width if len(counts) > width else 1)
