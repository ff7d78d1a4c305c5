"""5: whatever is said of its length, no request is held in memory, and none holds the service up."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator

import pytest

from tests.web.served import Served, answered, served

MIB = 1 << 20
LIMIT = 8 * MIB
HEAD = "POST /api/uploads?name=a.csv HTTP/1.1\r\nHost: x\r\n"
CHUNK = b"%x\r\n" % MIB + bytes(MIB) + b"\r\n"
SENT_BEFORE_THE_ANSWER = 20 * MIB


@pytest.fixture(scope="module")
def service() -> Iterator[Served]:
    """A service that takes 8 MiB and waits for a second."""
    with served(upload_limit=LIMIT, seconds=1) as running:
        running.status()
        yield running


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def poured(connection: socket.socket, piece: bytes, most: int) -> int:
    """So many bytes were sent until an answer came, or the other side had enough."""
    sent = 0
    connection.settimeout(5)
    with contextlib.suppress(OSError):
        while sent < most:
            connection.sendall(piece)
            sent += len(piece)
    return sent


def test_05_twenty_gigabytes_are_refused_before_they_come(service: Served) -> None:
    before = service.peak()
    with service.connect() as sender:
        sender.sendall(f"{HEAD}{service.authorization}Content-Length: {20 << 30}\r\n\r\n".encode())
        assert status_of(sender.recv(65536)) == 413
    assert service.peak() - before < SENT_BEFORE_THE_ANSWER


def test_05_zeros_without_end_are_refused_when_they_are_too_many(service: Served) -> None:
    before = service.peak()
    with service.connect() as sender:
        sender.sendall(f"{HEAD}{service.authorization}Transfer-Encoding: chunked\r\n\r\n".encode())
        for _ in range(LIMIT // MIB + 1):
            sender.sendall(CHUNK)
        assert status_of(sender.recv(65536)) == 413
        # Whoever goes on all the same is not listened to for long.
        assert poured(sender, CHUNK, 20 << 30) < 20 << 30
    assert service.peak() - before < LIMIT + SENT_BEFORE_THE_ANSWER


@pytest.mark.parametrize(
    ("length", "body", "expected"),
    [
        ("", b"a\n1\n", 201),
        ("Content-Length: 4\r\n", b"a\n1\n and more than that", 201),
        ("Content-Length: 400\r\n", b"a\n1\n", 400),
        ("Content-Length: -1\r\n", b"a\n1\n", 400),
        ("Content-Length: 4\r\nContent-Length: 5\r\n", b"a\n1\n", 400),
        ("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", b"4\r\na\n1\n\r\n0\r\n\r\n", 400),
        ("Transfer-Encoding: chunked\r\n", b"4\r\na\n1\n\r\n0\r\n\r\n", 201),
        ("Transfer-Encoding: chunked\r\n", b"ffffffffffffffffff\r\na", 400),
        ("Transfer-Encoding: chunked\r\n", b"-4\r\na\n1\n\r\n0\r\n\r\n", 400),
        ("Transfer-Encoding: chunked\r\n", b"4\r\na\n1\nXX0\r\n\r\n", 400),
        ("Transfer-Encoding: chunked\r\n", b"4\r\na\n1\n\r\n0\r\nContent-Length: 5\r\n\r\n", 400),
        ("Transfer-Encoding: chunked\r\n", b"4\r\na\n1\n", 400),
        ("Transfer-Encoding: gzip, chunked\r\n", b"4\r\na\n1\n\r\n0\r\n\r\n", 400),
        ("Transfer-Encoding: chunked, identity\r\n", b"4\r\na\n1\n\r\n0\r\n\r\n", 400),
        ("Transfer-Encoding : chunked\r\n", b"4\r\na\n1\n\r\n0\r\n\r\n", 400),
    ],
)
def test_05_a_length_that_lies_or_is_missing_is_an_answer(
    service: Served, length: str, body: bytes, expected: int
) -> None:
    with service.connect() as sender:
        sender.sendall(f"{HEAD}{service.authorization}{length}Connection: close\r\n\r\n".encode() + body)
        assert status_of(answered(sender)) == expected


def test_05_what_stands_in_a_body_is_no_request(service: Served) -> None:
    """Also where nobody read the body, since its sender may not send any."""
    hidden = f"GET /metrics HTTP/1.1\r\nHost: x\r\n{service.authorization}\r\n".encode()
    head = f"POST /api/uploads?name=a HTTP/1.1\r\nHost: x\r\nContent-Length: {len(hidden)}\r\n\r\n".encode()
    with service.connect() as sender:
        sender.sendall(head + hidden + b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        told = answered(sender)
    assert [int(part.split(b" ", 1)[0]) for part in told.split(b"HTTP/1.1 ")[1:]] == [401, 200]
    assert b"csvgate_" not in told


def test_05_ten_thousand_parts_of_a_form_are_too_many(service: Served) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    body = part * 10_000 + b"--x--\r\n"
    head = "POST /uploads HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nConnection: close\r\n"
    with service.connect() as sender:
        sender.sendall(f"{head}{service.authorization}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        assert status_of(answered(sender)) == 400


def test_05_a_megabyte_of_header_is_too_much(service: Served) -> None:
    with service.connect() as sender:
        poured(sender, b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * MIB, MIB)
        assert status_of(answered(sender)) in {0, 431}
    assert service.status() == 200


def test_05_a_byte_a_second_is_too_slow(service: Served) -> None:
    began = time.monotonic()
    with service.connect() as sender:
        sender.sendall(f"{HEAD}{service.authorization}Content-Length: 100000\r\nConnection: close\r\n\r\n".encode())
        sender.settimeout(0.5)
        answer = b""
        while not answer and time.monotonic() - began < 30:
            with contextlib.suppress(TimeoutError):
                sender.sendall(b"x")
                answer = sender.recv(65536)
    assert status_of(answer) == 400
