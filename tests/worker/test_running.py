"""Several threads over the queues: they end together, in time, and with nothing in hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Event

import pytest

from csvgate.errors import PermanentError
from csvgate.memory import MemoryQueue
from csvgate.ports.queues import Message
from csvgate.telemetry.metrics import Metrics
from csvgate.worker.hands import Hands
from csvgate.worker.running import RESERVE_SECONDS, Chore, Worker
from csvgate.worker.work import Stage
from tests.world import Fault

SOON = timedelta(seconds=0.02)


def stage_over(queue: MemoryQueue, step: Callable[[Message], bool], fault: Fault | None = None) -> Stage:
    inbox = fault.around(queue) if fault else queue
    hands = Hands(inbox=inbox, hidden=timedelta(minutes=2), complain=lambda _: None)
    return Stage(name="inspect", hands=hands, step=step, metrics=Metrics(), wait=SOON)


def filled(*bodies: str) -> MemoryQueue:
    queue = MemoryQueue()
    for body in bodies:
        queue.send(body)
    return queue


def test_as_many_messages_are_worked_on_at_the_same_time_as_there_are_threads() -> None:
    queue, together = filled(*"abc"), Barrier(3, timeout=10)
    worker = Worker(stages=[stage_over(queue, lambda _: together.wait() >= 0)], concurrency=3)
    worker.chores = [Chore(name="end", seconds=0.01, step=lambda: None if len(queue) else worker.stop.ask())]
    worker.run()
    assert len(queue) == 0


def test_it_is_ready_when_its_queues_have_answered_and_until_it_stops() -> None:
    missing = list[list[str]]()

    def look(_: Message) -> bool:
        missing.append(worker.missing())
        worker.stop.ask()
        return True

    worker = Worker(stages=[stage_over(filled("a"), look)])
    assert worker.missing() == ["queue of inspect"]
    worker.run()
    assert (missing, worker.missing()) == ([[]], ["it stops"])


def test_what_it_needs_beside_its_queues_is_missing_too() -> None:
    worker = Worker(stages=[], lacking=lambda: ["postgresql"])
    assert worker.missing() == ["postgresql"]


def test_when_one_thread_cannot_go_on_all_end_and_the_reason_is_raised() -> None:
    broken = stage_over(filled(), lambda _: True, Fault(at=1, error=PermanentError))
    worker = Worker(stages=[stage_over(filled("a"), lambda _: True), broken])
    with pytest.raises(PermanentError):
        worker.run()


def test_what_hangs_is_given_back_and_does_not_keep_the_worker_from_ending() -> None:
    queue, end = filled("hangs"), Event()

    def hang(_: Message) -> bool:
        worker.stop.ask()
        return end.wait(60)

    worker = Worker(stages=[stage_over(queue, hang)], promised_seconds=RESERVE_SECONDS + 0.1)
    with pytest.raises(PermanentError, match="given back"):
        worker.run()
    assert [message.body for message in queue.receive()] == ["hangs"]
    end.set()
