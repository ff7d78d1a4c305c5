"""An arrival in; what became of it out, counted, in the log and in its trace."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from csvgate.delivery import Arrival, Delivery
from csvgate.errors import DeliveryBusy, NotBegun
from csvgate.pipeline.hurry import Hurry
from csvgate.pipeline.story import (
    fail_inspection,
    identify,
    inspect_delivery,
)
from csvgate.stages.call import Call, log, names_of, told, tried
from csvgate.stages.counted import count_delivery
from csvgate.telemetry.tracing import NOTHING, Carrier, Stamped

# Another worker will say what became of it; or nobody has tried yet. Neither is a failure of the delivery.
UNDECIDED = (DeliveryBusy, NotBegun)


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
    answer = delivered(lambda: inspect_delivery(known, call.ports, hurry), known, call)
    if is_last and isinstance(answer, Exception) and not isinstance(answer, UNDECIDED):
        delivered(lambda: fail_inspection(known, told(answer), call.ports), known, call)
    return answer


def delivered(step: Callable[[], Delivery], arrival: Arrival, call: Call) -> Delivery | Exception:
    """The delivery that the step made of the arrival, or what went wrong; either is in the log."""
    began = time.perf_counter()
    result = tried(step, call, **names_of(arrival))
    if isinstance(result, Delivery):
        count_delivery(result, call.figures, call.stage or "inspect", call.ports.clock())
        log_delivery(result, call, began)
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


def log_delivery(delivery: Delivery, call: Call, began: float, **more: object) -> None:
    """The log has a line that says what became of it, and nothing of what is in the file."""
    known = {"state": delivery.state, "verdict": delivery.verdict, "feed": delivery.feed, "reason": delivery.reason}
    names = {**names_of(delivery.arrival), "delivery_id": delivery.delivery_id}
    log(call, "info", f"a delivery is {delivery.state}", began, {**names, **known, **more})
