"""What Lambda hands over in, what Lambda expects back out: decode, call the story, encode. No decision about data.

A batch of SQS is answered with those of its messages that have to come again; any other event with its receipts.
Every step is one line of JSON on standard output, which is where a function's log comes from.
"""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from csvgate import wiring
from csvgate.aws.events import Decoded, QueuedMessage, decode, decode_text, queued
from csvgate.delivery_json import from_message, instant
from csvgate.errors import CsvgateError, DeliveryBusy, NotBegun, TransientError, UndecodableEvent
from csvgate.pipeline import (
    Hurry,
    fail_inspection,
    fail_recording,
    identify,
    inspect_delivery,
    receipt_of,
    record_delivery,
)
from csvgate.ports import Arrival, Delivery, Ports
from csvgate.settings import load

# What is kept back of an invocation's time, to answer: a timeout would send the whole batch back, finished or not.
MARGIN = timedelta(seconds=10)
# An invocation by hand, or by the bucket itself, waits so long for whoever is working on the same delivery.
PATIENCE = timedelta(seconds=10)
# Lambda takes 6 MB as the answer of a synchronous call.
LARGEST_ANSWER = 5_000_000
LEFT_OUT: tuple[tuple[str, ...], ...] = ((), ("columns",), ("columns", "findings", "column_names"))

Event = Mapping[str, Any]
Answer = dict[str, Any]
Result = TypeVar("Result")


