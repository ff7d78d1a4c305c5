"""What has to be done beside the messages: catch up, compare, watch, and pass the word on; each in the log."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from csvgate.delivery import Arrival, Delivery
from csvgate.errors import CsvgateError
from csvgate.stages.arrivals import log_delivery
from csvgate.stages.call import Call, log, log_error, names_of
from csvgate.stages.counted import count_delivery, count_notice, count_outbox, count_reconciliation, count_silences
from csvgate.telling.notices import Audience, Notice
from csvgate.telling.relay import Outcome, Relay
from csvgate.upkeep.reconcile import reconcile
from csvgate.upkeep.reconciliation import Order
from csvgate.upkeep.replay import GRACE, replay
from csvgate.upkeep.silence import recent


def caught_up(call: Call, grace: timedelta = GRACE) -> int:
    """The catalog says what sinks did and it had not heard of; how many deliveries those are, each is in the log."""

    def watch(done: Delivery, problem: CsvgateError | None) -> None:
        if problem:
            log_error(call, problem, time.perf_counter(), names_of(done.arrival))
            return
        count_delivery(done, call.figures, "replay", call.ports.clock())
        log_delivery(done, call, time.perf_counter(), replayed=True)

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
    """The relay, with each notice counted, and a line in the log that says whether it was passed on."""

    def watch(notice: Notice, outcome: Outcome, problem: CsvgateError | None) -> None:
        relay.watch(notice, outcome, problem)
        count_notice(notice, outcome, call.figures)
        _log_notice(notice, outcome, problem, call)

    return replace(relay, watch=watch)


def _log_notice(notice: Notice, outcome: Outcome, problem: CsvgateError | None, call: Call) -> None:
    """About which delivery, by which channel; whom by name, only where that has to be mended."""
    about = {**names_of(notice.delivery.arrival), "delivery_id": notice.delivery.delivery_id}
    facts = {**about, "notice": notice.dedup_id, "channel": notice.kind, "outcome": outcome}
    if problem is None:
        log(call, "info", "a notice was passed on", time.perf_counter(), facts)
        return
    level = "error" if outcome == "given-up" else "warning"
    facts |= {"channel": notice.channel, "reason": str(problem)}
    log(call, level, "a notice was not passed on", time.perf_counter(), facts)


def remark_untold(audience: Audience, relay: Relay, call: Call) -> None:
    """The log has a line for each channel that somebody is to be told by, and this process cannot."""
    for kind in sorted(audience.kinds() - relay.notifiers.keys()):
        reason = "a feed names it, and no setting here does: its notices wait in the outbox for a process that has it"
        log(call, "warning", "nobody here can tell it", time.perf_counter(), {"channel": kind, "reason": reason})
