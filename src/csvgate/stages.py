"""A message of either stage in; whether it is through out: decode, call the story, tell what became of it.

What Lambda and the worker have in common.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from csvgate.aws.events import Decoded
from csvgate.call import Call, log, log_error, names_of, told, tried
from csvgate.counted import count_delivery, count_notice, count_outbox, count_reconciliation, count_silences
from csvgate.delivery import Arrival, Delivery
from csvgate.delivery_json import from_message
from csvgate.errors import CsvgateError, DeliveryBusy, NotBegun, PermanentError, UndecodableEvent
from csvgate.hurry import Hurry
from csvgate.notices import Audience, Notice
from csvgate.pipeline import (
    fail_inspection,
    fail_recording,
    identify,
    inspect_delivery,
    record_delivery,
)
from csvgate.ports import Message
from csvgate.reconcile import reconcile
from csvgate.reconciliation import Order
from csvgate.relay import Outcome, Relay
from csvgate.replay import GRACE, replay
from csvgate.silence import recent
from csvgate.telemetry.tracing import NOTHING, TRACEPARENT, Carrier, Stamped

# Another worker will say what became of it; or nobody has tried yet. Neither is a failure of the delivery.
UNDECIDED = (DeliveryBusy, NotBegun)


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
    answer = _delivered(call.in_time(lambda: record_delivery(delivery, call.ports, hurry)), delivery.arrival, call)
    is_through = isinstance(answer, Delivery)
    if isinstance(answer, Exception) and _is_hopeless(answer, message, call):
        reason, error = told(answer), answer
        answer = _delivered(lambda: fail_recording(delivery, reason, call.ports), delivery.arrival, call)
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


def caught_up(call: Call, grace: timedelta = GRACE) -> int:
    """The catalog says what sinks did and it had not heard of; how many deliveries those are, each is in the log."""

    def watch(done: Delivery, problem: CsvgateError | None) -> None:
        if problem:
            log_error(call, problem, time.perf_counter(), names_of(done.arrival))
            return
        count_delivery(done, call.figures, "replay", call.ports.clock())
        _log_delivery(done, call, time.perf_counter(), replayed=True)

    return replay(call.ports, watch, grace)


def reconciled(order: Order, call: Call, enqueue: Callable[[Arrival], None]) -> dict[str, object]:
    """Bucket, sinks and catalog are compared, and the counts are in the log: a warning where they differ."""
    began = time.perf_counter()
    found = reconcile(order, call.ports, enqueue)
    count_reconciliation(found, call.figures)
    counts = {name: value["count"] if isinstance(value, dict) else value for name, value in found.to_json().items()}
    level = "info" if found.agrees else "warning"
    log(call, level, "bucket, sinks and catalog compared", began, {"reconciled": counts})
    return counts


def watched(relay: Relay, call: Call) -> None:
    """What waits to be told and which feeds are silent is counted; who is silent too long is in the log."""
    count_outbox(relay.outbox, call.figures, call.ports.clock())
    silences = recent(call.ports)
    count_silences(silences, call.figures)
    for silence in silences:
        if silence.is_overdue:
            log(call, "warning", "no file came of a feed", time.perf_counter(), silence.to_json())


def spoken(relay: Relay, call: Call) -> Relay:
    """The relay, with each notice counted, and a line in the log for each that could not be passed on."""

    def watch(notice: Notice, outcome: Outcome, problem: CsvgateError | None) -> None:
        relay.watch(notice, outcome, problem)
        count_notice(notice, outcome, call.figures)
        if problem:
            level = "error" if outcome == "given-up" else "warning"
            facts = {"notice": notice.dedup_id, "channel": notice.channel, "outcome": outcome, "reason": str(problem)}
            log(call, level, "a notice was not passed on", time.perf_counter(), facts)

    return replace(relay, watch=watch)


def remark_untold(audience: Audience, relay: Relay, call: Call) -> None:
    """The log has a line for each channel that somebody is to be told by, and this process cannot."""
    for kind in sorted(audience.kinds() - relay.notifiers.keys()):
        reason = "a feed names it, and no setting here does: its notices wait in the outbox for a process that has it"
        log(call, "warning", "nobody here can tell it", time.perf_counter(), {"channel": kind, "reason": reason})


def decoded(found: Sequence[Decoded], call: Call, **names: str) -> list[Arrival]:
    """The arrivals; what could not be decoded is in the log."""
    for problem in found:
        if isinstance(problem, UndecodableEvent):
            log_error(call, problem, time.perf_counter(), names)
    return [arrival for arrival in found if isinstance(arrival, Arrival)]


def inspect_arrival(
    arrival: Arrival, call: Call, hurry: Hurry, *, is_last: bool, along: Carrier = NOTHING
) -> Delivery | Exception:
    """What became of the arrival; the next stage hears of it, and of the trace that came along."""
    tracer = call.ports.tracer
    inspected = Stamped(queue=call.ports.inspected, tracer=tracer, came=along)
    call = replace(call, stage="inspect", ports=replace(call.ports, inspected=inspected))
    with tracer.span("inspect", "consumer", parent=along):
        return _inspected_once(arrival, call, hurry, is_last=is_last)


def _inspected_once(arrival: Arrival, call: Call, hurry: Hurry, *, is_last: bool) -> Delivery | Exception:
    """Who it is, is asked once: until that is known, nothing can be said to have failed."""
    known = tried(call.in_time(lambda: identify(arrival, call.ports)), call, **names_of(arrival))
    if isinstance(known, Exception):
        return known
    answer = _delivered(lambda: inspect_delivery(known, call.ports, hurry), known, call)
    if is_last and isinstance(answer, Exception) and not isinstance(answer, UNDECIDED):
        _delivered(lambda: fail_inspection(known, told(answer), call.ports), known, call)
    return answer


def _delivered(step: Callable[[], Delivery], arrival: Arrival, call: Call) -> Delivery | Exception:
    """The delivery that the step made of the arrival, or what went wrong; either is in the log."""
    began = time.perf_counter()
    result = tried(step, call, **names_of(arrival))
    if isinstance(result, Delivery):
        count_delivery(result, call.figures, call.stage or "inspect", call.ports.clock())
        _log_delivery(result, call, began)
        _note_delivery(result, call)
        return result
    error = None if isinstance(result, UNDECIDED) else type(result).__name__
    call.ports.tracer.note(error=error, delivery_id=arrival.delivery_id)
    return result


def _note_delivery(delivery: Delivery, call: Call) -> None:
    """The step says what became of it; an error that was told before is told still."""
    size, rows, attempts = delivery.file_size_bytes, delivery.row_count, delivery.attempts
    known = {"state": delivery.state, "verdict": delivery.verdict, "feed": delivery.feed}
    call.ports.tracer.note(delivery_id=delivery.delivery_id, bytes=size, rows=rows, attempts=attempts, **known)


def _log_delivery(delivery: Delivery, call: Call, began: float, **more: object) -> None:
    known = {"state": delivery.state, "verdict": delivery.verdict, "feed": delivery.feed, "reason": delivery.reason}
    names = {**names_of(delivery.arrival), "delivery_id": delivery.delivery_id}
    log(call, "info", f"a delivery is {delivery.state}", began, {**names, **known, **more})
