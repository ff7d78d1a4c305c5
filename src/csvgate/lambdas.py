"""What Lambda hands over in, what Lambda expects back out: decode, call the story, encode. No decision about data.

A batch of SQS is answered with those of its messages that have to come again; any other event with its receipts.
"""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from csvgate import wiring
from csvgate.allocation import collect_seldom
from csvgate.aws.events import Decoded, decode, queued
from csvgate.delivery import Delivery
from csvgate.errors import UndecodableEvent
from csvgate.pipeline.hurry import Hurry
from csvgate.pipeline.story import receipt_of
from csvgate.ports import Ports
from csvgate.ports.queues import Message
from csvgate.settings import Settings, load
from csvgate.stages.arrivals import inspect_arrival
from csvgate.stages.call import Call, say, tried
from csvgate.stages.chores import caught_up, reconciled, remark_untold, spoken, watched
from csvgate.stages.counted import count_message
from csvgate.stages.messages import decoded, inspect_message, record_message
from csvgate.telemetry.emf import EmbeddedMetrics
from csvgate.telemetry.metrics import Figures
from csvgate.telling.relay import Relay
from csvgate.upkeep.reconciliation import Order

# What is kept back of an invocation's time, to answer: a timeout would send the whole batch back, finished or not.
MARGIN = timedelta(seconds=10)
# An invocation by hand, or by the bucket itself, waits so long for whoever is working on the same delivery.
PATIENCE = timedelta(seconds=10)
# Lambda takes 6 MB as the answer of a synchronous call.
LARGEST_ANSWER = 5_000_000
LEFT_OUT: tuple[tuple[str, ...], ...] = ((), ("columns",), ("columns", "findings", "column_names"))

Event = Mapping[str, Any]
Answer = dict[str, Any]


def on_arrival(event: Event, context: object = None) -> Answer:
    """The handler of the inspect stage."""
    with _counted(context) as call:
        return answer_arrivals(event, call)


def on_inspected(event: Event, context: object = None) -> Answer:
    """The handler of the record stage."""
    with _counted(context) as call:
        _remark(call.function)
        return answer_inspected(event, call)


def on_schedule(event: Event, context: object = None) -> Answer:
    """The handler of what is done from time to time: what the catalog has not heard of, and word that is left.

    With `reconcile`, the whole comparison, of keys that begin with `prefix`, or else as the settings say; with
    `migrate` no more than that the database is as this version needs it, for databases that nobody else reaches.
    """
    settings = _wired().settings
    if event.get("migrate"):
        return {"migrated": list(wiring.migrate(settings))}
    with _counted(context) as call:
        relay = spoken(_wired().relay, call)
        answer: Answer = {"replayed": caught_up(call), "notices": dict(relay.sweep())}
        tried(lambda: watched(relay, call), call)
        if event.get("reconcile"):
            order = Order(bucket=settings.bucket, key_prefix=event.get("prefix", settings.key_prefix))
            answer["reconciled"] = reconciled(order, call, wiring.enqueue(settings))
        return answer


def answer_arrivals(event: Event, call: Call) -> Answer:
    """Every arrival is inspected or will come again; the answer says which, or is their receipts."""
    messages = queued(event)
    if messages is None:
        return _receipts(decode(event), call)
    return _failures(messages, inspect_message, replace(call, stage="inspect"))


def answer_inspected(event: Event, call: Call) -> Answer:
    """Every delivery is recorded or will come again; the answer says which."""
    messages = queued(event)
    if messages is None:
        problem = "the event is no batch of SQS"
        raise UndecodableEvent(problem)
    return _failures(messages, record_message, replace(call, stage="record"))


def _failures(messages: Sequence[Message], step: Callable[[Message, Call], bool], call: Call) -> Answer:
    failed = [message.message_id for message in messages if not _timed(step, message, call)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _timed(step: Callable[[Message, Call], bool], message: Message, call: Call) -> bool:
    began = time.perf_counter()
    is_through = step(message, call)
    count_message(call.figures, call.stage or "", "through" if is_through else "again", time.perf_counter() - began)
    return is_through


def _receipts(found: Sequence[Decoded], call: Call) -> Answer:
    """The receipts of all arrivals; or the first error, when all were tried, so that the caller tries again."""
    # Nobody counts these calls, so each may be the last; `failed` is no end, and a retry finishes it.
    hurry = Hurry(patience=PATIENCE, deadline=call.deadline)
    answers = [inspect_arrival(arrival, call, hurry, is_last=True) for arrival in decoded(found, call)]
    for problem in (*answers, *found):
        if isinstance(problem, Exception):
            raise problem
    return _fitting([receipt_of(answer, call.ports.objects) for answer in answers if isinstance(answer, Delivery)])


def _fitting(receipts: Sequence[Answer]) -> Answer:
    """The receipts as an answer that Lambda takes; of very wide files without the widest parts, which it says."""
    text = b""
    for names in LEFT_OUT:
        said = {"left_out": list(names)} if names else {}
        kept = [{name: part for name, part in receipt.items() if name not in names} | said for receipt in receipts]
        # Bytes that are no text in the file's encoding may be half a surrogate here, which no UTF-8 can say.
        text = json.dumps({"receipts": kept}, ensure_ascii=False).encode("utf-8", "replace")
        if len(text) <= LARGEST_ANSWER:
            break
    answer: Answer = json.loads(text)
    return answer


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wired:
    """What one container has, for all calls."""

    settings: Settings
    ports: Ports
    relay: Relay


@functools.cache
def _wired() -> _Wired:
    collect_seldom()
    settings = wiring.complete(load())
    return _Wired(settings=settings, ports=wiring.ports(settings), relay=wiring.relay(settings))


@contextmanager
def _counted(context: object) -> Iterator[Call]:
    """A call whose figures are in the log when it ends, however it ends, and whose trace is told by then."""
    figures = EmbeddedMetrics(bucket=_wired().settings.bucket)
    call = _call(context, figures)
    try:
        yield call
    finally:
        for line in figures.lines(call.ports.clock()):
            say(line)
        call.ports.tracer.flush()


def _call(context: object, figures: Figures) -> Call:
    wired = _wired()
    call = Call(
        ports=wired.ports,
        figures=figures,
        max_receive_count=wired.settings.max_receive_count,
        function=getattr(context, "function_name", ""),
        request_id=getattr(context, "aws_request_id", ""),
        deadline=_deadline(context, wired.ports.clock()),
        dead=wiring.recorder_dead(wired.settings),
    )
    return replace(call, tell=spoken(wired.relay, call).tell)


@functools.cache
def _remark(function: str) -> None:
    """The log says once in a container whom it cannot tell."""
    wired = _wired()
    audience = wiring.audience(wired.settings, wired.ports.feeds)
    remark_untold(audience, wired.relay, Call(ports=wired.ports, function=function))


def _deadline(context: object, now: datetime) -> datetime | None:
    """When to stop; of a short invocation no more is kept back than a fifth."""
    remaining: Callable[[], int] | None = getattr(context, "get_remaining_time_in_millis", None)
    if remaining is None:
        return None
    left = timedelta(milliseconds=remaining())
    return now + left - min(MARGIN, left / 5)
