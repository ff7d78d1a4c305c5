"""Settings in; the stages of a worker over the queues that they name, with heartbeat, figures and log, out."""

from __future__ import annotations

import socket
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import get_args

from csvgate import wiring
from csvgate.aws.events import Decoded, decode_text
from csvgate.aws.keys import named
from csvgate.delivery import Arrival
from csvgate.errors import CsvgateError, TransientError
from csvgate.ports.objects import ObjectStore
from csvgate.ports.queues import Inbox, Message
from csvgate.settings import Settings
from csvgate.stages.call import Call, Duty, log_error, tried
from csvgate.stages.chores import caught_up, reconciled, remark_untold, spoken, watched
from csvgate.stages.counted import count_from_zero
from csvgate.stages.messages import inspect_message, record_message
from csvgate.telemetry.metrics import Metrics
from csvgate.telling.relay import Relay
from csvgate.upkeep.reconciliation import Order
from csvgate.worker.hands import Hands
from csvgate.worker.running import Chore, Worker
from csvgate.worker.stopping import Stop
from csvgate.worker.stores import Stores, probes
from csvgate.worker.work import Stage

DUTIES: tuple[Duty, ...] = get_args(Duty)
STEPS: dict[Duty, Callable[[Message, Call], bool]] = {"inspect": inspect_message, "record": record_message}
# Reading a file takes a while; a record is one small transaction.
BATCH: dict[Duty, int] = {"inspect": 1, "record": 10}
# A message stays hidden for longer than the claim on its delivery holds: who finds it then finds the delivery free.
HIDDEN_PER_LEASE = 4 / 3
BEATS_PER_HIDING = 3
SWEEP_SECONDS = 60.0
LOOK_SECONDS = 15.0
LOOKOUT_SECONDS = 300.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Crew:
    """How many threads do what; `stop` ends it, `metrics` tell of it."""

    duties: Sequence[Duty] = DUTIES
    concurrency: int = 1
    stop: Stop = field(default_factory=Stop)
    metrics: Metrics = field(default_factory=Metrics)


def call_of(settings: Settings, crew: Crew) -> Call:
    """What the stages work with; its function is this machine's name, by which logs may be told apart."""
    ports = wiring.ports(settings)
    return Call(
        ports=ports,
        max_receive_count=settings.max_receive_count,
        function=f"worker@{socket.gethostname()}",
        halted=crew.stop.is_over,
        decode=partial(decode_or_find, bucket=settings.bucket, objects=ports.objects),
        dead=wiring.recorder_dead(settings),
        figures=crew.metrics,
    )


def gather(settings: Settings, crew: Crew) -> Worker:
    """A worker that is ready to run; nothing was called yet."""
    relay = wiring.relay(settings)
    call, inboxes = call_of(settings, crew), wiring.inboxes(settings)
    if "record" in crew.duties:
        remark_untold(wiring.audience(settings, call.ports.feeds), relay, call)
    call = replace(call, tell=spoken(relay, call).tell)
    made = [stage_of(duty, inboxes[duty], call, crew.metrics) for duty in crew.duties]
    stages = [replace(stage, patience=timedelta(seconds=settings.retry_seconds)) for stage in made]
    chores, stores = [heartbeat(stage, call) for stage in stages], stores_of(crew, call)
    chores += [Chore(name="stores", seconds=LOOK_SECONDS, step=lambda: tried(stores.look, call)), *sweeps(relay, call)]
    chores += [*upkeep(call, settings), lookout(relay, call)] if "record" in crew.duties else []
    return Worker(stages=stages, chores=chores, concurrency=crew.concurrency, lacking=stores.lacking, stop=crew.stop)


def stores_of(crew: Crew, call: Call) -> Stores:
    """What the crew needs beside its queues; whoever only inspects needs no sink."""
    return Stores(
        probes=probes(call.ports, with_sinks="record" in crew.duties),
        metrics=crew.metrics,
        complain=lambda exc: log_error(call, exc, time.perf_counter(), {}),
    )


def stage_of(duty: Duty, inbox: Inbox, call: Call, metrics: Metrics) -> Stage:
    """The stage over its queue; each message by an owner of its own, which its claim and its log lines name."""
    count_from_zero(metrics, duty)
    return Stage(
        name=duty,
        hands=Hands(
            inbox=inbox,
            hidden=call.ports.lease * HIDDEN_PER_LEASE,
            complain=lambda exc: _complain(exc, duty, call),
        ),
        step=lambda message: STEPS[duty](message, _anew(call)),
        metrics=metrics,
        batch=BATCH[duty],
    )


def beat_seconds(stage: Stage) -> float:
    """How often to say that we are still at it; two heartbeats may be lost."""
    return stage.hands.hidden.total_seconds() / BEATS_PER_HIDING


def heartbeat(stage: Stage, call: Call) -> Chore:
    """All that is held stays hidden; whatever goes wrong once, the next beat comes."""
    return Chore(name="heartbeat", seconds=beat_seconds(stage), step=lambda: tried(stage.hands.beat, call))


def sweeps(relay: Relay, call: Call) -> list[Chore]:
    """From time to time the word that is left is passed on, if there is anybody to tell."""
    sweep = spoken(relay, call).sweep
    return [Chore(name="sweep", seconds=SWEEP_SECONDS, step=lambda: tried(sweep, call))] if relay.notifiers else []


def lookout(relay: Relay, call: Call) -> Chore:
    """From time to time it is looked what waits to be told, and which feeds are silent."""
    return Chore(name="lookout", seconds=LOOKOUT_SECONDS, step=lambda: tried(lambda: watched(relay, call), call))


def upkeep(call: Call, settings: Settings) -> list[Chore]:
    """What sinks did is heard by the catalog; and where it is wished for, all is compared from time to time."""

    def compare() -> object:
        order = Order(bucket=settings.bucket, key_prefix=settings.key_prefix)
        return reconciled(order, call, wiring.enqueue(settings))

    chores = [Chore(name="replay", seconds=SWEEP_SECONDS, step=lambda: tried(lambda: caught_up(call), call))]
    if settings.reconcile_seconds:
        each = float(settings.reconcile_seconds)
        chores += [Chore(name="reconcile", seconds=each, step=lambda: tried(compare, call))]
    return chores if call.ports.load_outboxes else chores[1:]


def figures(worker: Worker, metrics: Metrics) -> str:
    """The metrics as they are now."""
    for stage in worker.stages:
        metrics.set("csvgate_messages_in_hand", len(stage.hands.held()), stage=stage.name)
    return metrics.text()


def decode_or_find(text: str, bucket: str, objects: ObjectStore) -> list[Decoded]:
    """The arrivals of an event; or of a message that names an object, if there is such an object.

    An upload service may speak before its upload is complete: then the message has to come again.
    """
    place = named(text, bucket)
    if place is None:
        return decode_text(text)
    if objects.find(*place) is None:
        problem = "the message names an object that is not there"
        raise TransientError(problem)
    return [Arrival(bucket=place[0], key=place[1])]


def _anew(call: Call) -> Call:
    name = uuid.uuid4().hex
    return replace(call, request_id=name, ports=replace(call.ports, owner=name))


def _complain(exc: CsvgateError, duty: Duty, call: Call) -> None:
    log_error(call, exc, time.perf_counter(), {"stage": duty})
