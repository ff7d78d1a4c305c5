"""What happened in; the figures that tell of it, the same ones whoever does the work, out.

Messages come at least once: what comes again is counted again, and so figures are for watching, never for the books.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Literal

from csvgate.delivery import Delivery
from csvgate.telemetry.metrics import Figures
from csvgate.telling.notices import Notice, Outbox
from csvgate.telling.relay import Outcome
from csvgate.upkeep.reconciliation import DIFFERENCES, Reconciliation
from csvgate.upkeep.silence import Silence

MOST_WAITING = 1_000
END_OF_TIME = datetime.max.replace(tzinfo=UTC)


def count_delivery(
    delivery: Delivery, figures: Figures, stage: Literal["inspect", "record", "replay"], now: datetime
) -> None:
    """What became of a delivery in a stage, and what was read or loaded of it; a replay tells what was before."""
    feed = delivery.feed or ""
    state, verdict = delivery.state, delivery.verdict or ""
    figures.add("csvgate_deliveries_total", stage=stage, state=state, verdict=verdict, feed=feed)
    if stage == "inspect":
        _count_inspected(delivery, figures, feed)
    elif stage == "record":
        _count_recorded(delivery, figures, feed, now)


def _count_recorded(delivery: Delivery, figures: Figures, feed: str, now: datetime) -> None:
    figures.observe("csvgate_receipt_seconds", (now - delivery.upload_timestamp) / timedelta(seconds=1), feed=feed)
    if delivery.sink:
        figures.add("csvgate_rows_total", delivery.rows_loaded or 0, sink=delivery.sink, outcome="loaded")
        figures.add("csvgate_rows_total", delivery.rows_quarantined or 0, sink=delivery.sink, outcome="quarantined")


def _count_inspected(delivery: Delivery, figures: Figures, feed: str) -> None:
    """What was read just now; a delivery that was finished before has another state."""
    if delivery.state == "inspected":
        figures.add("csvgate_inspected_bytes_total", delivery.file_size_bytes, feed=feed)
        figures.add("csvgate_inspected_rows_total", delivery.row_count or 0, feed=feed)


def count_from_zero(figures: Figures, stage: str) -> None:
    """Counters that alarms go by are 0 at first: of one that appears with its first event Prometheus sees no growth."""
    figures.add("csvgate_dead_letters_total", 0, stage=stage)
    for outcome in ("through", "again"):
        figures.add("csvgate_messages_total", 0, stage=stage, outcome=outcome)


def count_message(figures: Figures, stage: str, outcome: Literal["through", "again"], seconds: float) -> None:
    """A message was worked on for so long."""
    figures.observe("csvgate_message_seconds", seconds, stage=stage)
    figures.add("csvgate_messages_total", stage=stage, outcome=outcome)


def count_notice(notice: Notice, outcome: Outcome, figures: Figures) -> None:
    """A notice was passed on, or not; whom by name is nobody's business here."""
    figures.add("csvgate_notices_total", channel=notice.kind, outcome=outcome)


def count_silences(silences: Iterable[Silence], figures: Figures) -> None:
    """For how long each feed has been silent, and whether that is too long."""
    for silence in silences:
        if silence.lasted is not None:
            figures.set("csvgate_feed_silence_seconds", silence.lasted.total_seconds(), feed=silence.feed)
        figures.set("csvgate_feed_overdue", int(silence.is_overdue), feed=silence.feed)


def count_outbox(outbox: Outbox, figures: Figures, now: datetime) -> None:
    """How much waits to be told, and for how long; of very much, as much as can be read in a moment."""
    waiting = [notice.delivery.upload_timestamp for notice in islice(outbox.due(END_OF_TIME), MOST_WAITING)]
    figures.set("csvgate_outbox_waiting", len(waiting))
    figures.set("csvgate_outbox_age_seconds", max((now - uploaded).total_seconds() for uploaded in (*waiting, now)))


def count_reconciliation(found: Reconciliation, figures: Figures) -> None:
    """How many differences of each kind there are, also none."""
    for kind in DIFFERENCES:
        figures.set("csvgate_reconcile_differences", getattr(found, kind).count, kind=kind)
    figures.set("csvgate_reconciled_versions", found.versions)
