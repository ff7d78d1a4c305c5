"""A message of either stage in; whether it is through out: decode, call the story, tell what became of it.

What Lambda and the worker have in common. Every step is one line of JSON on standard output, from which logs are made.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from csvgate.aws.events import Decoded, decode_text
from csvgate.delivery import Arrival, Delivery
from csvgate.delivery_json import from_message, instant
from csvgate.errors import CsvgateError, DeliveryBusy, NotBegun, PermanentError, TransientError, UndecodableEvent
from csvgate.hurry import Hurry, never
from csvgate.notices import Audience, Notice
from csvgate.pipeline import (
    fail_inspection,
    fail_recording,
    identify,
    inspect_delivery,
    record_delivery,
)
from csvgate.ports import Message, Ports, Queue
from csvgate.reconcile import reconcile
from csvgate.reconciliation import Order
from csvgate.relay import Outcome, Relay
from csvgate.replay import GRACE, replay

Result = TypeVar("Result")

# Another worker will say what became of it; or nobody has tried yet. Neither is a failure of the delivery.
UNDECIDED = (DeliveryBusy, NotBegun)


def ignore(_: object) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One invocation: by what it may be found in the logs, until when it may work, and with what.

    `halted` says that no more time is left after all; `decode` reads a message of the inspect stage;
    `tell` passes the word on when the catalog knows a delivery; `watch` sees what became of each.
    `dead` takes what cannot be recorded at once; without it, the queue brings it until it gives up by itself.
    """

    ports: Ports
    max_receive_count: int = 5
    function: str = ""
    request_id: str = ""
    deadline: datetime | None = None
    halted: Callable[[], bool] = never
    decode: Callable[[str], Sequence[Decoded]] = decode_text
    dead: Queue | None = None
    tell: Callable[[str], object] = ignore
    watch: Callable[[Delivery], object] = ignore

    def in_time(self, step: Callable[[], Result]) -> Callable[[], Result]:
        """The step, if there is time left to begin it; else it is not begun."""

        def begin() -> Result:
            if self.deadline and self.ports.clock() >= self.deadline:
                message = "no time was left for it in this invocation"
                raise NotBegun(message)
            return step()

        return begin


def inspect_message(message: Message, call: Call) -> bool:
    """Whether all arrivals of the message are through; it may hold several, and each is tried."""
    found = tried(lambda: call.decode(message.body), call, message_id=message.message_id)
    if isinstance(found, Exception):
        return False
    arrivals = decoded(found, call, message_id=message.message_id)
    is_last = message.receive_count >= call.max_receive_count
    hurry = Hurry(deadline=call.deadline, halted=call.halted)
    answers = [inspect_arrival(arrival, call, hurry, is_last=is_last) for arrival in arrivals]
    return len(arrivals) == len(found) and not any(isinstance(answer, Exception) for answer in answers)


def record_message(message: Message, call: Call) -> bool:
    """Whether the delivery is recorded; what would fail again is recorded as failed, and is a dead letter at once."""
    delivery = tried(lambda: from_message(message.body), call, message_id=message.message_id)
    if isinstance(delivery, Exception):
        return False
    hurry = Hurry(deadline=call.deadline, halted=call.halted)
    answer = _delivered(call.in_time(lambda: record_delivery(delivery, call.ports, hurry)), delivery.arrival, call)
    is_through = isinstance(answer, Delivery)
    if isinstance(answer, Exception) and _is_hopeless(answer, message, call):
        reason, error = _told(answer), answer
        answer = _delivered(lambda: fail_recording(delivery, reason, call.ports), delivery.arrival, call)
        is_through = isinstance(answer, Delivery) and isinstance(error, PermanentError) and _buried(message, call)
    if isinstance(answer, Delivery):
        # Best effort: what is not told now stays in the outbox, and a sweep tells it.
        tried(lambda: call.tell(delivery.delivery_id), call, **_names(delivery.arrival))
    return is_through


def _is_hopeless(problem: Exception, message: Message, call: Call) -> bool:
    """The same would happen again, or has happened so often that the queue brings the message no more."""
    is_last = message.receive_count >= call.max_receive_count
    return isinstance(problem, PermanentError) or (is_last and not isinstance(problem, UNDECIDED))


def _buried(message: Message, call: Call) -> bool:
    """Whether the message is where csvgate redrive finds it; if not, it comes again until the queue puts it there."""
    dead = call.dead
    return dead is not None and not isinstance(tried(lambda: dead.send(message.body), call), Exception)


def caught_up(call: Call, grace: timedelta = GRACE) -> int:
    """The catalog says what sinks did and it had not heard of; how many deliveries those are, each is in the log."""

    def watch(done: Delivery, problem: CsvgateError | None) -> None:
        if problem:
            log_error(call, problem, time.perf_counter(), _names(done.arrival))
            return
        call.watch(done)
        names = {**_names(done.arrival), "delivery_id": done.delivery_id}
        log(call, "info", time.perf_counter(), {**names, "state": done.state, "replayed": True})

    return replay(call.ports, watch, grace)


