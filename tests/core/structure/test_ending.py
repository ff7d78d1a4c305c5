"""Ctrl-Z at the end of a text is its end; anywhere else it is text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.structure.ending import LONGEST, Ending


def parted(blocks: list[bytes]) -> tuple[bytes, bytes]:
    """The text and the mark."""
    ending = Ending()
    text = b"".join(ending.blocks(iter(blocks)))
    return text, ending.mark


@pytest.mark.parametrize("mark", [b"\x1a", b"\x1a\r\n", b"\x1a\n\x1a\n", b"\x1a" * LONGEST])
def test_a_mark_at_the_end_is_taken_off(mark: bytes) -> None:
    assert parted([b"a,b\n1,2\n" + mark]) == (b"a,b\n1,2\n", mark)


@pytest.mark.parametrize("text", [b"", b"a\n", b"\x1aa\n", b"a\x1a,\n\n", b"a" + b"\x1a" * (LONGEST + 1)])
def test_what_is_no_mark_at_the_end_is_text(text: bytes) -> None:
    assert parted([text]) == (text, b"")


@given(st.lists(st.sampled_from([b"a", b"\n", b"\x1a", b"\x1a" * 3000, b"\r\n" * 1500]), max_size=8))
def test_the_mark_does_not_depend_on_the_blocks(blocks: list[bytes]) -> None:
    text, mark = parted(blocks)
    assert (text, mark) == parted([b"".join(blocks)])
    assert text + mark == b"".join(blocks)
