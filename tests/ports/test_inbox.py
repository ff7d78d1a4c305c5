"""What every Inbox promises."""

from __future__ import annotations

from datetime import timedelta

import pytest

from csvgate.aws.client import client
from csvgate.aws.sqs import SqsQueue
from csvgate.local.emulator import Emulator
from csvgate.memory import MemoryQueue
from csvgate.ports.queues import Message
from tests.aws.provision import unique, where

NOT_AT_ALL, LONG = timedelta(0), timedelta(minutes=5)


@pytest.fixture(params=["memory", "sqs"])
def queue(request: pytest.FixtureRequest) -> MemoryQueue | SqsQueue:
    """An empty queue of each kind."""
    if request.param == "memory":
        return MemoryQueue()
    emulator: Emulator = request.getfixturevalue("emulator")
    sqs = client("sqs", **where(emulator.endpoint_url))
    return SqsQueue(sqs, sqs.create_queue(QueueName=unique("queue"))["QueueUrl"])


def taken(queue: MemoryQueue | SqsQueue) -> list[Message]:
    return [*queue.receive(limit=10, wait=NOT_AT_ALL, hidden=LONG)]


def test_what_one_received_is_hidden_from_others(queue: MemoryQueue | SqsQueue) -> None:
    queue.send("a")
    assert [message.body for message in taken(queue)] == ["a"]
    assert taken(queue) == []


def test_what_is_given_back_comes_again_and_is_counted(queue: MemoryQueue | SqsQueue) -> None:
    queue.send("a")
    [message] = taken(queue)
    queue.hide(message, NOT_AT_ALL)
    [again] = taken(queue)
    assert (message.receive_count, again.receive_count) == (1, 2)
    assert again.message_id == message.message_id


def test_what_is_deleted_does_not_come_again(queue: MemoryQueue | SqsQueue) -> None:
    queue.send("a")
    [message] = taken(queue)
    queue.delete(message)
    queue.hide(message, NOT_AT_ALL)
    assert taken(queue) == []


def test_a_message_that_somebody_else_has_now_is_no_longer_ours(queue: MemoryQueue | SqsQueue) -> None:
    """Saying so is no error: the work was done once, whoever deletes the message."""
    queue.send("a")
    [ours] = taken(queue)
    queue.hide(ours, NOT_AT_ALL)
    [theirs] = taken(queue)
    queue.delete(ours)
    queue.hide(theirs, NOT_AT_ALL)
    assert [message.body for message in taken(queue)] == ["a"]


def test_no_more_than_asked_for_are_received(queue: MemoryQueue | SqsQueue) -> None:
    for body in "abc":
        queue.send(body)
    received = queue.receive(limit=2, wait=NOT_AT_ALL, hidden=LONG)
    assert len(received) == 2
    assert len(taken(queue)) == 1


def test_what_tells_of_a_trace_comes_along(queue: MemoryQueue | SqsQueue) -> None:
    """Also what X-Ray says, which SQS has a place of its own for."""
    along = {
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "AWSTraceHeader": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
    }
    queue.send("a", along)
    queue.send("b")
    assert {message.body: dict(message.attributes) for message in taken(queue)} == {"a": along, "b": {}}
