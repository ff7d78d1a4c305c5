"""What is worked on stays hidden from others, and only then."""

from __future__ import annotations

from datetime import timedelta

from csvgate.errors import CsvgateError, TransientError
from csvgate.memory import MemoryQueue
from csvgate.worker.hands import Hands
from tests.world import Fault, World

HIDDEN, NOT_AT_ALL = timedelta(seconds=120), timedelta(0)


def hands_over(queue: MemoryQueue, complaints: list[CsvgateError] | None = None, fault: Fault | None = None) -> Hands:
    inbox = fault.around(queue) if fault else queue
    return Hands(inbox=inbox, hidden=HIDDEN, complain=([] if complaints is None else complaints).append)


def test_a_message_stays_ours_as_long_as_the_heart_beats() -> None:
    world = World()
    queue = MemoryQueue(clock=lambda: world.now)
    queue.send("a")
    hands = hands_over(queue)
    hands.take(1, NOT_AT_ALL)
    for _ in range(10):
        world.tick(HIDDEN * 0.9)
        hands.beat()
        assert queue.receive() == ()
    world.tick(HIDDEN)
    assert [message.receive_count for message in queue.receive()] == [2]


def test_what_is_finished_or_given_back_is_no_longer_held() -> None:
    queue = MemoryQueue()
    for body in "ab":
        queue.send(body)
    hands = hands_over(queue)
    first, second = hands.take(10, NOT_AT_ALL)
    hands.finish(first)
    hands.give_back(second)
    assert hands.held() == ()
    assert [message.body for message in queue.receive()] == ["b"]


def test_all_that_is_held_can_be_given_back_at_once() -> None:
    queue = MemoryQueue()
    for body in "abc":
        queue.send(body)
    hands = hands_over(queue)
    hands.take(10, NOT_AT_ALL)
    hands.drop_all()
    assert len(queue.receive()) == 3


def test_a_queue_that_cannot_be_told_is_complained_of_and_no_failure_of_the_work() -> None:
    queue, complaints = MemoryQueue(), list[CsvgateError]()
    queue.send("a")
    hands = hands_over(queue, complaints, Fault(at=2, error=TransientError))
    [message] = hands.take(1, NOT_AT_ALL)
    hands.finish(message)
    assert [type(problem) for problem in complaints] == [TransientError]
    assert hands.held() == ()
