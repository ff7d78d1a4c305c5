"""Buffers that are lent are seen by whoever borrows them, until others are lent."""

from __future__ import annotations

from pickle import PickleBuffer

from hypothesis import given
from hypothesis import strategies as st

from csvgate.side_by_side.loan import borrow, file, lend

BUFFERS = st.lists(st.binary(max_size=200), max_size=4)


@given(st.lists(BUFFERS, min_size=1, max_size=3))
def test_what_is_lent_last_is_borrowed(loans: list[list[bytes]]) -> None:
    with file() as opened:
        for buffers in loans:
            sizes = lend(opened, map(PickleBuffer, buffers))
            assert [bytes(view) for view in borrow(opened, sizes)] == buffers
