"""What the worker relies on beyond Lambda: a stop in the middle of a file, and word that is passed on."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest

from csvgate.aws.events import encode
from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.delivery import Delivery
from csvgate.delivery_json import to_message
from csvgate.errors import PermanentError, TransientError
from csvgate.load import Content, Load, Target
from csvgate.memory import MemoryCatalog, MemoryNotifier, MemoryQueue
from csvgate.memory.sink import MemorySink
from csvgate.pipeline.story import inspect_delivery
from csvgate.ports.queues import Message
from csvgate.stages.call import Call
from csvgate.stages.chores import caught_up, remark_untold, spoken
from csvgate.stages.messages import inspect_message, record_message
from csvgate.telemetry.metrics import Metrics
from csvgate.telling.notices import Audience
from csvgate.telling.relay import Relay
from tests.world import BUCKET, CLEAN, Fault, Killed, World


def arrived(world: World, content: bytes = CLEAN) -> Message:
    return Message(message_id="m", body=json.dumps(encode(world.objects.put(BUCKET, "a.csv", content))))


def inspected(world: World) -> Message:
    delivery = inspect_delivery(world.objects.put(BUCKET, "a.csv", CLEAN), world.ports())
    return Message(message_id="m", body=to_message(delivery))


def relay_in(world: World, fault: Fault | None = None) -> tuple[Relay, MemoryNotifier]:
    """A relay over the outbox of the world's catalog, and who is told by it."""
    world.catalog = MemoryCatalog(Audience(channels=("webhook",)))
    told = MemoryNotifier()
    notifier = fault.around(told) if fault else told
    return Relay(outbox=world.catalog.outbox, notifiers={"webhook": notifier}, clock=lambda: world.now), told


def test_a_file_that_is_stopped_in_its_middle_is_free_for_the_next_worker_at_once() -> None:
    world = World()
    message = arrived(world)
    assert not inspect_message(message, Call(ports=world.ports(), halted=lambda: True))
    assert inspect_message(message, Call(ports=world.ports(owner="next")))


def test_a_load_that_is_stopped_in_its_middle_comes_again_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    world = World(feeds=Feeds((Feed(name="all", key="*", sink="postgresql", table="all"),)))
    message = inspected(world)
    ended = Call(ports=world.ports(), halted=lambda: True)
    assert not record_message(message, ended)
    assert record_message(message, Call(ports=world.ports()))
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["error"], second["state"]) == ("TransientError", "loaded")


def test_what_is_recorded_is_told_once_also_when_its_message_comes_again() -> None:
    world = World()
    relay, told = relay_in(world)
    message = inspected(world)
    call = Call(ports=world.ports())
    for _ in range(2):
        assert record_message(message, replace(call, tell=spoken(relay, call).tell))
    assert [notice.dedup_id.rpartition(":")[2] for notice in told.told] == ["recorded"]


def test_the_log_says_of_word_that_was_passed_on_about_which_delivery_it_was(
    capsys: pytest.CaptureFixture[str],
) -> None:
    world = World()
    relay, told = relay_in(world)
    call = Call(ports=world.ports())
    record_message(inspected(world), replace(call, tell=spoken(relay, call).tell))
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["message"], line["channel"]) == ("a notice was passed on", "webhook")
    assert line["delivery_id"] == told.told[0].delivery.delivery_id


@pytest.mark.parametrize("error", [TransientError, PermanentError, ValueError])
def test_word_that_cannot_be_passed_on_is_no_failure_of_the_delivery(
    error: type[Exception], capsys: pytest.CaptureFixture[str]
) -> None:
    world = World()
    relay, told = relay_in(world, Fault(at=1, error=error))
    call = Call(ports=world.ports())
    assert record_message(inspected(world), replace(call, tell=spoken(relay, call).tell))
    assert "webhook" in capsys.readouterr().out or error is ValueError
    world.tick(world.ports().lease)
    relay.sweep()
    assert len(told.told) == 1


