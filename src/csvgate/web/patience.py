"""Connections that are waited for in; those that keep a thread waiting for too long cut off.

A server with threads waits for whoever is slow. What has to come (a header, the next piece of a body) has a deadline,
and a watcher closes what missed it: the thread then reads the end of the stream, and goes on to somebody else.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Protocol

# A whole header, or a piece of a body, has so long to come; a sender slower than PIECE in this time is not waited for.
SECONDS = 30.0
PIECE = 8 * 1024
LOOK_EVERY = 1.0


class Readable(Protocol):
    """The body of a request, as WSGI hands it over."""

    def read(self, size: int, /) -> bytes:
        """So many bytes, or fewer at its end."""


@dataclass(slots=True)
class Patience:
    """Until when to wait for each connection."""

    seconds: float = SECONDS
    clock: Callable[[], float] = time.monotonic
    _deadlines: dict[socket.socket, float] = field(default_factory=dict)

    @contextmanager
    def waiting_for(self, connection: socket.socket) -> Iterator[None]:
        """Something has to come from it while the block lasts, or it is closed."""
        self.begin(connection)
        try:
            yield
        finally:
            self.end(connection)

    def begin(self, connection: socket.socket) -> None:
        """From now on it has its time."""
        self._deadlines[connection] = self.clock() + self.seconds

    def end(self, connection: socket.socket) -> None:
        """What had to come has come."""
        self._deadlines.pop(connection, None)

    def close_late(self) -> int:
        """Whoever missed the deadline is read from no longer; how many these were."""
        now = self.clock()
        late = [connection for connection, deadline in list(self._deadlines.items()) if deadline < now]
        for connection in late:
            self.end(connection)
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RD)
        return len(late)

    def watch(self, stop: Event) -> Thread:
        """A thread that looks every second, until it is stopped."""

        def look() -> None:
            while not stop.wait(LOOK_EVERY):
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
