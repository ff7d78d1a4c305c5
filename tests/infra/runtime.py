"""An event in; AWS Lambda's runtime interface on the loopback address, which hands it out and keeps the answer, out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:process_csv"


@dataclass(frozen=True, kw_only=True, slots=True)
class Runtime:
    """Where a function's process asks for work, and what it answered, or said of its failure."""

    address: str
    answers: list[object] = field(default_factory=list)


class Door(ThreadingHTTPServer):
    """Hands out the event once; who asks again waits, as Lambda's do, until it is `over`."""

    def __init__(self, event: object) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.events = [json.dumps(event).encode()]
        self.runtime = Runtime(address=f"127.0.0.1:{self.server_port}")
        self.over = Event()


class Handler(BaseHTTPRequestHandler):
    """GET next, POST response or error."""

    protocol_version = "HTTP/1.1"
    server: Door

    def do_GET(self) -> None:
        """The event, and until when it is waited for."""
        if not self.server.events:
            self.server.over.wait()
            return
        event = self.server.events.pop()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Lambda-Runtime-Aws-Request-Id", "one")
        self.send_header("Lambda-Runtime-Deadline-Ms", "9999999999999")
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", FUNCTION)
        self.send_header("Content-Length", str(len(event)))
        self.end_headers()
        self.wfile.write(event)

    def do_POST(self) -> None:
        """What came of it is kept."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.runtime.answers.append(json.loads(body))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def asked_for(event: object) -> Iterator[Runtime]:
    """The event is handed out as long as the block lasts."""
    with Door(event) as door:
        Thread(target=door.serve_forever, daemon=True).start()
        try:
            yield door.runtime
        finally:
            door.over.set()
            door.shutdown()
