"""Wanted or not, room or not, in; a partner in a second process, where there is one, out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

from csvgate.core.partner import Partner, PartnerLost
from csvgate.side_by_side import room

if TYPE_CHECKING:
    from csvgate.side_by_side.process import Process

TWO = 2
# Threads of ours that read files at the same time keep the processors busy without a second process each.
_FREE = BoundedSemaphore(1)


@contextmanager
def company() -> Iterator[Partner]:
    """A partner for as long as one file is read; afterwards nothing of it is left."""
    second = Second()
    try:
        yield second
    finally:
        second.close()


class Second:
    """A partner as soon as it is wanted and there; where there is no room for one, it never is."""

    def __init__(self) -> None:
        """No process runs."""
        self._process: Process | None = None
        self._is_there = False

    @property
    def is_idle(self) -> bool:
        """As `Partner`; one that is lost before it was given anything is no loss."""
        if self._process is None:
            return False
        if self._is_there:
            return self._process.is_idle
        try:
            self._is_there = self._process.is_idle and self._process.answer() is None
        except PartnerLost:
            self.close()
        return self._is_there

    def begin(self, kept: object) -> None:
        """As `Partner`."""
        if room.processors() < TWO or not room.is_enough_memory() or not _FREE.acquire(blocking=False):
            return
        from csvgate.side_by_side.process import Process  # noqa: PLC0415  a small file needs no second process

        try:
            self._process = Process()
            self._process.keep(kept)
        except OSError:
            _FREE.release()
        except PartnerLost:
            self.close()

    def ask(self, task: Callable[..., object], /, *arguments: object) -> None:
        """As `Partner`."""
        self._there().ask(task, *arguments)

    def show(self, task: Callable[..., object], /, *arguments: object) -> None:
        """As `Partner`."""
        self._there().show(task, *arguments)

    def answer(self) -> Any:  # noqa: ANN401  whatever the task gave
        """As `Partner`."""
        return self._there().answer()

    def close(self) -> None:
        """No process runs; another may."""
        process, self._process = self._process, None
        if process:
            process.close()
            _FREE.release()

    def _there(self) -> Process:
        if self._process is None:
            raise PartnerLost
        return self._process
