"""An event in; AWS Lambda's runtime interface on the loopback address, which hands it out and keeps the answer, out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from threading import Event, Thread

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:process_csv"


@dataclass(frozen=True, kw_only=True, slots=True)
class Runtime:
    """Where a function's process asks for work, and what it answered, or said of its failure."""

    address: str
    answers: list[object] = field(default_factory=list)


@contextmanager
def asked_for(event: object) -> Iterator[Runtime]:
    """The event is handed out once; who asks again waits, as Lambda's do, until the block ends."""
    events, over = [json.dumps(event).encode()], Event()
    server: HTTPServer = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    runtime = Runtime(address=f"127.0.0.1:{server.server_port}")

    class Handler(BaseHTTPRequestHandler):
        """GET next, POST response or error."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if not events:
                over.wait()
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Lambda-Runtime-Aws-Request-Id", "one")
            self.send_header("Lambda-Runtime-Deadline-Ms", "9999999999999")
            self.send_header("Lambda-Runtime-Invoked-Function-Arn", FUNCTION)
            self.send_header("Content-Length", str(len(events[0])))
            self.end_headers()
            self.wfile.write(events.pop())

        def do_POST(self) -> None:
            runtime.answers.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server.RequestHandlerClass = Handler
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield runtime
    finally:
        over.set()
        server.shutdown()
        server.server_close()
