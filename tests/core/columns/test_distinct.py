"""How many different values there were, about."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from csvgate.core.columns.distinct import Distinct, precision_for
from csvgate.core.columns.hashing import hash_texts

SERIES = [range(5_000), range(-9_000, 0), range(20_240_101, 20_270_101), range(0, 10**13, 10**9), range(7, 10**6, 49)]


def counted(hashes: Sequence[int]) -> Distinct:
    """A counter of the hashes."""
    distinct = Distinct(precision=12)
    distinct.add(hashes)
    return distinct


@pytest.mark.parametrize("numbers", SERIES, ids=str)
def test_numbers_in_a_series_are_counted_within_the_error(numbers: range) -> None:
    """A hash that spreads them evenly would not do: the estimate wants chance."""
    distinct = counted(hash_texts(map(str, numbers)))
    assert distinct.count() == pytest.approx(len(numbers), rel=3 * distinct.error)


@pytest.mark.parametrize("number", [0, 1, 2, 100, 4_000, 12_000, 40_000])
def test_texts_are_counted_within_the_error(number: int) -> None:
    """From none to many, with no gap between the formulas."""
    distinct = counted(hash_texts(f"value {at}" for at in range(number)))
    assert distinct.count() == pytest.approx(number, rel=3 * distinct.error)


def test_repeated_and_merged_hashes_count_once() -> None:
    """In any order."""
    hashes = hash_texts(map(str, range(30_000)))
    first, later = counted(hashes[:20_000]), counted(hashes[10_000:][::-1])
    first.merge(later)
    first.add(hashes)
    assert first.count() == counted(hashes).count()


def test_a_small_budget_gets_few_registers() -> None:
    """They weigh less than the values that are kept."""
    assert [precision_for(budget) for budget in (1, 16, 100, 10_000)] == [8, 8, 9, 12]
