"""Whoever listens hears of every change once, and of nobody else's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

import pytest

from csvgate.delivery import Delivery
from csvgate.web.access import SCOPES, mint
from csvgate.web.live import LISTENERS, Live
from csvgate.web.tokens import REMEMBERED
from tests.web.door import Service
from tests.world import BUCKET, CLEAN, World


def live_of(world: World) -> Live:
    """One that looks only when it is told to."""
    return Live(world.catalog, seconds=3600)


def everything(_: Delivery) -> bool:
    return True


def told(events: Iterator[str], count: int) -> list[tuple[str, str]]:
    """Key and state of the next events."""
    lines = [event.splitlines()[1].removeprefix("data: ") for event in islice(events, count)]
    return [(found["key"], found["state"]) for found in map(json.loads, lines)]


def test_each_change_is_told_once_and_what_was_there_before_is_not() -> None:
    world = World()
    world.finish(world.objects.put(BUCKET, "old.csv", CLEAN))
    live = live_of(world)
    news = live.join()
    assert news
    events = live.events(news, everything)
    assert next(events).startswith("retry")
    for step in (lambda: world.deliver(world.objects.put(BUCKET, "a.csv", CLEAN)), world.record_all):
        step()
        live.look()
        live.look()
    assert told(events, 2) == [("a.csv", "inspecting"), ("a.csv", "recorded")]
    assert news.empty()


def test_there_is_room_for_so_many_and_for_another_when_one_leaves() -> None:
    live = live_of(World())
    joined = [live.join() for _ in range(LISTENERS)]
    assert all(joined)
    assert live.join() is None
    assert joined[0]
    live.leave(joined[0])
    assert live.join()


def test_by_http_a_tenant_hears_of_its_own_files() -> None:
    service = Service()
    service.delivered("acme/old.csv", CLEAN)
    answer = service.client(tenant="acme").get("/api/deliveries/events", buffered=False)
    events = iter(answer.iter_encoded())
    assert next(events)
    service.delivered("beta/b.csv", CLEAN)
    service.delivered("acme/a.csv", CLEAN)
    heard = next(events)
    answer.close()
    assert b"acme/a.csv" in heard
    assert answer.headers["Content-Type"].startswith("text/event-stream")


@pytest.mark.parametrize("path", ["/api/deliveries/events", "/deliveries/live"])
def test_who_asks_for_the_header_alone_takes_nobodys_place(path: str) -> None:
    client = Service().client()
    for _ in range(LISTENERS + 1):
        with client.head(path) as answer:
            assert answer.status_code == 200


@pytest.mark.parametrize("ends", ["revoked", "expired"])
def test_whose_token_counts_no_more_hears_nothing_more(ends: str) -> None:
    service = Service()
    text, kept = mint(name="t", scopes=frozenset(SCOPES), expires_at=service.world.now + timedelta(hours=1))
    service.tokens.keep(kept)
    headers = {"Authorization": f"Bearer {text}"}
    answer = service.app.test_client().get("/api/deliveries/events", headers=headers, buffered=False)
    events = iter(answer.iter_encoded())
    assert next(events)
    if ends == "revoked":
        service.tokens.keep(kept.revocation())
    service.world.tick(REMEMBERED if ends == "revoked" else timedelta(hours=1))
    service.delivered("a.csv", CLEAN)
    assert list(events) == []
    answer.close()
