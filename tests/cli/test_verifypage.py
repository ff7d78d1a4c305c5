"""What differs stands one under the other, and nothing of it is cut."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from csvgate.cli.verifypage import verify_page

STYLES = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("width", [80, 120])
def test_both_hashes_are_seen_whole(on_terminal: Callable[..., str], width: int) -> None:
    """On a line each, so that one sees where they part."""
    different = [("sha256", "3c" * 32, "4d" * 32)]
    page = STYLES.sub("", on_terminal(verify_page("m.csv is another file.", different), width))
    assert f"receipt  {'3c' * 32}" in page
    assert f"file     {'4d' * 32}" in page


def test_what_agrees_is_a_sentence(on_terminal: Callable[..., str]) -> None:
    page = STYLES.sub("", on_terminal(verify_page("m.csv is as its receipt says.", [])))
    assert "✓ m.csv is as its receipt says." in page
    assert len(page.splitlines()) == 3


def test_no_name_writes_to_the_terminal(on_terminal: Callable[..., str]) -> None:
    """A receipt comes from somebody else, too."""
    hostile = "\x1b[2J\u202e"
    page = on_terminal(verify_page(hostile, [(hostile, hostile, hostile)]))
    assert not {"\x1b[2J", "\u202e"} & {page[at : at + size] for at in range(len(page)) for size in (1, 4)}
