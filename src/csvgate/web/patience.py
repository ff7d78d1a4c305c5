"""Connections that are waited for in; those that keep a thread waiting for too long cut off.

A server with threads waits for whoever is slow. What has to come (a header, the next piece of a body) or to go
(the next piece of an answer) has a deadline, and a watcher shuts what missed it: the thread then finds the end of the
stream, and goes on to somebody else.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Protocol

# A whole header has so long to come; a piece of a body, or of an answer, so long to come or to go. Whoever is slower
# than a PIECE in this time is not waited for.
HEADER_SECONDS, SECONDS = 10.0, 30.0
PIECE, PIECE_OUT = 8 * 1024, 64 * 1024
LOOK_EVERY = 1.0


class Readable(Protocol):
    """The body of a request, as WSGI hands it over."""

    def read(self, size: int, /) -> bytes:
        """So many bytes, or fewer at its end."""


@dataclass(slots=True)
class Patience:
    """Until when to wait for each connection."""

    header_seconds: float = HEADER_SECONDS
    seconds: float = SECONDS
    clock: Callable[[], float] = time.monotonic
    _deadlines: dict[socket.socket, tuple[float, int]] = field(default_factory=dict)

    @contextmanager
    def waiting_for(self, connection: socket.socket, how: int = socket.SHUT_RD) -> Iterator[None]:
        """Something has to come from it (or to go to it) while the block lasts, or that way is shut."""
        self.begin(connection, how=how)
        try:
            yield
        finally:
            self.end(connection)

    def begin(self, connection: socket.socket, seconds: float | None = None, how: int = socket.SHUT_RD) -> None:
        """From now on it has its time."""
        self._deadlines[connection] = (self.clock() + (self.seconds if seconds is None else seconds), how)

    def end(self, connection: socket.socket) -> None:
        """What had to come has come."""
        self._deadlines.pop(connection, None)

    def close_late(self) -> int:
        """Whoever missed the deadline is neither read from nor written to any longer; how many these were."""
        now = self.clock()
        late = [(each, how) for each, (deadline, how) in list(self._deadlines.items()) if deadline < now]
        for connection, how in late:
            self.end(connection)
            with suppress(OSError):
                connection.shutdown(how)
        return len(late)

    def watch(self, stop: Event) -> Thread:
        """A thread that looks every second (or more often), until it is stopped."""

        def look() -> None:
            while not stop.wait(min(LOOK_EVERY, self.header_seconds, self.seconds)):
                self.close_late()

        thread = Thread(target=look, name="patience", daemon=True)
        thread.start()
        return thread


@dataclass(frozen=True, slots=True)
class PacedBody:
    """The body of a request; each piece of it has its deadline."""

    body: Readable
    connection: socket.socket
    patience: Patience

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or fewer: at its end, or where the sender was too slow."""
        pieces, missing = [], size
        while missing:
            with self.patience.waiting_for(self.connection):
                piece = self.body.read(PIECE if missing < 0 else min(PIECE, missing))
            if not piece:
                break
            pieces.append(piece)
            missing -= len(piece) if size >= 0 else 0
        return b"".join(pieces)


@dataclass(frozen=True, slots=True)
class PacedAnswer:
    """The body of an answer; each piece of it has its deadline, and one that takes long to be made has none."""

    body: Iterable[bytes]
    connection: socket.socket
    patience: Patience

    def __iter__(self) -> Iterator[bytes]:
        """The same bytes, in pieces that a slow reader can take in time."""
        for item in self.body:
            for at in range(0, len(item), PIECE_OUT):
                with self.patience.waiting_for(self.connection, socket.SHUT_RDWR):
                    yield item[at : at + PIECE_OUT]

    def close(self) -> None:
        """What made it is told that nobody wants more."""
        if hasattr(self.body, "close"):
            self.body.close()
