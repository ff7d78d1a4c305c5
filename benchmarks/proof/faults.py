"""A pipeline with a full queue in; its queue empty, after workers were killed and the database crashed, out."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from benchmarks.proof.designs import Design
from csvgate.local.postgres import control

WORKERS = 2
# How long a worker lives from the moment at which it is at work.
SHORTEST, LONGEST = 0.1, 2.0
POLL_SECONDS = 0.25
PATIENCE_SECONDS = 600.0
ATTEMPTS = 5
Say = Callable[[str], object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Faults:
    """How often workers are killed, and after how many kills the database crashes, again and again."""

    kills: int
    kills_per_crash: int
    seed: int


@dataclass(kw_only=True, slots=True)
class Siege:
    """One pipeline under fire: as many workers as `WORKERS` at a time, until nothing is left for them to do."""

    design: Design
    faults: Faults
    server: Path
    say: Say
    killed: list[int] = field(default_factory=list)
    crashed: int = 0
    _is_over: Event = field(default_factory=Event)

    def run(self) -> None:
        """The queue is empty, and no worker is left; RuntimeError if that takes too long."""
        threads = [Thread(target=self._life, args=(number,), daemon=True) for number in range(WORKERS)]
        for thread in threads:
            thread.start()
        try:
            self._watch(time.monotonic() + PATIENCE_SECONDS)
        finally:
            self._is_over.set()
            for thread in threads:
                thread.join()

    def _watch(self, deadline: float) -> None:
        while left := self.design.left():
            if time.monotonic() > deadline:
                message = f"{self.design.name} is not through: {left} messages are left"
                raise RuntimeError(message)
            if len(self.killed) // self.faults.kills_per_crash > self.crashed:
                self.say(f"{self.design.name}: {left} messages left, {len(self.killed)} workers killed")
                control(self.server, "restart", "-m", "immediate", attempts=ATTEMPTS)
                self.crashed += 1
            time.sleep(POLL_SECONDS)

    def _life(self, number: int) -> None:
        """One worker after the other: each is killed after a while, the last ones are left in peace."""
        draw = random.Random(f"{self.faults.seed} {number}")  # noqa: S311  no secret
        for _ in range(self.faults.kills // WORKERS):
            with self._worker() as worker:
                if self._outlives(worker, draw.uniform(SHORTEST, LONGEST)):
                    worker.kill()
                    self.killed.append(worker.pid)
            if self._is_over.is_set():
                return
        while not self._is_over.is_set():
            with self._worker() as worker:
                self._outlives(worker, PATIENCE_SECONDS)

    def _outlives(self, worker: subprocess.Popen[str], seconds: float) -> bool:
        """Whether it still runs after so long; the end of all is not waited for."""
        deadline = time.monotonic() + seconds
        while worker.poll() is None and not self._is_over.is_set():
            rest = deadline - time.monotonic()
            if rest <= 0:
                return True
            self._is_over.wait(min(rest, POLL_SECONDS))
        return False

    @contextmanager
    def _worker(self) -> Iterator[subprocess.Popen[str]]:
        """A worker that is at work, or that has ended over it; it is gone afterwards."""
        worker = self.design.start()
        try:
            if worker.stderr:
                worker.stderr.readline()
            yield worker
        finally:
            worker.kill()
            worker.communicate()
