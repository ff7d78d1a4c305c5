"""What sinks did and the catalog has not heard of in; the catalog that says it, and the sinks' outboxes closed, out.

A sink commits first. Whoever is killed before the catalog knows is followed by the repeated message, as a rule; where
that is gone for good, the sink's own outbox still has what there is to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from csvgate.delivery import Delivery
from csvgate.errors import CsvgateError, TransientError
from csvgate.heads import column_names
from csvgate.pipeline import heard, record_delivery
from csvgate.ports import Ports

# What was done just now is about to be heard.
GRACE = timedelta(minutes=5)

# Is told of a delivery that the catalog now says, or could not say, and why not.
Watch = Callable[[Delivery, CsvgateError | None], object]


def unwatched(_delivery: Delivery, _problem: CsvgateError | None) -> None:
    """Nobody wants to know."""


def replay(ports: Ports, watch: Watch = unwatched, grace: timedelta = GRACE) -> int:
    """All that sinks did and that was not heard for so long is in the catalog; how many deliveries it had to be told.

    What cannot be said now is left for the next time, and keeps nobody else from being heard.
    """
    said = 0
    for outbox in ports.load_outboxes.values():
        for done in outbox.due(ports.clock() - grace):
            try:
                news = say(done, ports)
            except CsvgateError as exc:
                watch(done, exc)
                continue
            if news:
                watch(done, None)
            said += news
    return said


def say(done: Delivery, ports: Ports) -> bool:
    """The catalog says what the sink did with the delivery, or something later; whether that was news to it."""
    known = ports.catalog.get(done.delivery_id)
    if known is None or not known.is_final:
        record_delivery(done, ports)
        return True
    is_news = progress(done) > progress(known)
    if is_news and not ports.catalog.amend(amended(known, done), column_names(known, ports.objects) or (), seen=known):
        message = f"delivery {done.delivery_id} changes while it is told"
        raise TransientError(message)
    heard(done, ports)
    return is_news


def progress(delivery: Delivery) -> tuple[int, bool]:
    """How far a delivery is with its sink: rows are loaded, then perhaps undone, then perhaps loaded anew."""
    return delivery.generation or 0, delivery.state == "undone"


def amended(known: Delivery, done: Delivery) -> Delivery:
    """What the catalog knows of the delivery, with what its sink did."""
    return replace(
        known,
        state=done.state,
        sink=done.sink,
        table=done.table,
        rows_loaded=done.rows_loaded,
        rows_quarantined=done.rows_quarantined,
        rows_verified=done.rows_verified,
        generation=done.generation,
    )
