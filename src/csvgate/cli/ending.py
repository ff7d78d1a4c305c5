"""What must be stopped in; its end out, however the block is left: by Ctrl-C, a signal or an error."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def stopped_afterwards(stop: Callable[[], object]) -> Iterator[None]:
    """After the block `stop` has run to its end; a second Ctrl-C does not cut it short."""
    before = {number: signal.signal(number, _interrupt) for number in SIGNALS}
    try:
        yield
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        try:
            stop()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
