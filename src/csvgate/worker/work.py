"""A stage in; its messages worked on, one after the other, until it is asked to stop, out.

As with Lambda: a message that is through is deleted, one that failed comes again by itself, and neither takes its
neighbours along.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from csvgate.errors import TransientError
from csvgate.ports.queues import Message
from csvgate.stages.counted import count_message
from csvgate.telemetry.metrics import Metrics
from csvgate.worker.hands import Hands
from csvgate.worker.stopping import Stop

# How long a call waits for a message. It cannot be interrupted, so this is also how long an idle worker takes to end.
WAIT = timedelta(seconds=5)
# The first time nobody waits: that the queue answers, and the worker is ready, is known at once.
AT_ONCE = timedelta(0)
# A message that failed waits so long, twice as long each time: what is down should be up when the last try comes.
PATIENCE = timedelta(seconds=60)
LONGEST_PATIENCE = timedelta(minutes=15)
# The same for a queue that cannot be reached.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """One of the pipeline's stages: where its messages come from, `batch` at a time, and what is done with each."""

    name: str
    hands: Hands
    step: Callable[[Message], bool]
    metrics: Metrics
    batch: int = 1
    wait: timedelta = WAIT
    patience: timedelta = PATIENCE


def work(stage: Stage, stop: Stop) -> None:
    """It was asked to stop, and nothing is in hand; PermanentError if there is no such queue, or not for us."""
    failures, wait = 0, AT_ONCE
    while not stop.is_asked():
        try:
            messages = stage.hands.take(stage.batch, wait)
        except TransientError as exc:
            failures += 1
            _unreachable(stage, exc)
            stop.wait(pause(failures))
            continue
        failures, wait = 0, stage.wait
        stage.metrics.set("csvgate_queue_up", 1, stage=stage.name)
        for message in messages:
            _worked_on(message, stage, stop)


def pause(failures: int) -> float:
    """Seconds until a queue is asked again: about twice as long each time, and not in step with other workers."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures, 10))
    return random.uniform(longest / 2, longest)  # noqa: S311  no secret


def _unreachable(stage: Stage, exc: TransientError) -> None:
    stage.metrics.set("csvgate_queue_up", 0, stage=stage.name)
    stage.metrics.add("csvgate_queue_errors_total", stage=stage.name)
    stage.hands.complain(exc)


def _worked_on(message: Message, stage: Stage, stop: Stop) -> None:
    if stop.is_asked():
        stage.hands.give_back(message)
        stage.metrics.add("csvgate_messages_total", stage=stage.name, outcome="given-back")
        return
    began = time.perf_counter()
    outcome: Literal["through", "again"] = "through"
    if stage.step(message):
        stage.hands.finish(message)
    else:
        stage.hands.give_back(message, timedelta(0) if stop.is_asked() else _delay(message, stage))
        outcome = "again"
    count_message(stage.metrics, stage.name, outcome, time.perf_counter() - began)


def _delay(message: Message, stage: Stage) -> timedelta:
    """For the first time as it is, then twice as long each time."""
    doublings = min(message.receive_count - 1, 10)
    return min(LONGEST_PATIENCE, stage.patience * (1 << doublings))
