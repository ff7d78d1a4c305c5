"""The second process: an object in, then tasks; each done to the object, and what it gave, out.

It ends when the first one does, however that came.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from csvgate.allocation import collect_seldom, keep_freed
from csvgate.side_by_side.loan import borrow


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A task and its arguments, pickled; large ones are lent, in a file, in buffers of these sizes."""

    pickled: bytes
    file: int = -1
    sizes: Sequence[int] = ()

    def open(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """The task and its arguments."""
        task, arguments = pickle.loads(self.pickled, buffers=borrow(self.file, self.sizes))  # noqa: S301  from ourselves
        return task, arguments


def serve(connection: int) -> None:
    """All tasks are done that came before the other end was closed."""
    collect_seldom()
    keep_freed()
    with Connection(connection) as letters, suppress(EOFError, ConnectionError):
        kept = letters.recv()
        letters.send(None)
        while True:
            letters.send(_answer(kept, letters.recv()))


def _answer(kept: object, letter: Letter) -> Any:  # noqa: ANN401  whatever the task gives
    """Nothing that was lent is held any more when the answer is sent."""
    task, arguments = letter.open()
    return task(kept, *arguments)
