"""Stages and chores in; threads that do them until it is time to stop, and nothing left in hand, out."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread

from csvgate.errors import CsvgateError, PermanentError
from csvgate.worker.stopping import PROMISED_SECONDS, Stop
from csvgate.worker.work import Stage, work

# What is kept back of the promise, to give back what a thread that hangs has in hand.
RESERVE_SECONDS = 3.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Chore:
    """Something to be done at once and then every so many seconds, beside the stages."""

    name: str
    seconds: float
    step: Callable[[], object]


@dataclass(kw_only=True, slots=True)
class Worker:
    """Each stage by `concurrency` threads, each chore by one; all end when one does, or when they are asked to.

    `lacking` tells what it needs beside the queues, and does not answer.
    """

    stages: Sequence[Stage]
    chores: Sequence[Chore] = ()
    concurrency: int = 1
    lacking: Callable[[], Sequence[str]] = tuple
    stop: Stop = field(default_factory=Stop)
    promised_seconds: float = PROMISED_SECONDS
    _ended: list[CsvgateError | None] = field(default_factory=list)
    _done: Event = field(default_factory=Event)

    def run(self) -> None:
        """It was asked to stop, and nothing is in hand any more; what a thread ended from is raised."""
        threads = [self._thread(self._labour, stage) for stage in self.stages for _ in range(self.concurrency)]
        for chore in self.chores:
            self._thread(self._routine, chore)
        while not self.stop.wait(1):
            pass
        self._join(threads)
        for stage in self.stages:
            stage.hands.drop_all()
        self._done.set()
        self._raise(len(threads))

    def missing(self) -> list[str]:
        """What it would need to work, by name: every queue and store has to have answered when it was last asked."""
        if self.stop.is_asked():
            return ["it stops"]
        up = {name: value for stage in self.stages for name, value in stage.metrics.values("csvgate_queue_up").items()}
        silent = [f"queue of {stage.name}" for stage in self.stages if up.get((("stage", stage.name),)) != 1]
        return [*silent, *self.lacking()]

    def _thread(self, task: Callable[..., None], what: Stage | Chore) -> Thread:
        # A thread that hangs in a call does not keep the process from ending.
        thread = Thread(target=task, args=(what,), name=what.name, daemon=True)
        thread.start()
        return thread

    def _labour(self, stage: Stage) -> None:
        try:
            work(stage, self.stop)
            self._ended.append(None)
        except CsvgateError as exc:
            self._ended.append(exc)
        finally:
            self.stop.ask()

    def _routine(self, chore: Chore) -> None:
        while True:
            chore.step()
            if self._done.wait(chore.seconds):
                return

    def _join(self, threads: Sequence[Thread]) -> None:
        until = time.monotonic() + self.promised_seconds - RESERVE_SECONDS
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _raise(self, expected: int) -> None:
        for problem in self._ended:
            if problem:
                raise problem
        if len(self._ended) < expected:
            message = "a thread did not end in time; what it had in hand was given back"
            raise PermanentError(message)
