"""The most frequent values, in bounded memory."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.columns.frequency import Frequencies, most_frequent

batches = st.lists(st.lists(st.sampled_from("aaaabbbccdefghijkl")), max_size=6)


@given(batches, batches)
def test_counts_are_never_too_high_and_too_low_by_the_error_at_most(
    first: list[list[str]], later: list[list[str]]
) -> None:
    """Also for values that were forgotten, and across parts that were merged."""
    one, other = Frequencies(size=3), Frequencies(size=3)
    for frequencies, parts in ((one, first), (other, later)):
        for batch in parts:
            frequencies.add(Counter(batch))
    one.merge(other)
    truth = Counter(value for batch in first + later for value in batch)
    kept = one.counts()
    assert len(kept) <= 3
    assert all(kept.get(value, 0) <= count <= kept.get(value, 0) + one.error for value, count in truth.items())
    forgotten = [count for value, count in truth.items() if value not in kept]
    assert all(truth[value] > count for value in one.certain() for count in forgotten)
    # Each unit of the error was taken from four values at once.
    assert one.error <= truth.total() / 4


def test_of_equally_frequent_values_the_first_by_code_point_comes_first() -> None:
    """So that the same bytes give the same receipt."""
    assert most_frequent({"b": 2, "a": 2, "c": 3, "d": 1}, 3) == [("c", 3), ("a", 2), ("b", 2)]
