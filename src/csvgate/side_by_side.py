"""A task and its items in; what it gives for each of them, in order and by several threads, out.

For tasks that spend their time outside the interpreter, as those of NumPy do: threads then use all processors.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, Protocol, TypeVar

R = TypeVar("R")
# More threads than these wait for each other.
MOST_THREADS = 4


class Threads(Protocol):
    """An executor of `concurrent.futures`."""

    def map(self, task: Callable[..., R], /, *items: Iterable[Any]) -> Iterator[R]:
        """What the task gives for each of the items, in order; it is begun at once."""


def each(task: Callable[..., R], /, *items: Iterable[Any]) -> Iterator[R]:
    """As the built-in `map`, but begun at once, for several items at a time."""
    return _threads().map(task, *items)


@cache
def _threads() -> Threads:
    """The same threads every time: a process reads one file after the other."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  a small file needs no threads

    return ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS), thread_name_prefix="csvgate")
