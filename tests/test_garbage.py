"""How often a process looks for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from csvgate.garbage import BETWEEN, collect_seldom


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
