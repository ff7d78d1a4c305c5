"""Whatever ends a block, what has to be stopped is stopped."""

from __future__ import annotations

import os
import signal

import pytest

from csvgate.cli.ending import SIGNALS, stopped_afterwards


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_the_block_and_stops(number: signal.Signals) -> None:
    """Ctrl-C, kill, and a terminal that is closed."""
    stopped: list[str] = []
    with pytest.raises(KeyboardInterrupt), stopped_afterwards(lambda: stopped.append("once")):
        os.kill(os.getpid(), number)
    assert stopped == ["once"]


def test_a_second_signal_does_not_cut_the_stopping_short() -> None:
    """Impatience leaves nothing running."""
    stopped: list[str] = []

    def stop() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        stopped.append("whole")

    with stopped_afterwards(stop):
        pass
    assert stopped == ["whole"]


def test_afterwards_signals_do_what_they_did_before() -> None:
    """Also where stopping fails."""
    before = [signal.getsignal(number) for number in SIGNALS]
    with pytest.raises(ZeroDivisionError), stopped_afterwards(lambda: 1 / 0):
        pass
    assert [signal.getsignal(number) for number in SIGNALS] == before
