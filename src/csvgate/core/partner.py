"""Somebody who does tasks while we do others, as the core knows it: tasks in, what they gave, in their order, out.

Who that is, the core does not know. A partner keeps one object, to which all tasks are done, one after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol


class PartnerLost(Exception):
    """The partner is gone, and what it kept is lost: all has to be done again, without it."""


class Partner(Protocol):
    """Does what it is asked to do, in another place; a task is a function that takes the kept object first."""

    @property
    def is_idle(self) -> bool:
        """It is there, and has done all that it was asked to do."""

    def begin(self, kept: object, /) -> None:
        """It gets ready, and will keep the object; nobody waits for that."""

    def ask(self, task: Callable[..., object], /, *arguments: object) -> None:
        """The task will be done, with copies of the arguments."""

    def show(self, task: Callable[..., object], /, *arguments: object) -> None:
        """The task will be done; it may look at the arguments, which are large, and must not keep them."""

    def answer(self) -> Any:  # noqa: ANN401  whatever the task gave
        """What the first task gave whose answer was not given yet; waits until it is done."""


class Nobody:
    """Never there: all is done alone."""

    is_idle = False

    def begin(self, _kept: object) -> None:
        """Nothing."""

    def ask(self, _task: Callable[..., object], /, *_arguments: object) -> None:
        """Who is never idle is not asked."""
        raise PartnerLost

    show = ask

    def answer(self) -> Any:  # noqa: ANN401
        """Who is not asked does not answer."""
        raise PartnerLost


# Somebody for as long as one file is read.
Company = Callable[[], AbstractContextManager[Partner]]


def alone() -> AbstractContextManager[Partner]:
    """No company."""
    return nullcontext(Nobody())
