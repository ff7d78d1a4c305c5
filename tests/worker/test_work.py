"""One thread over one queue: what is through is deleted, what failed comes again, and a stop leaves nothing in hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from csvgate.errors import CsvgateError, PermanentError, TransientError
from csvgate.memory import MemoryQueue
from csvgate.ports.queues import Inbox, Message
from csvgate.telemetry.metrics import Metrics
from csvgate.worker.hands import Hands
from csvgate.worker.stopping import Stop
from csvgate.worker.work import LONGEST_PAUSE, Stage, pause, work
from tests.world import Fault, World

PATIENCE, NOT_AT_ALL = timedelta(seconds=60), timedelta(0)


class UntilEmpty:
    """An inbox that asks for a stop when nothing comes any more."""

    def __init__(self, inbox: Inbox, bench: Bench) -> None:
        self._inbox, self._bench = inbox, bench
        self.hide, self.delete = inbox.hide, inbox.delete

    def receive(self, *, limit: int, wait: timedelta, hidden: timedelta) -> tuple[Message, ...]:
        messages = tuple(self._inbox.receive(limit=limit, wait=wait, hidden=hidden))
        if not messages:
            self._bench.stop.ask()
        return messages


class Bench:
    """A queue with a clock, and a stage over it."""

    def __init__(self, step: Callable[[Message], bool], *bodies: str, fault: Fault | None = None) -> None:
        self.world, self.stop, self.complaints = World(), Stop(), list[CsvgateError]()
        self.queue = MemoryQueue(clock=lambda: self.world.now)
        for body in bodies:
            self.queue.send(body)
        inbox = UntilEmpty(fault.around(self.queue) if fault else self.queue, self)
        hands = Hands(inbox=inbox, hidden=PATIENCE * 2, complain=self.complaints.append)
        common = {"name": "inspect", "wait": NOT_AT_ALL, "patience": PATIENCE}
        self.stage = Stage(hands=hands, step=step, metrics=Metrics(), batch=2, **common)  # type: ignore[arg-type]

    def work(self) -> None:
        """Until the queue is empty."""
        work(self.stage, self.stop)

    def work_again(self) -> None:
        self.stop = Stop()
        self.work()

    def stopped(self, *, is_through: bool) -> bool:
        """What a step may do: it is interrupted by a signal."""
        self.stop.ask()
        return is_through

    def outcomes(self) -> dict[str, float]:
        counted = self.stage.metrics.values("csvgate_messages_total")
        return {dict(labels)["outcome"]: count for labels, count in counted.items()}


def test_what_is_through_is_deleted_and_what_failed_comes_again_after_a_while() -> None:
    bench = Bench(lambda message: message.body != "poison", "a", "poison", "b")
    bench.work()
    assert bench.outcomes() == {"through": 2, "again": 1}
    assert bench.queue.receive() == ()
    bench.world.tick(PATIENCE)
    assert [(message.body, message.receive_count) for message in bench.queue.receive()] == [("poison", 2)]


def test_a_message_that_fails_waits_twice_as_long_each_time() -> None:
    bench = Bench(lambda _: False, "poison")
    for doublings in range(4):
        bench.work_again()
        bench.world.tick(PATIENCE * (1 << doublings) - timedelta(seconds=1))
        assert bench.queue.receive() == ()
        bench.world.tick(timedelta(seconds=1))


def test_after_the_last_receive_it_is_dead() -> None:
    bench = Bench(lambda _: False, "poison")
    for _ in range(5):
        bench.work_again()
        bench.world.tick(timedelta(hours=1))
    assert len(bench.queue) == 0
    assert [message.receive_count for message in bench.queue.dead] == [5]


def test_what_was_not_begun_when_the_stop_came_is_given_back_at_once() -> None:
    bench = Bench(lambda _: bench.stopped(is_through=True), "a", "b")
    bench.work()
    assert bench.outcomes() == {"through": 1, "given-back": 1}
    assert [message.body for message in bench.queue.receive()] == ["b"]


def test_what_could_not_be_finished_when_the_stop_came_is_given_back_at_once() -> None:
    bench = Bench(lambda _: bench.stopped(is_through=False), "a")
    bench.work()
    assert [message.body for message in bench.queue.receive()] == ["a"]


def test_a_queue_that_cannot_be_reached_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(lambda _: True, "a", fault=Fault(at=1, error=TransientError))
    monkeypatch.setattr("csvgate.worker.work.pause", lambda _: 0)
    bench.work()
    assert ([type(problem) for problem in bench.complaints], bench.outcomes()) == ([TransientError], {"through": 1})
    assert bench.stage.metrics.values("csvgate_queue_up") == {(("stage", "inspect"),): 1}


def test_a_queue_that_is_not_there_ends_the_work() -> None:
    with pytest.raises(PermanentError):
        Bench(lambda _: True, "a", fault=Fault(at=1, error=PermanentError)).work()


def test_pauses_grow_and_have_an_end() -> None:
    assert all(pause(1) < 1.01 and LONGEST_PAUSE / 2 <= pause(number) <= LONGEST_PAUSE for number in (7, 1_000))


def test_that_an_idle_queue_answers_is_known_at_once() -> None:
    """So a worker is ready before its first long wait."""
    bench, waits = Bench(lambda _: True, "a"), list[timedelta]()
    receive = bench.stage.hands.inbox.receive

    def watched(*, limit: int, wait: timedelta, hidden: timedelta) -> Sequence[Message]:
        waits.append(wait)
        return receive(limit=limit, wait=NOT_AT_ALL, hidden=hidden)

    bench.stage.hands.inbox.receive = watched  # type: ignore[method-assign]
    work(replace(bench.stage, wait=PATIENCE), bench.stop)
    assert waits == [NOT_AT_ALL, PATIENCE]
