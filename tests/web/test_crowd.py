"""Whoever sends slowly keeps nobody from an answer."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from csvgate.web.crowd import MOST_OF_ONE, MOST_OF_STRANGERS, Crowd
from tests.web.served import Served, served


def fits(crowd: Crowd, stack: ExitStack, names: str) -> list[bool]:
    return [stack.enter_context(crowd.with_one_of(name.strip(" "))) for name in names]


def test_there_is_room_for_so_many_of_one_and_of_all_until_they_leave() -> None:
    crowd = Crowd(most=4, of_one=2, of_strangers=1)
    with ExitStack() as stack:
        assert fits(crowd, stack, "aaa  bbb") == [True, True, False, True, False, True, False, False]
    with ExitStack() as stack:
        assert fits(crowd, stack, "a b") == [True, True, True]


@pytest.mark.parametrize("path", ["/api/uploads?name=a.csv", "/sign-in"])
def test_while_as_many_as_may_send_stand_still_others_are_answered(path: str) -> None:
    with served() as service, ExitStack() as stack:
        of_one = MOST_OF_ONE if path.startswith("/api") else MOST_OF_STRANGERS
        who = service.authorization if path.startswith("/api") else "Origin: http://x\r\n"
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{who}Content-Length: 999\r\n\r\na".encode()
        for _ in range(of_one):
            stack.enter_context(service.connect()).sendall(head)
        assert refused(service, head) == ("503", "1")
        assert service.status() == 200


def refused(service: Served, head: bytes) -> tuple[str, str]:
    """What is said to one more; those before may still be on their way to their places."""
    while True:
        with service.connect(seconds=0.2) as one_more:
            one_more.sendall(head)
            try:
                answer = one_more.recv(65536).decode()
            except TimeoutError:
                continue
        return answer.split(" ", 2)[1], answer.partition("Retry-After: ")[2].partition("\r\n")[0]
