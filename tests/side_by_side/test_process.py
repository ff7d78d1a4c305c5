"""Tasks are done in order, and what is lent stays as it is until its task is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from csvgate.core.partner import PartnerLost
from csvgate.side_by_side.process import Process


@pytest.fixture
def process() -> Iterator[Process]:
    """One that keeps the number 1, and is there."""
    with closing(Process()) as started:
        started.keep(1)
        assert started.answer() is None
        yield started


def test_answers_come_in_order_however_many_are_shown(process: Process) -> None:
    """There are two files for what is lent: nobody overwrites what is still looked at."""
    shown = [np.full(100_000 + number, number) for number in range(9)]
    for array in shown:
        process.show(np.add, array)
    process.ask(int.__add__, 41)
    assert [process.answer().tolist() for _ in shown] == [(array + 1).tolist() for array in shown]
    assert process.answer() == 42


def test_it_is_idle_when_all_is_answered(process: Process) -> None:
    assert process.is_idle
    process.ask(int.__add__, 1)
    assert process.answer() == 2
    assert process.is_idle


def test_a_task_that_fails_ends_it(process: Process) -> None:
    """Whoever does it alone then sees why."""
    process.ask(int.__truediv__, 0)
    with pytest.raises(PartnerLost):
        process.answer()


def test_who_asks_one_that_ended_is_told(process: Process) -> None:
    process._child.kill()
    process._child.wait()
    with pytest.raises(PartnerLost):
        process.ask(int.__add__, 1)