def reconciled(order: Order, call: Call, enqueue: Callable[[Arrival], None]) -> dict[str, object]:
    """Bucket, sinks and catalog are compared, and the counts are in the log: a warning where they differ."""
    began = time.perf_counter()
    found = reconcile(order, call.ports, enqueue).to_json()
    counts = {name: value["count"] if isinstance(value, dict) else value for name, value in found.items()}
    log(call, "info" if found["agrees"] else "warning", began, {"reconciled": counts})
    return counts


def spoken(relay: Relay, call: Call) -> Relay:
    """The relay, with a line in the log for each notice that could not be passed on."""

    def watch(notice: Notice, outcome: Outcome, problem: CsvgateError | None) -> None:
        relay.watch(notice, outcome, problem)
        if problem:
            level = "error" if outcome == "given-up" else "warning"
            facts = {"notice": notice.dedup_id, "channel": notice.channel, "outcome": outcome, "reason": str(problem)}
            log(call, level, time.perf_counter(), facts)

    return replace(relay, watch=watch)


def remark_untold(audience: Audience, relay: Relay, call: Call) -> None:
    """The log has a line for each channel that somebody is to be told by, and this process cannot."""
    for kind in sorted(audience.kinds() - relay.notifiers.keys()):
        reason = "a feed names it, and no setting here does: its notices wait in the outbox for a process that has it"
        log(call, "warning", time.perf_counter(), {"channel": kind, "reason": reason})


def decoded(found: Sequence[Decoded], call: Call, **names: str) -> list[Arrival]:
    """The arrivals; what could not be decoded is in the log."""
    for problem in found:
        if isinstance(problem, UndecodableEvent):
            log_error(call, problem, time.perf_counter(), names)
    return [arrival for arrival in found if isinstance(arrival, Arrival)]


def inspect_arrival(arrival: Arrival, call: Call, hurry: Hurry, *, is_last: bool) -> Delivery | Exception:
    """What became of the arrival. Who it is, is asked once: until that is known, nothing can be said to have failed."""
    known = tried(call.in_time(lambda: identify(arrival, call.ports)), call, **_names(arrival))
    if isinstance(known, Exception):
        return known
    answer = _delivered(lambda: inspect_delivery(known, call.ports, hurry), known, call)
    if is_last and isinstance(answer, Exception) and not isinstance(answer, UNDECIDED):
        _delivered(lambda: fail_inspection(known, _told(answer), call.ports), known, call)
    return answer


def _delivered(step: Callable[[], Delivery], arrival: Arrival, call: Call) -> Delivery | Exception:
    """The delivery that the step made of the arrival, or what went wrong; either is in the log."""
    began = time.perf_counter()
    result = tried(step, call, **_names(arrival))
    if isinstance(result, Delivery):
        call.watch(result)
        facts = {"state": result.state, "verdict": result.verdict, "reason": result.reason}
        log(call, "info", began, {**_names(arrival), "delivery_id": result.delivery_id, **facts})
    return result


def tried(step: Callable[[], Result], call: Call, **names: str) -> Result | Exception:
    """What the step gave; or what went wrong, which is in the log."""
    began = time.perf_counter()
    try:
        return step()
    except Exception as exc:  # noqa: BLE001  the one place: a message that fails must not take its batch along
        log_error(call, exc, began, names)
        return exc


def _names(arrival: Arrival) -> dict[str, str]:
    return {"delivery_id": arrival.delivery_id, "bucket": arrival.bucket, "key": arrival.key}


def _told(exc: Exception) -> str:
    """What may be told of an error: our own speak of keys and services; others might quote the file."""
    if isinstance(exc, CsvgateError):
        return str(exc)
    trace = exc.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "nowhere"
    return f"unexpected {type(exc).__name__} at {where}"


def _level(exc: Exception) -> str:
    if isinstance(exc, DeliveryBusy):
        return "info"
    return "warning" if isinstance(exc, TransientError) else "error"


def log_error(call: Call, exc: Exception, began: float, names: Mapping[str, str]) -> None:
    """One line of JSON that says what went wrong, and quotes nobody's data."""
    log(call, _level(exc), began, {**names, "error": type(exc).__name__, "reason": _told(exc)})


def log(call: Call, level: str, began: float, facts: Mapping[str, object]) -> None:
    """One line of JSON; a key may hold line breaks and worse, and JSON in ASCII writes them as escapes."""
    line = {
        "time": instant(call.ports.clock()),
        "level": level,
        "function": call.function,
        "request_id": call.request_id,
        **facts,
        "ms": round((time.perf_counter() - began) * 1000),
    }
    print(json.dumps({name: value for name, value in line.items() if value is not None}), flush=True)
