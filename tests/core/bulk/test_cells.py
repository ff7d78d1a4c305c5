"""Cells, their keys and extremes."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.bulk.cells import greatest_of, keys_of, least_of
from csvgate.core.bulk.known import Known
from csvgate.core.bulk.words import mixed
from csvgate.core.columns.abridged import abridge
from csvgate.core.columns.hashing import hash_texts
from tests.core.bulk.columns import column

WRITTEN = st.text(st.characters(codec="utf-8", exclude_characters="\0,"), max_size=40)
VALUES = st.lists(WRITTEN | st.sampled_from(["a" * 8, "a" * 9, "a" * 200, "a" * 200 + "b"]), min_size=1, max_size=30)


@given(VALUES)
def test_cells_are_the_texts_that_were_written(texts: list[str]) -> None:
    """Abridged where they are long, as counters keep them; with the lengths of the values themselves."""
    cells = column(texts)
    assert list(cells.texts()) == list(abridge(texts))
    assert cells.lengths.tolist() == list(map(len, texts))


@given(VALUES)
def test_equal_values_and_no_others_have_equal_keys(texts: list[str]) -> None:
    """And the hash by which different values are counted is that of the texts."""
    cells = column(texts)
    keys = keys_of(cells, cells.words(0))
    pairs = list(zip(keys.hash.tolist(), keys.other.tolist(), strict=True))
    assert len(set(pairs)) == len(set(texts)) == len(set(zip(pairs, texts, strict=True)))
    assert mixed(keys.hash).tolist() == hash_texts(texts)


@given(VALUES)
def test_the_least_and_the_greatest_are_by_code_point(texts: list[str]) -> None:
    """UTF-8 keeps that order; of long values only the beginning is compared."""
    cells = column(texts)
    first = cells.words(0)
    assert least_of(cells, first)[:100] == min(texts)[:100]
    assert greatest_of(cells, first)[:100] == max(texts)[:100]


@given(st.lists(st.sampled_from(["", "a", "b", "c" * 20, "d" * 20]), min_size=1), st.integers(1, 4))
def test_what_is_known_is_counted_and_the_rest_is_told(texts: list[str], most: int) -> None:
    """All rows are one or the other, however few values have a place."""
    cells = column(texts)
    keys = keys_of(cells, cells.words(0))
    known = Known(most=most)
    fresh = list(dict.fromkeys(texts))
    rows = [texts.index(text) for text in fresh]
    known.learn(keys.take(np.array(rows)), fresh)
    left = known.count(keys)
    counted = known.hand_over()
    missed = [] if left is None else [texts[row] for row in left]
    assert sorted([*missed, *(text for text, times in counted.items() for _ in range(times))]) == sorted(texts)
    assert len(counted) <= most
    assert known.hand_over() == {}
