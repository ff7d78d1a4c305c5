"""A service over a world in memory, served as it is in earnest: limits in, an address and a token out.

As a program: `python -m tests.web.served '{"upload_limit": 1000000, "seconds": 1}'` prints both, and serves.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from csvgate.web.patience import Patience
from csvgate.web.serving import serve
from tests.web.door import Service

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running service, its processes, and who may do everything."""

    url: str
    token: str
    delivery_id: str
    process: subprocess.Popen[str]

    @property
    def place(self) -> tuple[str, int]:
        """Host and port."""
        parts = urlsplit(self.url)
        return str(parts.hostname), int(parts.port or 0)

    @property
    def authorization(self) -> str:
        """The header with the token."""
        return f"Authorization: Bearer {self.token}\r\n"

    def connect(self, seconds: float = 30) -> socket.socket:
        """A connection on which nothing was said."""
        return socket.create_connection(self.place, timeout=seconds)

    def status(self, path: str = "/healthz", method: str = "GET", body: bytes | None = None) -> int:
        """What is answered to an ordinary request."""
        connection = http.client.HTTPConnection(*self.place, timeout=30)
        with contextlib.closing(connection):
            connection.request(method, path, body, {"Authorization": f"Bearer {self.token}"})
            answer = connection.getresponse()
            answer.read()
            return answer.status

    def peak(self) -> int:
        """The most memory that any of its processes ever held, in bytes."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        status = [Path(f"/proc/{pid}/status").read_text() for pid in (str(self.process.pid), *children)]
        return max(int(text.partition("VmHWM:")[2].split()[0]) * 1024 for text in status)

    def stop(self) -> None:
        """It is asked to stop."""
        self.process.send_signal(signal.SIGTERM)


@contextmanager
def served(*, upload_limit: int = 1_000_000, seconds: float = 30) -> Iterator[Served]:
    """A service that runs until the block ends; it waits for nobody longer than so many seconds."""
    wish = json.dumps({"upload_limit": upload_limit, "seconds": seconds})
    command = [sys.executable, "-m", "tests.web.served", wish]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    try:
        yield Served(**json.loads(process.stdout.readline()), process=process)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def answered(connection: socket.socket) -> bytes:
    """All that comes until the other side ends it, or breaks off."""
    pieces = []
    with contextlib.suppress(ConnectionError):
        while piece := connection.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def main(wish: dict[str, float]) -> None:
    """It serves until it is asked to stop."""
    service = Service(upload_limit=int(wish["upload_limit"]))
    token, seconds = service.token(), wish["seconds"]
    delivery_id = service.delivered("known.csv", b"id,name\n1,Ada\n2,Grace,extra\n").delivery_id

    def ready(url: str) -> None:
        sys.stdout.write(json.dumps({"url": url, "token": token, "delivery_id": delivery_id}) + "\n")
        sys.stdout.flush()

    serve(lambda: service.app, ("127.0.0.1", 0), ready, Patience(header_seconds=seconds, seconds=seconds))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
