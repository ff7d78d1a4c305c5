"""How a process manages its memory."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from csvgate.allocation import BETWEEN, collect_seldom, keep_freed


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_garbage_is_looked_for_seldom_and_not_in_what_was_there() -> None:
    collect_seldom()
    assert gc.get_threshold()[0] == BETWEEN
    assert gc.get_freeze_count() > 0


def test_keeping_what_was_freed_changes_nothing_that_can_be_seen() -> None:
    """Also where it is asked for twice, or there is no such C library."""
    for _ in range(2):
        keep_freed()
    assert bytearray(1 << 20) == bytes(1 << 20)
