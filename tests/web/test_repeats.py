"""A request that is repeated with its key is done once, wherever the first try was killed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from csvgate.errors import TransientError
from csvgate.web.app import create_app
from csvgate.web.pages.problem import problem_page
from csvgate.web.repeats import GIVEN_UP, SIGN_OF_LIFE
from csvgate.web.service import TABLE
from tests.web.door import Service, said
from tests.world import CLEAN, Fault, Killed

HOSTILE = "../a.csv"
STEPS = 6


@dataclass
class Grave(Fault):
    """From the n-th call on nothing is called any more: no handler runs when a process is killed."""

    def around(self, port: Any) -> Any:  # noqa: ANN401
        """A stand-in for every port."""
        fault = self

        class Buried:
            def __getattr__(self, name: str) -> Any:  # noqa: ANN401
                def call(*args: object, **kwargs: object) -> Any:  # noqa: ANN401
                    fault.calls += 1
                    if fault.calls > fault.at or (fault.calls == fault.at and fault.when == "before"):
                        raise fault.error
                    answer = getattr(port, name)(*args, **kwargs)
                    if fault.calls == fault.at:
                        raise fault.error
                    return answer

                return call

        return Buried()


def send(service: Service, token: str, body: bytes = CLEAN, name: str = "a.csv", **more: Any) -> TestResponse:  # noqa: ANN401
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k1"}
    given = more or {"data": body}
    return service.app.test_client().post("/api/uploads", query_string={"name": name}, headers=headers, **given)


def struck(service: Service, fault: Fault) -> Service:
    """The same service in a process that is about to die."""
    dying = Service(world=service.world)
    ports = replace(service.door.ports, objects=fault.around(service.world.objects))
    door = replace(service.door, ports=ports, uploads=fault.around(service.uploads))
    dying.app = create_app(door, TABLE, service.log.append, problem_page)
    return dying


@pytest.mark.parametrize("name", ["a.csv", HOSTILE])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("at", range(1, STEPS))
def test_wherever_it_was_killed_the_file_is_there_once(at: int, when: Any, name: str) -> None:  # noqa: ANN401
    service = Service()
    token = service.token()
    service.door.tokens.holder(token)
    with pytest.raises(Killed):
        send(struck(service, Grave(at=at, error=Killed, when=when)), token, name=name)
    service.world.tick(GIVEN_UP)
    first, second = (send(service, token, name=name) for _ in range(2))
    assert (first.status_code, said(first)) == (201, said(second))
    assert [found.version_id for found in service.world.objects.arrivals] == [said(first)["version_id"]]


@pytest.mark.parametrize("at", range(2, STEPS))
def test_what_failed_for_a_moment_is_tried_again_at_once(at: int) -> None:
    service = Service()
    token = service.token()
    service.door.tokens.holder(token)
    failed = send(struck(service, Fault(at=at, error=TransientError, when="after")), token)
    assert (failed.status_code, failed.headers["Retry-After"]) == (503, "5")
    answer = send(service, token)
    assert (answer.status_code, len(service.world.objects.arrivals)) == (201, 1)


def test_the_same_key_with_other_bytes_is_a_mistake_although_they_are_as_many() -> None:
    service = Service()
    token = service.token()
    assert send(service, token, b"a,b\n1,2\n").status_code == 201
    assert send(service, token, b"a,b\n3,4\n").status_code == 422
    assert len(service.world.objects.arrivals) == 1


def slow(service: Service, *meanwhile: Any) -> Iterator[bytes]:  # noqa: ANN401
    """A body whose pieces take longer and longer; what happens meanwhile is called."""
    for act in (*meanwhile, lambda: None):
        yield b"x" * 10
        service.world.tick(SIGN_OF_LIFE)
        act()


class Slow(BytesIO):
    """A body that comes as an iterator says."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces

    def read(self, size: int | None = -1, /) -> bytes:
        """The next piece, whatever the size."""
        del size
        return next(self._pieces, b"")


def poured(service: Service, token: str, *meanwhile: Any) -> TestResponse:  # noqa: ANN401
    stream = Slow(slow(service, *meanwhile))
    return send(service, token, input_stream=stream, environ_overrides={"wsgi.input_terminated": True})


def test_who_is_slow_and_still_at_work_is_waited_for() -> None:
    service = Service()
    token, seen = service.token(), list[int]()
    again = [lambda: seen.append(poured(service, token).status_code)]
    answer = poured(service, token, *([lambda: None] * 9), *again)
    assert (answer.status_code, seen) == (201, [409])


def test_whose_turn_was_taken_leaves_nothing() -> None:
    """It stood still for so long that somebody else has done it."""
    service = Service()
    token = service.token()

    def taken() -> None:
        service.world.tick(GIVEN_UP + timedelta(seconds=1))
        assert poured(service, token).status_code == 201

    assert poured(service, token, taken).status_code == 409
    assert len(service.world.objects.arrivals) == 1
