"""By real sockets: nobody who is slow or silent keeps others from being served, and a stop waits for uploads."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from csvgate.web.serving import THREADS
from tests.waiting import until
from tests.web.served import Served, answered, served

UPLOAD = "POST /api/uploads?name=a.csv HTTP/1.1\r\nHost: x\r\n"
IMPATIENT = 1.0


@pytest.fixture(scope="module")
def hasty() -> Iterator[Served]:
    """A service that waits for a second."""
    with served(seconds=IMPATIENT) as running:
        yield running


def test_who_connects_and_says_nothing_has_no_thread(hasty: Served) -> None:
    """Many more than there are threads; others are served meanwhile, and they are closed in the end."""
    with contextlib.ExitStack() as stack:
        silent = [stack.enter_context(hasty.connect()) for _ in range(3 * THREADS)]
        assert hasty.status() == 200
        assert [answered(connection) for connection in silent[:5]] == [b""] * 5


def test_a_header_that_does_not_end_is_waited_for_no_longer(hasty: Served) -> None:
    with hasty.connect() as slow:
        slow.sendall(b"GET /healthz HTT")
        assert b"200 OK" not in answered(slow)


def test_a_body_that_does_not_come_is_an_answer(hasty: Served) -> None:
    with hasty.connect() as slow:
        slow.sendall(f"{UPLOAD}{hasty.authorization}Content-Length: 1000\r\n\r\nid,na".encode())
        assert b"400" in answered(slow).split(b"\r\n")[0]


def test_slow_senders_starve_nobody(hasty: Served) -> None:
    """As many as there are threads hang in their bodies; who comes then waits no longer than the patience lasts."""
    with contextlib.ExitStack() as stack:
        for _ in range(THREADS):
            slow = stack.enter_context(hasty.connect())
            slow.sendall(f"{UPLOAD}{hasty.authorization}Content-Length: 1000\r\n\r\n".encode())
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda _: hasty.status("/api/uploads?name=b.csv", "POST", b"a\n1\n"), range(40)))
    assert answers == [201] * 40


def test_who_was_answered_and_stays_lets_nobody_wait(hasty: Served) -> None:
    """He hears that nothing more comes, and is closed when he goes, or after a while; others are served meanwhile."""
    with contextlib.ExitStack() as stack:
        staying = [stack.enter_context(hasty.connect()) for _ in range(10)]
        for connection in staying:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert all(b"200 OK" in answered(connection) for connection in staying)
        assert answers_soon(hasty)


def test_who_sends_more_than_he_may_hears_that_he_may_not(hasty: Served) -> None:
    with hasty.connect() as insistent:
        head = f"{UPLOAD}{hasty.authorization}Connection: close\r\nContent-Length: 9000000\r\n\r\n"
        insistent.sendall(head.encode() + b"x" * 60_000)
        assert b"413" in answered(insistent).split(b"\r\n")[0]


def answers_soon(service: Served) -> bool:
    """Whether somebody who comes now is answered soon."""
    with service.connect(seconds=0.5) as late:
        late.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        with contextlib.suppress(TimeoutError, ConnectionError):
            return bool(late.recv(1))
    return False


def test_an_upload_under_way_is_finished_when_the_service_is_asked_to_stop() -> None:
    """Whoever comes later is not let in."""
    with served() as running, running.connect() as sender:
        sender.sendall(f"{UPLOAD}{running.authorization}Expect: 100-continue\r\nContent-Length: 8\r\n\r\n".encode())
        assert b"100 Continue" in sender.recv(64)
        running.stop()
        until(lambda: not answers_soon(running))
        sender.sendall(b"id\n1\n2\n\n")
        assert b"201 CREATED" in answered(sender).split(b"\r\n")[0]
        assert running.process.wait(timeout=30) == 0
        with pytest.raises(ConnectionError):
            running.connect()


def test_what_a_proxy_says_is_not_believed(hasty: Served) -> None:
    """A cookie counts from a page of the address that the service has, whatever else is sent along."""
    with hasty.connect() as client:
        lies = "Origin: https://x\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: x\r\n"
        cookie = f"Cookie: csvgate_token={hasty.token}\r\nConnection: close\r\n"
        client.sendall(f"{UPLOAD}{lies}{cookie}Content-Length: 2\r\n\r\na\n".encode())
        assert b"403" in answered(client).split(b"\r\n")[0]
