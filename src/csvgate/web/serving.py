"""A WSGI application and an address in; the application served there until a signal says stop, out.

One process with threads. What holds a thread and is slow is cut off by `patience`; what is large is refused before it
is read, or while it is read, and never held in memory.
"""

from __future__ import annotations

import json
import selectors
import socket
import time
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from threading import Event
from typing import TYPE_CHECKING, Any

from gunicorn import util
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import TConn, ThreadWorker

from csvgate.errors import UsageError
from csvgate.web import crowd, live
from csvgate.web.patience import PacedAnswer, PacedBody, Patience, Readable
from csvgate.web.problems import MEDIA_TYPE, Problem

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# What makes a request unreadable, and what is answered; the first that fits.
UNREADABLE: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (LimitRequestLine, HTTPStatus.REQUEST_URI_TOO_LONG),
    (LimitRequestHeaders, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
    (ParseException, HTTPStatus.BAD_REQUEST),
    (OSError, HTTPStatus.BAD_REQUEST),
)
# While as many listen to changes and send bodies as may, some are left for whoever asks for something short.
THREADS = live.LISTENERS + crowd.MOST + 8
CONNECTIONS = 1_000
STOP_SECONDS = 20
LINE_BYTES, FIELDS, FIELD_BYTES = 8_190, 100, 8_190
# Who was answered and goes on sending is heard out for so long and so far: else he would lose the answer.
FAREWELL_SECONDS, FAREWELL_BYTES = 2.0, 64 * 1024
# Called when requests are answered, with the address: `http://host:port`.
Ready = Callable[[str], object]


class PatientWorker(ThreadWorker):
    """Threads that wait for nobody longer than they should; who says nothing at all has no thread."""

    patience = Patience()

    def init_process(self) -> None:
        """The watcher lives as long as the process."""
        self.patience.watch(Event())
        super().init_process()

    def enqueue_req(self, conn: TConn) -> None:
        """A connection that is new waits beside the threads until something comes."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.sock.settimeout(0)
        conn.timeout = time.monotonic() + self.patience.header_seconds
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: TConn) -> Any:  # noqa: ANN401  a verdict of gunicorn's own
        """The header has its time from here on; the application ends it."""
        self.patience.begin(conn.sock, self.patience.header_seconds)
        try:
            return super().handle(conn)
        finally:
            self.patience.end(conn.sock)

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """What ends is closed beside the loop: gunicorn's own farewell lets all others wait, two seconds for each."""
        if fs.cancelled() or fs.exception() or fs.result():
            super().finish_request(conn, fs)
            return
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.settimeout(0)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._hear_out, conn, FAREWELL_BYTES))
        except OSError:
            self._leave(conn)
        else:
            self.patience.begin(conn.sock, FAREWELL_SECONDS)

    def _hear_out(self, conn: TConn, most: int, _socket: object) -> None:
        """What still comes is read and forgotten; closed at its end, or where it is too much."""
        try:
            heard = len(conn.sock.recv(most))
        except BlockingIOError:
            return
        except OSError:
            heard = 0
        if 0 < heard < most:
            self.poller.modify(conn.sock, selectors.EVENT_READ, partial(self._hear_out, conn, most - heard))
            return
        self.poller.unregister(conn.sock)
        self._leave(conn)

    def _leave(self, conn: TConn) -> None:
        self.patience.end(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def handle_error(self, req: object, client: socket.socket, addr: object, exc: BaseException) -> None:
        """What cannot be read as a request is answered as every problem is.

        Nothing of it is said or logged: it may hold a token, or anybody's name.
        """
        del req, addr
        status = next(
            (status for kind, status in UNREADABLE if isinstance(exc, kind)), HTTPStatus.INTERNAL_SERVER_ERROR
        )
        request_id = uuid.uuid4().hex
        self.log.warning("request %s ended with %s: %s", request_id, int(status), type(exc).__name__)
        body = json.dumps(Problem(status, "this cannot be read as a request").document(request_id)).encode()
        head = (
            f"HTTP/1.1 {int(status)} {status.phrase}\r\nConnection: close\r\nContent-Type: {MEDIA_TYPE}\r\n"
            f"X-Content-Type-Options: nosniff\r\nX-Request-Id: {request_id}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with suppress(OSError):
            util.write_nonblock(client, head.encode("ascii") + body)


@dataclass(frozen=True, slots=True)
class Chunks:
    """The body of a request as gunicorn reads it; chunks that cannot be told apart are a body that broke off."""

    body: Readable

    def read(self, size: int, /) -> bytes:
        """See Readable; OSError where it cannot be read on."""
        try:
            return self.body.read(size)
        except ParseException as exc:
            raise OSError(str(exc)) from exc


def patient(app: WSGIApplication, patience: Patience) -> WSGIApplication:
    """The same application; its header has come, and its body is waited for piece by piece, as is who reads from it."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        connection: socket.socket | None = environ.get("gunicorn.socket")
        if connection is None:
            return app(environ, start_response)
        patience.end(connection)
        environ["wsgi.input"] = PacedBody(Chunks(environ["wsgi.input"]), connection, patience)
        return PacedAnswer(app(environ, start_response), connection, patience)

    return answer


class Served(BaseApplication):
    """The application as gunicorn takes it: made in the process that answers, so that nothing is shared by a fork."""

    def __init__(self, make: Callable[[], WSGIApplication], address: str, ready: Ready, patience: Patience) -> None:
        self._make = make
        self._address = address
        self._ready = ready
        self._patience = patience
        super().__init__()

    def load_config(self) -> None:
        """How it is served; nothing of it comes from the environment or from a file."""
        told = self._ready
        chosen: dict[str, object] = {
            "bind": [self._address],
            "worker_class": type("Worker", (PatientWorker,), {"patience": self._patience}),
            "workers": 1,
            "threads": THREADS,
            "worker_connections": CONNECTIONS,
            "graceful_timeout": STOP_SECONDS,
            "limit_request_line": LINE_BYTES,
            "limit_request_fields": FIELDS,
            "limit_request_field_size": FIELD_BYTES,
            "loglevel": "warning",
            # What a proxy says of scheme and host is not believed: the settings say how browsers call the service.
            "forwarded_allow_ips": "",
            "secure_scheme_headers": {},
            "control_socket_disable": True,
            "when_ready": lambda arbiter: told(address_of(arbiter.LISTENERS[0].sock)),
        }
        cfg: Config = self.cfg
        for name, value in chosen.items():
            cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401  gunicorn knows WSGI by other names
        """The application, made anew in each process."""
        return patient(self._make(), self._patience)


def serve(
    make: Callable[[], WSGIApplication], listen: tuple[str, int], ready: Ready, patience: Patience | None = None
) -> None:
    """It is served until SIGTERM or Ctrl-C; port 0 means any that is free. UsageError if the address is taken."""
    host, port = listen
    if not _is_free(host, port):
        problem = f"cannot listen on {host}:{port}; choose another address with --listen"
        raise UsageError(problem)
    Served(make, f"[{host}]:{port}" if ":" in host else f"{host}:{port}", ready, patience or Patience()).run()


def address_of(listening: socket.socket) -> str:
    """Where a socket listens, as a browser takes it."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _is_free(host: str, port: int) -> bool:
    """Asked before, as the server itself tries again for seconds, and then leaves without a word."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True
