"""Bits say what a list of booleans says, also across the borders of words."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.bulk.bits import Bits

MARKS = st.lists(st.booleans(), min_size=1, max_size=200)


def bits(marks: list[bool]) -> Bits:
    return Bits.of(np.array(marks, np.bool_))


def marks_of(found: Bits) -> list[bool]:
    places = set(found.places(found.size).tolist())
    return [at in places for at in range(found.size)]


@given(MARKS)
def test_places_and_counts(marks: list[bool]) -> None:
    found, stops = bits(marks), range(len(marks) + 1)
    assert marks_of(found) == marks
    assert found.first() == (marks.index(True) if any(marks) else len(marks))
    assert [found.count(stop) for stop in stops] == [sum(marks[:stop]) for stop in stops]
    assert found.before(np.arange(len(marks))).tolist() == [sum(marks[:at]) for at in range(len(marks))]


@given(MARKS)
def test_parity_is_that_of_all_marks_so_far(marks: list[bool]) -> None:
    assert marks_of(bits(marks).parity()) == [count % 2 == 1 for count in accumulate(map(int, marks))]


@given(marks=MARKS, edge=st.booleans())
def test_neighbours_cross_the_borders_of_words(*, marks: list[bool], edge: bool) -> None:
    assert marks_of(bits(marks).later(first=edge)) == [edge, *marks[:-1]]
    assert marks_of(bits(marks).earlier(last=edge)) == [*marks[1:], edge]


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=200))
def test_sets(pairs: list[tuple[bool, bool]]) -> None:
    one, other = (bits([pair[at] for pair in pairs]) for at in (0, 1))
    assert marks_of(one & other) == [a and b for a, b in pairs]
    assert marks_of(one | other) == [a or b for a, b in pairs]
    assert marks_of(one.without(other)) == [a and not b for a, b in pairs]
    assert (one & other).any() == any(a and b for a, b in pairs)


@pytest.mark.parametrize("size", [0, 64, 128])
def test_nothing_is_set_in_nothing(size: int) -> None:
    empty = bits([False] * size)
    assert (empty.any(), empty.first(), empty.count(size), empty.places(size).tolist()) == (False, size, 0, [])
