"""Many texts at once leave the same registers as one after the other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.bulk.distinct import count_texts
from csvgate.core.columns.abridged import abridge
from csvgate.core.columns.distinct import Distinct
from csvgate.core.columns.sketch import one_by_one

TEXTS = st.lists(st.text(st.characters(), max_size=20) | st.text("aé\0", min_size=90, max_size=110), max_size=40)


@given(st.lists(TEXTS, max_size=3))
def test_many_at_once_count_as_one_by_one(groups: list[list[str]]) -> None:
    one, other = Distinct(precision=8), Distinct(precision=8)
    for texts in map(abridge, groups):
        one_by_one(one, texts)
        count_texts(other, texts)
    assert other.registers == one.registers
