"""One invocation of a stage: what it works with, and its log; a step in, what it gave or what went wrong out.

Every step is one line of JSON on standard output, from which logs are made. No cell of a file is in it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeVar

from csvgate.aws.events import Decoded, decode_text
from csvgate.delivery import Arrival
from csvgate.delivery_json import instant
from csvgate.errors import CsvgateError, DeliveryBusy, NotBegun, TransientError
from csvgate.pipeline.hurry import never
from csvgate.ports import Ports
from csvgate.ports.queues import Queue
from csvgate.telemetry.metrics import Figures, Metrics

Result = TypeVar("Result")
Duty = Literal["inspect", "record"]


def ignore(_: object) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One invocation: by what it may be found in the logs, until when it may work, and with what.

    `halted` says that no more time is left after all; `decode` reads a message of the inspect stage;
    `tell` passes the word on when the catalog knows a delivery; `figures` count what became of each.
    `dead` takes what cannot be recorded at once; without it, the queue brings it until it gives up by itself.
    """

    ports: Ports
    stage: Duty | None = None
    max_receive_count: int = 5
    function: str = ""
    request_id: str = ""
    deadline: datetime | None = None
    halted: Callable[[], bool] = never
    decode: Callable[[str], Sequence[Decoded]] = decode_text
    dead: Queue | None = None
    tell: Callable[[str], object] = ignore
    figures: Figures = field(default_factory=Metrics)

    def in_time(self, step: Callable[[], Result]) -> Callable[[], Result]:
        """The step, if there is time left to begin it; else it is not begun."""

        def begin() -> Result:
            if self.deadline and self.ports.clock() >= self.deadline:
                message = "no time was left for it in this invocation"
                raise NotBegun(message)
            return step()

        return begin


def tried(step: Callable[[], Result], call: Call, **names: str) -> Result | Exception:
    """What the step gave; or what went wrong, which is in the log."""
    began = time.perf_counter()
    try:
        return step()
    except Exception as exc:  # noqa: BLE001  the one place: a message that fails must not take its batch along
        log_error(call, exc, began, names)
        return exc


def told(exc: Exception) -> str:
    """What may be told of an error: our own speak of keys and services; others might quote the file."""
    if isinstance(exc, CsvgateError):
        return str(exc)
    trace = exc.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "nowhere"
    return f"unexpected {type(exc).__name__} at {where}"


def names_of(arrival: Arrival) -> dict[str, str]:
    """How an arrival is named in the log."""
    return {"delivery_id": arrival.delivery_id, "bucket": arrival.bucket, "key": arrival.key}


def log_error(call: Call, exc: Exception, began: float, names: Mapping[str, str]) -> None:
    """One line of JSON that says what went wrong, and quotes nobody's data."""
    facts = {**names, "error": type(exc).__name__, "reason": told(exc)}
    log(call, _level(exc), "a step failed", began, facts)


def log(call: Call, level: str, message: str, began: float, facts: Mapping[str, object]) -> None:
    """One line of JSON; a key may hold line breaks and worse, and JSON in ASCII writes them as escapes."""
    line = {
        "time": instant(call.ports.clock()),
        "level": level,
        "message": message,
        "function": call.function,
        "stage": call.stage,
        "request_id": call.request_id,
        "trace_id": call.ports.tracer.trace_id,
        **facts,
        "ms": round((time.perf_counter() - began) * 1000),
    }
    say(json.dumps({name: value for name, value in line.items() if value is not None}))


def say(line: str) -> None:
    """The line is in the log, which is the standard output of a function and of a worker."""
    print(line, flush=True)


def _level(exc: Exception) -> str:
    if isinstance(exc, DeliveryBusy):
        return "info"
    return "warning" if isinstance(exc, TransientError) else "error"
