"""Letters in; their answers, in order, out of a process that is no copy of this one.

So threads and open files of ours do not matter to it, and nobody's `__main__` runs again.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from multiprocessing import Pipe
from typing import Any

from csvgate.allocation import keep_freed
from csvgate.core.partner import PartnerLost
from csvgate.side_by_side import loan
from csvgate.side_by_side.child import Letter

# So many loans may be out: one is looked at, one comes next.
_LOANS = 2
_PROTOCOL = 5
_CODE = "import sys; sys.path[:] = {path!r}; from csvgate.side_by_side.child import serve; serve({connection})"


class Process:
    """Runs from the beginning until it is closed; PartnerLost says that it ended before."""

    def __init__(self) -> None:
        """It starts; nobody waits for that."""
        keep_freed()
        self._answers: deque[Any] = deque()
        self._open = 0
        with ExitStack() as opened:
            self._files = deque(opened.enter_context(loan.file()) for _ in range(_LOANS))
            ours, theirs = Pipe()
            self._letters = opened.enter_context(ours)
            with theirs:
                self._child = _started(theirs.fileno(), self._files)
            self._opened = opened.pop_all()

    def keep(self, kept: object) -> None:
        """The object to which all tasks are done is on its way; the answer says that it has come."""
        self._send(kept)

    @property
    def is_idle(self) -> bool:
        """All that was asked is answered."""
        while self._open and self._letters.poll():
            self._receive()
        return not self._open

    def ask(self, task: Callable[..., object], *arguments: object) -> None:
        """The task is on its way."""
        self._send(Letter(pickled=pickle.dumps((task, arguments), _PROTOCOL)))

    def show(self, task: Callable[..., object], *arguments: object) -> None:
        """The task is on its way, and its arguments lie in a file that nobody else looks at."""
        while self._open >= _LOANS:
            self._receive()
        buffers: list[pickle.PickleBuffer] = []
        pickled = pickle.dumps((task, arguments), _PROTOCOL, buffer_callback=buffers.append)
        self._files.rotate()
        sizes = loan.lend(self._files[0], buffers)
        self._send(Letter(pickled=pickled, file=self._files[0], sizes=sizes))

    def answer(self) -> Any:  # noqa: ANN401  whatever the task gave
        """The next answer, as soon as it is there."""
        while not self._answers:
            self._receive()
        return self._answers.popleft()

    def close(self) -> None:
        """Nothing of it is left, whatever it was doing."""
        self._child.kill()
        self._child.wait()
        self._opened.close()

    def _send(self, letter: object) -> None:
        self._open += 1
        try:
            self._letters.send(letter)
        except ConnectionError as exc:
            raise PartnerLost from exc

    def _receive(self) -> None:
        try:
            self._answers.append(self._letters.recv())
        except (EOFError, ConnectionError) as exc:
            raise PartnerLost from exc
        self._open -= 1


def _started(connection: int, files: Iterable[int]) -> subprocess.Popen[bytes]:
    code = _CODE.format(path=sys.path, connection=connection)
    return subprocess.Popen(  # noqa: S603  ourselves
        [sys.executable, "-P", "-c", code],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(connection, *files),
        start_new_session=True,  # Ctrl-C is for us, and we end it
    )
