"""Calls of a function in; their answers, by AWS Lambda's runtime interface on the loopback address, out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from threading import Thread

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:process_csv"
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """What a function is asked, by what name, until when, and its answer: a status and a body."""

    event: bytes
    request_id: str = "one"
    deadline_ms: str = "9999999999999"
    function: str = FUNCTION
    answer: Future[tuple[int, bytes]] = field(default_factory=Future)

    @property
    def headers(self) -> dict[str, str]:
        """What the function's process is told beside the event."""
        return JSON | {
            "Lambda-Runtime-Aws-Request-Id": self.request_id,
            "Lambda-Runtime-Deadline-Ms": self.deadline_ms,
            "Lambda-Runtime-Invoked-Function-Arn": self.function,
        }


class Handler(BaseHTTPRequestHandler):
    """HTTP as Lambda speaks it."""

    protocol_version = "HTTP/1.1"

    def body(self) -> bytes:
        """What was sent."""
        return self.rfile.read(int(self.headers["Content-Length"]))

    def say(self, status: int, body: bytes = b"", headers: Mapping[str, str] = JSON) -> None:
        """The whole answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


class Interface(ThreadingHTTPServer):
    """Where one function's process asks for calls, one after the other, and answers them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), InterfaceHandler)
        self.calls: SimpleQueue[Call] = SimpleQueue()
        self.begun: dict[str, Call] = {}
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """What AWS_LAMBDA_RUNTIME_API is to say."""
        return f"127.0.0.1:{self.server_port}"


class InterfaceHandler(Handler):
    """GET next, POST response or error."""

    server: Interface

    def do_GET(self) -> None:
        """Who asks waits, as Lambda's do, until there is a call."""
        call = self.server.calls.get()
        self.server.begun[call.request_id] = call
        self.say(200, call.event, call.headers)

    def do_POST(self) -> None:
        """Whoever called has the answer."""
        answered = self.body()
        *_, request_id, outcome = self.path.split("/")
        call = self.server.begun.pop(request_id)
        call.answer.set_result((200 if outcome == "response" else 500, answered))
        self.say(202)


@dataclass(frozen=True, kw_only=True, slots=True)
class Runtime:
    """Where a function's process asks for one event, and what it answered, or said of its failure."""

    address: str
    call: Call

    @property
    def answers(self) -> list[object]:
        """None yet, or one."""
        return [json.loads(self.call.answer.result()[1])] if self.call.answer.done() else []


@contextmanager
def asked_for(event: object) -> Iterator[Runtime]:
    """The event is handed out as long as the block lasts."""
    call = Call(event=json.dumps(event).encode())
    with Interface() as interface:
        interface.calls.put(call)
        try:
            yield Runtime(address=interface.address, call=call)
        finally:
            interface.shutdown()
