"""The upload service of a local stack: there with it, found again, and gone with it."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from csvgate.local import processes, sockets, stack
from csvgate.local import web as embedded_web
from csvgate.local.facts import StackFacts
from tests.local.listening import LOOPBACK, listeners


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """Where a stack may run; it is stopped after the test."""
    yield tmp_path / "stack"
    stack.down(tmp_path / "stack")


def up(data_dir: Path, *, web: bool = True) -> StackFacts:
    return stack.up(data_dir, port=0, web=web, web_port=0)


def status(facts: StackFacts, path: str) -> int:
    """What the service answers to whoever has the token."""
    token = Path(facts.token_file or "").read_text().strip()
    request = Request(f"{facts.web_url}{path}", headers={"Authorization": f"Bearer {token}"})  # noqa: S310  our own
    with urlopen(request) as answer:  # noqa: S310
        return int(answer.status)


def test_it_is_on_the_loopback_address_and_opens_to_the_token_of_the_file(data_dir: Path) -> None:
    facts = up(data_dir)
    assert facts.web
    assert (listeners(facts.web.port), status(facts, "/api/deliveries"), status(facts, "/readyz")) == (
        {LOOPBACK},
        200,
        200,
    )
    assert json.loads((data_dir / "stack.json").read_text())["web_url"] == facts.web_url
    stack.down(data_dir)
    assert (listeners(facts.web.port), processes.runs(facts.web.pid), embedded_web.find(data_dir)) == (
        set(),
        False,
        None,
    )


def test_up_again_starts_it_anew_where_it_was_and_ends_it_if_it_is_not_wanted(data_dir: Path) -> None:
    """Also if it was killed meanwhile: its feeds may be others now."""
    first = up(data_dir)
    assert first.web
    os.killpg(first.web.pid, signal.SIGKILL)
    again = stack.up(data_dir, web=True)
    assert (again.web_url, status(again, "/api/feeds")) == (first.web_url, 200)
    assert stack.up(data_dir).web_url is None
    assert listeners(first.web.port) == set()


def test_a_port_that_is_taken_is_left_to_who_has_it(data_dir: Path) -> None:
    facts = up(data_dir, web=False)
    with socket.create_server((sockets.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        web = embedded_web.start(data_dir, facts, port=port)
        assert web.port != port
    web.stop()
