"""Quantiles and histograms."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.columns.column import Histogram
from csvgate.core.columns.distribution import MOST_BINS, Distribution
from csvgate.core.columns.worth import REAL, WHOLE, Worth
from tests.core.columns.strategies import profiler_of


def distribution_of(texts: list[str], parse: type[int | Decimal] = int) -> Distribution:
    """The distribution of texts that are numbers."""
    counts = Counter(texts)
    return Distribution(counts, [(list(counts), list(map(parse, counts)))])


@given(st.lists(st.integers(min_value=0, max_value=50), min_size=1))
def test_a_quantile_is_the_least_value_that_is_not_below_its_share(numbers: list[int]) -> None:
    """It is always a value of the column."""
    for name, value in distribution_of(list(map(str, numbers))).quantiles():
        share = int(name[1:]) / 100 * len(numbers)
        assert sum(number < int(value) for number in numbers) < share <= sum(number <= int(value) for number in numbers)


@given(st.lists(st.integers(min_value=-(10**17), max_value=10**17) | st.integers(0, 60), min_size=1))
def test_every_integer_lies_in_an_interval_between_whole_numbers(numbers: list[int]) -> None:
    """And the intervals are equally wide."""
    least, greatest = min(numbers), max(numbers)
    histogram = distribution_of(list(map(str, numbers))).histogram(WHOLE, least, greatest, len(numbers))
    assert_counts(histogram, numbers)
    edges = list(map(int, histogram.edges))
    assert len({later - edge for edge, later in pairwise(edges)}) == 1


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000), min_size=1))
def test_every_number_lies_in_an_interval(numbers: list[Decimal]) -> None:
    """The edges are exact, so nothing falls between two."""
    histogram = distribution_of(list(map(str, numbers)), Decimal).histogram(
        REAL, min(numbers), max(numbers), len(numbers)
    )
    assert_counts(histogram, numbers)


@given(st.lists(st.integers(0, 60), min_size=1), st.integers(min_value=0))
def test_of_a_sample_the_counts_add_up_to_all_values(numbers: list[int], more: int) -> None:
    total = len(numbers) + more
    histogram = distribution_of(list(map(str, numbers))).histogram(WHOLE, min(numbers), max(numbers), total)
    assert sum(histogram.counts) == total
    assert min(histogram.counts) >= 0


def assert_counts(histogram: Histogram, numbers: list[int] | list[Decimal]) -> None:
    """The histogram counts each number once, where it is."""
    edges: list[Worth] = [Decimal(edge) for edge in histogram.edges]
    last = len(edges) - 2
    counts = Counter(next(at for at in range(last + 1) if number < edges[at + 1] or at == last) for number in numbers)
    assert len(histogram.counts) <= MOST_BINS
    assert histogram.counts == tuple(counts[at] for at in range(last + 1))


@pytest.mark.parametrize(
    ("values", "edges"),
    [
        (["2024-01-01", "2024-01-03"], ("2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04")),
        (["9999-12-31"], ("9999-12-31", "9999-12-31")),
        (["13/01/2024", "14/01/2024"], ("13/01/2024", "14/01/2024", "15/01/2024")),
        (["10:00:00", "10:00:01.5"], ("10:00:00", "10:00:01", "10:00:02")),
        (["23:59:59"], ("23:59:59", "23:59:59")),
        (["2024-01-01T00:00Z"], ("2024-01-01T00:00:00Z", "2024-01-01T00:00:01Z")),
        (["1.5", "1.5"], ("1.5", "1.5")),
        (["yes"], ()),
        (["x"], ()),
    ],
)
def test_edges_are_written_as_the_values_are(values: list[str], edges: tuple[str, ...]) -> None:
    """To the second, for times, and none where there are no distances."""
    assert profiler_of(values).finish("x").histogram.edges == edges