@pytest.mark.parametrize("at", range(1, 8))
@pytest.mark.parametrize("when", ["before", "after"])
def test_whoever_is_killed_while_recording_or_telling_is_followed_by_word(
    at: int, when: Literal["before", "after"]
) -> None:
    """However it went, the message comes again, and then all is recorded, told, and crossed out."""
    world, fault = World(), Fault(at=at, error=Killed, when=when)
    relay, told = relay_in(world)
    message = inspected(world)
    faulty = replace(relay, outbox=fault.around(relay.outbox), notifiers={"webhook": fault.around(told)})
    with suppress(Killed):
        record_message(message, Call(ports=world.ports(fault), tell=faulty.tell))
    assert record_message(message, Call(ports=world.ports(), tell=relay.tell))
    assert {notice.delivery.state for notice in told.told} == {"recorded"}
    assert list(relay.outbox.due(world.now)) == []


def test_who_cannot_tell_whom_a_feed_names_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    relay, _ = relay_in(world)
    audience = Audience(channels=("webhook",), by_feed={"sales": ("mail:ann@example.org", "webhook")})
    remark_untold(audience, relay, Call(ports=world.ports()))
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["level"], line["channel"]) == ("warning", "mail")


def test_a_delivery_that_failed_for_good_is_told_as_such() -> None:
    world = World()
    relay, told = relay_in(world)
    message = replace(inspected(world), receive_count=5)
    call = Call(ports=world.ports(Fault(at=2, error=TransientError)))
    assert not record_message(message, replace(call, tell=relay.tell))
    assert [notice.delivery.state for notice in told.told] == ["failed"]


@pytest.mark.parametrize("fault", [None, Fault(at=1, error=TransientError)])
def test_what_a_sink_has_to_say_is_said_and_every_word_is_in_the_log(
    fault: Fault | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also that it could not be said."""
    world = World(feeds=Feeds((Feed(name="all", key="*", sink="postgresql", table="all"),)))
    world.finish(world.objects.put(BUCKET, "a.csv", CLEAN))
    world.sink.undo(world.head("a.csv").delivery_id)
    metrics = Metrics()
    lame = replace(world.ports(), catalog=world.ports(fault).catalog)
    replayed = caught_up(Call(ports=lame, figures=metrics), timedelta(0))
    seen = [dict(labels)["state"] for labels in metrics.values("csvgate_deliveries_total")]
    assert (replayed, seen) == ((0, []) if fault else (1, ["undone"]))
    [line] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (line["key"], line.get("replayed"), line["level"]) == (
        "a.csv",
        None if fault else True,
        "warning" if fault else "info",
    )


class Refusing(MemorySink):
    """A table that cannot hold what comes."""

    def load(self, delivery: Delivery, target: Target, content: Content, generation: int = 1) -> Load:
        problem = "column 'id' of the table all is BIGINT, and is now to hold string"
        raise PermanentError(problem)


@pytest.mark.parametrize("dead", [MemoryQueue(), None])
def test_what_would_fail_again_is_failed_at_once_and_lies_with_the_dead_letters(dead: MemoryQueue | None) -> None:
    """Where this process knows of no such queue, the message comes again until it is put there."""
    world = World(feeds=Feeds((Feed(name="all", key="*", sink="postgresql", table="all"),)), sink=Refusing())
    message = inspected(world)
    assert record_message(message, Call(ports=world.ports(), dead=dead)) is bool(dead)
    assert (world.head("a.csv").state, "BIGINT" in str(world.head("a.csv").reason)) == ("failed", True)
    assert dead is None or [letter.body for letter in dead.receive()] == [message.body]
    world.sink = MemorySink()
    assert record_message(message, Call(ports=world.ports()))
    assert world.head("a.csv").state == "loaded"


def test_what_cannot_be_laid_down_comes_again() -> None:
    world = World(feeds=Feeds((Feed(name="all", key="*", sink="postgresql", table="all"),)), sink=Refusing())
    call = Call(ports=world.ports(), dead=Fault(at=1, error=TransientError).around(MemoryQueue()))
    assert not record_message(inspected(world), call)
    assert world.head("a.csv").state == "failed"
