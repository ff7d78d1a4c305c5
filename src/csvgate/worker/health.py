"""An address to listen on in; `/healthz`, `/readyz` and `/metrics` answered there, by threads of its own, out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from csvgate.errors import UsageError

# A client that says nothing does not hold a thread for longer.
CLIENT_SECONDS = 5
PLAIN, PROMETHEUS = "text/plain; charset=utf-8", "text/plain; version=0.0.4; charset=utf-8"

# What is answered: a status, a content type and a text.
Page = tuple[HTTPStatus, str, str]
Pages = Mapping[str, Callable[[], Page]]


def pages(missing: Callable[[], Sequence[str]], metrics: Callable[[], str]) -> Pages:
    """What there is to see: that the process lives, what it lacks to be able to work, and its figures."""
    return {
        "/healthz": lambda: (HTTPStatus.OK, PLAIN, "ok\n"),
        "/readyz": lambda: _readiness(missing()),
        "/metrics": lambda: (HTTPStatus.OK, PROMETHEUS, metrics()),
    }


def _readiness(missing: Sequence[str]) -> Page:
    if missing:
        return HTTPStatus.SERVICE_UNAVAILABLE, PLAIN, f"not ready: {', '.join(missing)}\n"
    return HTTPStatus.OK, PLAIN, "ready\n"


@contextmanager
def listening(host: str, port: int, shown: Pages) -> Iterator[str]:
    """The pages are answered until the block ends; the address is given, where port 0 means any that is free."""
    try:
        server = ThreadingHTTPServer((host, port), _handler(shown))
    except OSError as exc:
        problem = f"cannot listen on {host}:{port} ({exc.strerror}); choose another address with --listen"
        raise UsageError(problem) from exc
    server.daemon_threads = True
    Thread(target=server.serve_forever, name="health", daemon=True).start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _handler(shown: Pages) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers GET and nothing else."""

        timeout = CLIENT_SECONDS

        def do_GET(self) -> None:
            page = shown.get(self.path.partition("?")[0])
            status, kind, text = page() if page else (HTTPStatus.NOT_FOUND, PLAIN, "not found\n")
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Probes come every few seconds; nobody wants to read of them."""

    return Handler
