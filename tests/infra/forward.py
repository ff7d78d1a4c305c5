"""A port of this machine and an address in; what is sent to the one arrives at the other, and back, until SIGTERM."""

from __future__ import annotations

import socket
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread


class Forward(ThreadingTCPServer):
    """Listens on the loopback address only."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, port: int, target: tuple[str, int]) -> None:
        super().__init__(("127.0.0.1", port), Connection)
        self.target = target


class Connection(BaseRequestHandler):
    """One that was made here, and its other half."""

    request: socket.socket
    server: Forward

    def handle(self) -> None:
        """Both sides have said all that they had to say, or one is gone."""
        with suppress(OSError), socket.create_connection(self.server.target) as other:
            back = Thread(target=poured, args=(other, self.request), daemon=True)
            back.start()
            poured(self.request, other)
            back.join()


def poured(source: socket.socket, target: socket.socket) -> None:
    """What came from the one went to the other, up to its end."""
    with suppress(OSError):
        while piece := source.recv(1 << 16):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
