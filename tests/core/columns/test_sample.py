"""An even sample of the rows of a column."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from csvgate.core.columns.sample import Sample


def sampled(number: int, batch: int, start: int = 0) -> Sample:
    """A sample of numbers in a row that came in batches."""
    sample = Sample(size=1_000)
    for at in range(start, start + number, batch):
        sample.add([str(row) for row in range(at, min(at + batch, start + number))])
    return sample


@pytest.mark.parametrize("number", [1, 1_000])
def test_a_small_column_is_all_in_the_sample(number: int) -> None:
    """And in its order."""
    assert sampled(number, 100).values == list(map(str, range(number)))


@pytest.mark.parametrize("batch", [1, 7, 1_000, 50_000])
def test_the_sample_is_spread_over_all_rows(batch: int) -> None:
    """However they came, and never longer than it may be."""
    rows = list(map(int, sampled(50_000, batch).values))
    assert 500 <= len(rows) <= 1_000
    assert max(later - row for row, later in pairwise([0, *rows, 50_000])) <= 4 * 50_000 / len(rows)


@pytest.mark.parametrize("period", [2, 7, 16, 24, 64])
def test_the_sample_does_not_keep_step_with_data_that_repeat(period: int) -> None:
    """A sample of every 64th row might see Mondays only."""
    phases = Counter(int(row) % period for row in sampled(60_000, 4_096).values)
    assert max(phases.values()) <= 2.2 * sum(phases.values()) / period


def test_merged_samples_are_a_sample_of_all() -> None:
    """Each part has its share."""
    first, later = sampled(40_000, 1_000), sampled(8_000, 1_000, start=40_000)
    first.merge(later)
    share = sum(int(row) >= 40_000 for row in first.values) / len(first.values)
    assert len(first.values) <= 1_000
    assert share == pytest.approx(1 / 6, abs=0.02)
    assert len(later.values) == 1_000
