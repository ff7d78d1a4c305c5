"""Dead letters: who is wanted is sent again, once; who is not stays; and however often it is done, nothing is added."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

import pytest

from csvgate.aws.events import encode
from csvgate.aws.letters import of_arrivals, of_inspected
from csvgate.delivery import Arrival
from csvgate.delivery_json import to_message
from csvgate.errors import TransientError
from csvgate.memory import MemoryQueue
from csvgate.pipeline.story import fail_inspection, inspect_delivery
from csvgate.telemetry.tracing import NOTHING, Carrier
from csvgate.upkeep.redrive import DeadLetters, Redriven, Wish, redrive
from tests.world import BUCKET, CLEAN, Fault, Killed, World

ALL = Wish()


class Desk:
    """A world, and the dead letters of its first stage."""

    def __init__(self, fault: Fault | None = None) -> None:
        self.world, self.dead = World(), MemoryQueue()
        self.letters = DeadLetters(
            stage="inspect",
            inbox=fault.around(self.dead) if fault else self.dead,
            source=self.world.arrivals,
            read=partial(of_arrivals, bucket=BUCKET),
        )

    def failed(self, key: str, reason: str) -> Arrival:
        arrival = self.world.objects.put(BUCKET, key, CLEAN)
        fail_inspection(arrival, reason, self.world.ports())
        self.world.record_all()
        self.dead.send(json.dumps(encode(arrival)))
        return arrival

    def redrive(self, wish: Wish = ALL) -> Redriven:
        return redrive([self.letters], wish, self.world.ports())


def counts(found: Redriven) -> tuple[int, int, int]:
    return found.redriven, found.left, found.unreadable


def test_all_that_can_be_read_is_sent_again_and_nothing_twice() -> None:
    desk = Desk()
    for number in range(25):
        desk.failed(f"{number}.csv", "S3 was slow")
    desk.dead.send('{"Records": "poison"}')
    assert counts(desk.redrive()) == (25, 0, 1)
    assert counts(desk.redrive()) == (0, 0, 1)
    assert len(desk.world.arrivals) == 25


@pytest.mark.parametrize("by", ["key", "delivery", "as listed", "reason"])
def test_only_what_is_wanted_is_sent_again(by: str) -> None:
    desk = Desk()
    desk.failed("a.csv", "S3 was slow")
    wanted = desk.failed("b.csv", "DynamoDB throttled")
    wishes = {
        "key": Wish(names=frozenset({"b.csv"})),
        "delivery": Wish(names=frozenset({wanted.delivery_id})),
        "as listed": Wish(names=frozenset({wanted.delivery_id[:10]})),
        "reason": Wish(reason="dynamodb THROTTLED"),
    }
    found = desk.redrive(wishes[by])
    assert (counts(found), found.first[0]["key"]) == ((1, 1, 0), "b.csv")
    assert counts(desk.redrive()) == (1, 0, 0)


def test_a_name_that_is_too_short_for_an_id_names_none() -> None:
    """Three digits are the beginning of many."""
    desk = Desk()
    failed = desk.failed("a.csv", "S3 was slow")
    assert counts(desk.redrive(Wish(names=frozenset({failed.delivery_id[:3]})))) == (0, 1, 0)


def test_a_finished_delivery_that_is_sent_again_changes_nothing() -> None:
    desk = Desk()
    arrival = desk.failed("a.csv", "S3 was slow")
    desk.world.finish(arrival)
    for _ in range(3):
        desk.dead.send(json.dumps(encode(arrival)))
    assert counts(desk.redrive()) == (4, 0, 0)
    desk.world.finish(*[arrival] * 4)
    assert [delivery.state for delivery in desk.world.history("a.csv")] == ["recorded"]


@pytest.mark.parametrize(("at", "sent"), [(2, 0), (3, 1)])
def test_whoever_is_killed_in_between_loses_nothing(at: int, sent: int) -> None:
    """What was sent and not yet deleted is sent once more, which changes nothing."""
    desk = Desk(Fault(at=at, error=Killed))
    desk.failed("a.csv", "S3 was slow")
    with pytest.raises(Killed):
        desk.redrive()
    assert (len(desk.world.arrivals), len(desk.dead.receive())) == (sent, 1)


def test_what_was_kept_is_given_back_also_when_something_fails() -> None:
    desk = Desk(Fault(at=2, error=TransientError))
    desk.failed("a.csv", "S3 was slow")
    with pytest.raises(TransientError):
        desk.redrive(Wish(reason="something else"))
    assert len(desk.dead.receive()) == 1


def test_letters_of_the_second_stage_are_about_deliveries() -> None:
    desk = Desk()
    delivery = inspect_delivery(desk.world.objects.put(BUCKET, "a.csv", CLEAN), desk.world.ports())
    [message] = desk.world.inspected.receive()
    desk.dead.send(message.body)
    letters = DeadLetters(stage="record", inbox=desk.dead, source=desk.world.inspected, read=of_inspected)
    assert counts(redrive([letters], Wish(names=frozenset({delivery.delivery_id})), desk.world.ports())) == (1, 0, 0)
    assert [each.body for each in desk.world.inspected.receive()] == [to_message(delivery)]


class Returning(MemoryQueue):
    """A queue whose messages fail at once, and lie with the dead letters again."""

    def __init__(self, dead: MemoryQueue) -> None:
        super().__init__()
        self.again = dead

    def send(self, body: str, attributes: Carrier = NOTHING) -> None:
        """At most so often, that a test which goes wrong ends."""
        MemoryQueue.send(self, body, attributes)
        if len(self) < 20:
            self.again.send(body, attributes)


def test_what_fails_again_at_once_is_sent_once_and_there_for_the_next_time() -> None:
    desk = Desk()
    desk.failed("a.csv", "the table does not fit")
    desk.letters = replace(desk.letters, source=Returning(desk.dead))
    assert [counts(desk.redrive())[:2] for _ in range(2)] == [(1, 0), (1, 0)]
