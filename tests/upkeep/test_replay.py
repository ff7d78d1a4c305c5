"""What a sink did is in the catalog in the end, whoever was killed before it could say so; and nothing goes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.delivery import Delivery, State
from csvgate.errors import CsvgateError, TransientError
from csvgate.memory.sink import MemorySink
from csvgate.upkeep.replay import replay, say
from tests.world import BUCKET, CLEAN, Fault, Killed, World

AT_ONCE = timedelta(0)
FEEDS = Feeds((Feed(name="people", key="**", sink="postgresql"),))


@pytest.fixture
def world() -> World:
    """A world whose rows have a sink."""
    return World(feeds=FEEDS)


def cut_off(world: World, key: str = "a.csv") -> None:
    """The rows are in the sink, and the message is gone for good before the catalog heard of it."""
    world.deliver(world.objects.put(BUCKET, key, CLEAN))
    world.record_all(Fault(at=7, error=Killed))
    for message in world.inspected.receive(limit=10):
        world.inspected.delete(message)
    world.tick(world.ports().lease)


def sink_of(world: World) -> MemorySink:
    assert isinstance(world.sink, MemorySink)
    return world.sink


def test_a_load_whose_message_is_gone_is_recorded_with_all_its_facts(world: World) -> None:
    cut_off(world)
    assert world.catalog.head(BUCKET, "a.csv") is None
    assert replay(world.ports(), grace=AT_ONCE) == 1
    head = world.head("a.csv")
    assert (head.state, head.rows_loaded, head.row_count, head.verdict) == ("loaded", 2, 2, "ok")
    assert world.catalog.column_names(head.delivery_id) == ("id", "name")
    assert replay(world.ports(), grace=AT_ONCE) == 0


def test_what_the_catalog_has_is_closed_and_not_said_again(world: World) -> None:
    world.finish(world.objects.put(BUCKET, "a.csv", CLEAN))
    assert list(sink_of(world).outbox.due(world.now)) == []


def test_what_cannot_be_said_is_told_and_keeps_nobody_from_being_heard(world: World) -> None:
    seen: list[tuple[str, CsvgateError | None]] = []
    cut_off(world, "a.csv")
    cut_off(world, "b.csv")
    lame = world.ports(Fault(at=2, error=TransientError))
    assert replay(lame, lambda done, problem: seen.append((done.arrival.key, problem)), AT_ONCE) == 1
    assert [(key, type(problem)) for key, problem in seen] == [("a.csv", TransientError), ("b.csv", type(None))]
    assert replay(world.ports(), grace=AT_ONCE) == 1


def test_an_undo_that_the_catalog_did_not_hear_of_is_said(world: World) -> None:
    world.finish(world.objects.put(BUCKET, "a.csv", CLEAN))
    sink_of(world).undo(world.head("a.csv").delivery_id)
    assert replay(world.ports(), grace=AT_ONCE) == 1
    assert (world.head("a.csv").state, world.head("a.csv").rows_loaded) == ("undone", 0)


@pytest.mark.parametrize(("generation", "state"), [(1, "loaded"), (1, "undone"), (2, "undone")])
def test_the_catalog_never_goes_back(world: World, generation: int, state: State) -> None:
    """Who says late what was done early is not news."""
    world.finish(world.objects.put(BUCKET, "a.csv", CLEAN))
    first = world.head("a.csv")
    newest = replace(first, generation=2, state="undone")
    assert say(newest, world.ports())
    assert not say(replace(first, generation=generation, state=state), world.ports())
    assert world.head("a.csv") == newest


def test_who_is_overtaken_while_he_speaks_tries_again(world: World) -> None:
    world.finish(world.objects.put(BUCKET, "a.csv", CLEAN))
    done = replace(world.head("a.csv"), state="undone")

    class Restless(type(world.catalog)):  # type: ignore[misc]  # the type of the fake, whatever it is
        def amend(self, *_: object, **__: object) -> bool:
            return False

    world.catalog.__class__ = Restless
    with pytest.raises(TransientError, match="changes while it is told"):
        say(done, world.ports())


def test_a_delivery_that_nobody_knows_is_recorded(world: World) -> None:
    """Its object may be gone as well: the sink's word is enough."""
    world.finish(world.objects.put(BUCKET, "a.csv", CLEAN))
    known: Delivery = world.head("a.csv")
    elsewhere = World(feeds=FEEDS, objects=world.objects, sink=world.sink)
    assert say(known, elsewhere.ports())
    assert elsewhere.head("a.csv") == known
