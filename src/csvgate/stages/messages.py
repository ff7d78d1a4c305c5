"""A message of either stage in; whether it is through out: decode, call the story, tell what became of it.

What Lambda and the worker have in common.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from csvgate.aws.events import Decoded
from csvgate.delivery import Arrival, Delivery
from csvgate.delivery_json import from_message
from csvgate.errors import PermanentError, UndecodableEvent
from csvgate.pipeline.hurry import Hurry
from csvgate.pipeline.story import (
    fail_recording,
    record_delivery,
)
from csvgate.ports.queues import Message
from csvgate.stages.arrivals import UNDECIDED, delivered, inspect_arrival
from csvgate.stages.call import Call, log_error, names_of, told, tried
from csvgate.telemetry.tracing import TRACEPARENT


def inspect_message(message: Message, call: Call) -> bool:
    """Whether all arrivals of the message are through; it may hold several, and each is tried."""
    call = replace(call, stage="inspect")
    return _counted(_inspected(message, call), message, call)


def record_message(message: Message, call: Call) -> bool:
    """Whether the delivery is recorded; what would fail again is recorded as failed, and is a dead letter at once."""
    call = replace(call, stage="record")
    with call.ports.tracer.span("record", "consumer", parent=message.attributes):
        return _counted(_recorded(message, call), message, call)


def _counted(is_through: bool, message: Message, call: Call) -> bool:  # noqa: FBT001  the answer itself
    if not is_through and message.receive_count >= call.max_receive_count:
        call.figures.add("csvgate_dead_letters_total", stage=call.stage or "")
    return is_through


def _inspected(message: Message, call: Call) -> bool:
    found = tried(lambda: call.decode(message.body), call, message_id=message.message_id)
    if isinstance(found, Exception):
        return False
    arrivals = decoded(found, call, message_id=message.message_id)
    is_last = message.receive_count >= call.max_receive_count
    hurry = Hurry(deadline=call.deadline, halted=call.halted)
    along = message.attributes
    answers = [inspect_arrival(arrival, call, hurry, is_last=is_last, along=along) for arrival in arrivals]
    return len(arrivals) == len(found) and not any(isinstance(answer, Exception) for answer in answers)


def _recorded(message: Message, call: Call) -> bool:
    delivery = tried(lambda: from_message(message.body), call, message_id=message.message_id)
    if isinstance(delivery, Exception):
        call.ports.tracer.note(error=type(delivery).__name__)
        return False
    hurry = Hurry(deadline=call.deadline, halted=call.halted)
    stamp = call.ports.tracer.carrier().get(TRACEPARENT)
    delivery = replace(delivery, traceparent=stamp or delivery.traceparent)
    answer = delivered(call.in_time(lambda: record_delivery(delivery, call.ports, hurry)), delivery.arrival, call)
    is_through = isinstance(answer, Delivery)
    if isinstance(answer, Exception) and _is_hopeless(answer, message, call):
        reason, error = told(answer), answer
        answer = delivered(lambda: fail_recording(delivery, reason, call.ports), delivery.arrival, call)
        is_through = isinstance(answer, Delivery) and isinstance(error, PermanentError) and _buried(message, call)
    if isinstance(answer, Delivery):
        # Best effort: what is not told now stays in the outbox, and a sweep tells it.
        tried(lambda: call.tell(delivery.delivery_id), call, **names_of(delivery.arrival))
    return is_through


def _is_hopeless(problem: Exception, message: Message, call: Call) -> bool:
    """The same would happen again, or has happened so often that the queue brings the message no more."""
    is_last = message.receive_count >= call.max_receive_count
    return isinstance(problem, PermanentError) or (is_last and not isinstance(problem, UNDECIDED))


def _buried(message: Message, call: Call) -> bool:
    """Whether the message is where csvgate redrive finds it; if not, it comes again until the queue puts it there."""
    dead = call.dead
    if dead is None or isinstance(tried(lambda: dead.send(message.body, message.attributes), call), Exception):
        return False
    call.figures.add("csvgate_dead_letters_total", stage="record")
    return True


def decoded(found: Sequence[Decoded], call: Call, **names: str) -> list[Arrival]:
    """The arrivals; what could not be decoded is in the log."""
    for problem in found:
        if isinstance(problem, UndecodableEvent):
            log_error(call, problem, time.perf_counter(), names)
    return [arrival for arrival in found if isinstance(arrival, Arrival)]