# Another worker will say what became of it; or nobody has tried yet. Neither is a failure of the delivery.
UNDECIDED = (DeliveryBusy, NotBegun)


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One invocation: by what it may be found in the logs, until when it may work, and with what."""

    ports: Ports
    max_receive_count: int = 5
    function: str = ""
    request_id: str = ""
    deadline: datetime | None = None

    def in_time(self, step: Callable[[], Result]) -> Callable[[], Result]:
        """The step, if there is time left to begin it; else it is not begun."""

        def begin() -> Result:
            if self.deadline and self.ports.clock() >= self.deadline:
                message = "no time was left for it in this invocation"
                raise NotBegun(message)
            return step()

        return begin


def on_arrival(event: Event, context: object = None) -> Answer:
    """The handler of the inspect stage."""
    return answer_arrivals(event, _call(context))


def on_inspected(event: Event, context: object = None) -> Answer:
    """The handler of the record stage."""
    return answer_inspected(event, _call(context))


def answer_arrivals(event: Event, call: Call) -> Answer:
    """Every arrival is inspected or will come again; the answer says which, or is their receipts."""
    messages = queued(event)
    return _receipts(decode(event), call) if messages is None else _failures(messages, _inspect_message, call)


def answer_inspected(event: Event, call: Call) -> Answer:
    """Every delivery is recorded or will come again; the answer says which."""
    messages = queued(event)
    if messages is None:
        problem = "the event is no batch of SQS"
        raise UndecodableEvent(problem)
    return _failures(messages, _record_message, call)


def _failures(messages: Sequence[QueuedMessage], step: Callable[[QueuedMessage, Call], bool], call: Call) -> Answer:
    failed = [message.message_id for message in messages if not step(message, call)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _inspect_message(message: QueuedMessage, call: Call) -> bool:
    """Whether all arrivals of the message are through; it may hold several, and each is tried."""
    found = _tried(lambda: decode_text(message.body), call, message_id=message.message_id)
    if isinstance(found, Exception):
        return False
    arrivals = _decoded(found, call, message_id=message.message_id)
    is_last = message.receive_count >= call.max_receive_count
    answers = [_inspect(arrival, call, Hurry(deadline=call.deadline), is_last=is_last) for arrival in arrivals]
    return len(arrivals) == len(found) and not any(isinstance(answer, Exception) for answer in answers)


def _record_message(message: QueuedMessage, call: Call) -> bool:
    """Whether the delivery of the message is recorded."""
    delivery = _tried(lambda: from_message(message.body), call, message_id=message.message_id)
    if isinstance(delivery, Exception):
        return False
    answer = _delivered(call.in_time(lambda: record_delivery(delivery, call.ports)), delivery.arrival, call)
    if not isinstance(answer, Exception):
        return True
    if message.receive_count >= call.max_receive_count and not isinstance(answer, UNDECIDED):
        _delivered(lambda: fail_recording(delivery, _told(answer), call.ports), delivery.arrival, call)
    return False


def _receipts(found: Sequence[Decoded], call: Call) -> Answer:
    """The receipts of all arrivals; or the first error, when all were tried, so that the caller tries again."""
    # Nobody counts these calls, so each may be the last; `failed` is no end, and a retry finishes it.
    hurry = Hurry(patience=PATIENCE, deadline=call.deadline)
    answers = [_inspect(arrival, call, hurry, is_last=True) for arrival in _decoded(found, call)]
    for problem in (*answers, *found):
        if isinstance(problem, Exception):
            raise problem
    return _fitting([receipt_of(answer, call.ports.objects) for answer in answers if isinstance(answer, Delivery)])


def _decoded(found: Sequence[Decoded], call: Call, **names: str) -> list[Arrival]:
    """The arrivals; what could not be decoded is in the log."""
    for problem in found:
        if isinstance(problem, UndecodableEvent):
            _log_error(call, problem, time.perf_counter(), names)
    return [arrival for arrival in found if isinstance(arrival, Arrival)]


def _inspect(arrival: Arrival, call: Call, hurry: Hurry, *, is_last: bool) -> Delivery | Exception:
    """What became of the arrival. Who it is, is asked once: until that is known, nothing can be said to have failed."""
    known = _tried(call.in_time(lambda: identify(arrival, call.ports)), call, **_names(arrival))
    if isinstance(known, Exception):
        return known
    answer = _delivered(lambda: inspect_delivery(known, call.ports, hurry), known, call)
    if is_last and isinstance(answer, Exception) and not isinstance(answer, UNDECIDED):
        _delivered(lambda: fail_inspection(known, _told(answer), call.ports), known, call)
    return answer


def _delivered(step: Callable[[], Delivery], arrival: Arrival, call: Call) -> Delivery | Exception:
    """The delivery that the step made of the arrival, or what went wrong; either is in the log."""
    began = time.perf_counter()
    result = _tried(step, call, **_names(arrival))
    if isinstance(result, Delivery):
        facts = {"state": result.state, "verdict": result.verdict, "reason": result.reason}
        _log(call, "info", began, {**_names(arrival), "delivery_id": result.delivery_id, **facts})
    return result


def _tried(step: Callable[[], Result], call: Call, **names: str) -> Result | Exception:
    """What the step gave; or what went wrong, which is in the log."""
    began = time.perf_counter()
    try:
        return step()
    except Exception as exc:  # noqa: BLE001  the one place: a message that fails must not take its batch along
        _log_error(call, exc, began, names)
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


def _log_error(call: Call, exc: Exception, began: float, names: Mapping[str, str]) -> None:
    _log(call, _level(exc), began, {**names, "error": type(exc).__name__, "reason": _told(exc)})


def _log(call: Call, level: str, began: float, facts: Mapping[str, str | None]) -> None:
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


@functools.cache
def _wired() -> tuple[Ports, int]:
    """Once per container."""
    settings = wiring.complete(load())
    return wiring.ports(settings), settings.max_receive_count


def _call(context: object) -> Call:
    ports, max_receive_count = _wired()
    return Call(
        ports=ports,
        max_receive_count=max_receive_count,
        function=getattr(context, "function_name", ""),
        request_id=getattr(context, "aws_request_id", ""),
        deadline=_deadline(context, ports.clock()),
    )


def _deadline(context: object, now: datetime) -> datetime | None:
    """When to stop; of a short invocation no more is kept back than a fifth."""
    remaining: Callable[[], int] | None = getattr(context, "get_remaining_time_in_millis", None)
    if remaining is None:
        return None
    left = timedelta(milliseconds=remaining())
    return now + left - min(MARGIN, left / 5)
