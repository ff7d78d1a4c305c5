"""Settings in; the queues and the dead letters behind them, out."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Literal

from csvgate.delivery import Arrival
from csvgate.ports.queues import Inbox, Queue
from csvgate.settings import Settings
from csvgate.telemetry.tracing import Stamped
from csvgate.wiring.place import where
from csvgate.wiring.tracing import tracer

if TYPE_CHECKING:
    from csvgate.upkeep.redrive import DeadLetters


def enqueue(settings: Settings) -> Callable[[Arrival], None]:
    """Puts an arrival on the arrivals queue, as the event that S3 would send, with the trace of whoever does it."""
    from csvgate.aws.client import client
    from csvgate.aws.events import encode
    from csvgate.aws.sqs import SqsQueue

    arrivals = SqsQueue(client("sqs", **where(settings)), settings.arrivals_queue_url)
    queue = Stamped(queue=arrivals, tracer=tracer(settings))
    return lambda arrival: queue.send(json.dumps(encode(arrival)))


def dead_letters(settings: Settings) -> tuple[DeadLetters, ...]:
    """Where messages are that failed too often, as far as the settings name it."""
    from csvgate.aws.client import client
    from csvgate.aws.letters import of_arrivals, of_inspected
    from csvgate.aws.sqs import SqsQueue
    from csvgate.upkeep.redrive import DeadLetters

    sqs = client("sqs", **where(settings))

    stages = (
        (
            "inspect",
            settings.arrivals_dead_url,
            settings.arrivals_queue_url,
            partial(of_arrivals, bucket=settings.bucket),
        ),
        ("record", settings.inspected_dead_url, settings.inspected_queue_url, of_inspected),
    )
    return tuple(
        DeadLetters(stage=stage, inbox=SqsQueue(sqs, dead_url), source=SqsQueue(sqs, url), read=read)
        for stage, dead_url, url, read in stages
        if dead_url
    )


def recorder_dead(settings: Settings) -> Queue | None:
    """Where messages of the record stage go that would fail again, if the settings name it."""
    from csvgate.aws.client import client
    from csvgate.aws.sqs import SqsQueue

    url = settings.inspected_dead_url
    return SqsQueue(client("sqs", **where(settings)), url) if url else None


def inboxes(settings: Settings) -> dict[Literal["inspect", "record"], Inbox]:
    """Where each stage's messages come from."""
    from csvgate.aws.client import client
    from csvgate.aws.sqs import SqsQueue

    sqs = client("sqs", **where(settings))
    return {
        "inspect": SqsQueue(sqs, settings.arrivals_queue_url),
        "record": SqsQueue(sqs, settings.inspected_queue_url),
    }
