"""A WSGI application and an address in; the application served there until it is told to stop, out.

One process with threads: a sender that is slow holds one of them, and no longer than the limits allow.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from cheroot.wsgi import Server

from csvgate.errors import UsageError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 64
BACKLOG = 128
HEADER_BYTES = 64 * 1024
# A client that says nothing for so long has gone.
SILENT_SECONDS = 10
STOP_SECONDS = 15


@contextmanager
def serving(app: WSGIApplication, host: str, port: int, *, upload_limit: int) -> Iterator[str]:
    """It is served until the block ends; the address is given, where port 0 means any that is free."""
    server = Server(
        (host, port),
        app,
        numthreads=THREADS,
        request_queue_size=BACKLOG,
        timeout=SILENT_SECONDS,
        shutdown_timeout=STOP_SECONDS,
        server_name="csvgate",
    )
    server.max_request_header_size = HEADER_BYTES
    server.max_request_body_size = upload_limit
    try:
        server.prepare()
    except OSError as exc:
        problem = f"cannot listen on {host}:{port}; choose another address with --listen"
        raise UsageError(problem) from exc
    Thread(target=server.serve, name="web", daemon=True).start()
    try:
        yield f"http://{host}:{server.bind_addr[1]}"
    finally:
        server.stop()
