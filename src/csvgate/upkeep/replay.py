"""What sinks did and the catalog has not heard of in; the catalog that says it, and the sinks' outboxes closed, out.

A sink commits first. Whoever is killed before the catalog knows is followed by the repeated message, as a rule; where
that is gone for good, the sink's own outbox still has what there is to say.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from csvgate.delivery import Delivery
from csvgate.errors import CsvgateError, PermanentError, TransientError
from csvgate.pipeline.heads import column_names
from csvgate.pipeline.story import heard, record_delivery
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
    news = is_news(done, known)
    if news and not ports.catalog.amend(amended(known, done), _column_names(known, ports), seen=known):
        message = f"delivery {done.delivery_id} changes while it is told"
        raise TransientError(message)
    heard(done, ports)
    return news


def is_news(done: Delivery, known: Delivery) -> bool:
    """Whether a sink did more with the delivery than the catalog knows: it loads, perhaps undoes, perhaps loads anew.

    Of one generation, only the sink where the catalog has it is believed: what another one has of it is a copy. Who
    was late with a later one has changed nothing. What was erased stays so.
    """
    if known.is_erased:
        return False
    generation = known.generation or 0
    if generation and done.state == "superseded":
        return False
    if done.generation == generation:
        return done.sink == known.sink and done.state == "undone" != known.state
    return (done.generation or 0) > generation


def _column_names(delivery: Delivery, ports: Ports) -> tuple[str, ...]:
    """What is lost or damaged keeps nobody from hearing where the rows are."""
    with suppress(PermanentError):
        return column_names(delivery, ports.objects) or ()
    return ()


def amended(known: Delivery, done: Delivery) -> Delivery:
    """What the catalog knows of the delivery, with what its sink did: why it was rejected before is past."""
    return replace(
        known,
        state=done.state,
        reason=done.reason,
        verdict=done.verdict,
        inspection_uri=done.inspection_uri,
        feed=done.feed,
        sink=done.sink,
        table=done.table,
        rows_loaded=done.rows_loaded,
        rows_quarantined=done.rows_quarantined,
        rows_verified=done.rows_verified,
        generation=done.generation,
    )
