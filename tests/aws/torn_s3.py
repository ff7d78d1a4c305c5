"""One object in, an S3 on the loopback address out whose connections break where they are told to."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

DENIED = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
CHANGED = b"<Error><Code>PreconditionFailed</Code><Message>no</Message></Error>"
MODIFIED = "Wed, 18 Dec 2024 10:00:00 GMT"


@dataclass(kw_only=True)
class TornS3:
    """`cuts` are the bytes that each next connection gives before it breaks; later ones are whole."""

    body: bytes
    etag: str = "one"
    cuts: list[int] = field(default_factory=list)
    denied: bool = False
    ranges: list[str | None] = field(default_factory=list)
    endpoint_url: str = ""


class Server(ThreadingHTTPServer):
    """Readers that hang up in the middle are what this store is for: no traceback among the dots."""

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  # as the base class has it
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(s3: TornS3) -> Iterator[TornS3]:
    """The store answers at its `endpoint_url` until the block is left."""

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            s3.ranges.append(self.headers.get("Range"))
            if s3.denied:
                return self._refuse(403, DENIED)
            if self.headers.get("If-Match") not in {None, f'"{s3.etag}"'}:
                return self._refuse(412, CHANGED)
            return self._send()

        def _send(self) -> None:
            start = int((s3.ranges[-1] or "bytes=0-").removeprefix("bytes=").rstrip("-"))
            rest = s3.body[start:]
            cut = s3.cuts.pop(0) if s3.cuts else len(rest)
            self._begin(206 if start else 200, len(rest))
            self.wfile.write(rest[:cut])
            self.close_connection = cut < len(rest)

        def _refuse(self, status: int, reason: bytes) -> None:
            self._begin(status, len(reason))
            self.wfile.write(reason)

        def _begin(self, status: int, length: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(length))
            self.send_header("ETag", f'"{s3.etag}"')
            self.send_header("Last-Modified", MODIFIED)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with Server(("127.0.0.1", 0), Answer) as server:
        s3.endpoint_url = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield s3
        server.shutdown()
