"""How long one delivery may take in; its bytes out, as long as there is time.

Whoever reads in time leaves nothing half done: an error in the middle of a load takes its transaction back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from csvgate.errors import TransientError


def never() -> bool:
    """Nobody stops it."""
    return False


@dataclass(frozen=True, kw_only=True, slots=True)
class Hurry:
    """How long one delivery may take: `patience` for another worker's answer, and all of it until `deadline`.

    `halted` may say at any moment that there is no more time at all.
    """

    patience: timedelta = timedelta(0)
    deadline: datetime | None = None
    halted: Callable[[], bool] = never

    def require(self, now: datetime) -> None:
        """There is time left; else a TransientError, which says where there would be more."""
        if self.halted():
            message = "the worker was asked to stop before the file was read to its end"
            raise TransientError(message)
        if self.deadline is not None and now >= self.deadline:
            message = "the time of this invocation ended before the file did; a worker, or a longer timeout, has more"
            raise TransientError(message)


NO_HURRY = Hurry()


def in_time(chunks: Iterable[bytes], hurry: Hurry, clock: Callable[[], datetime]) -> Iterator[bytes]:
    """The same chunks; TransientError where the time ends before they do."""
    for chunk in chunks:
        hurry.require(clock())
        yield chunk
