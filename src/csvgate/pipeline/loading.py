"""A delivery that belongs to a feed in; its rows judged by the feed's contract and in its sink, out.

The inspecting stage judges, the recording stage loads what was accepted, and judges anew only where the feed has
changed meanwhile; both read the object's version again, and find the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from csvgate.core.contracts.feed import Feed
from csvgate.core.contracts.judging import taken_together
from csvgate.core.inspection import Inspection, Source
from csvgate.delivery import Delivery
from csvgate.errors import CsvgateError, PermanentError, TransientError, UsageError
from csvgate.pipeline import content
from csvgate.pipeline.content import Acceptance
from csvgate.pipeline.hurry import NO_HURRY, Hurry, in_time
from csvgate.pipeline.inspections import Inspected, as_loaded, bare_of, document_of, keep
from csvgate.pipeline.whereabouts import loaded_before
from csvgate.ports import Ports
from csvgate.ports.sinks import Sink


def judge(inspection: Inspection, source: Source, delivery: Delivery, ports: Ports) -> Delivery:
    """What the delivery's feed says of it is in the results bucket, and so are rows that are not accepted."""
    feed = ports.feeds.of(delivery.arrival.key)
    if feed is None:
        return keep(Inspected(delivery=delivery, inspection=inspection), b"", ports)
    delivery = replace(delivery, feed=feed.name, rows_quarantined=0)
    if inspection.verdict == "rejected" or not (feed.contract or feed.sink != "none"):
        return keep(Inspected(delivery=delivery, inspection=inspection), b"", ports)
    found, aside = _judged(inspection, source, delivery, feed)
    return keep(found, aside, ports)


def load(delivery: Delivery, ports: Ports, hurry: Hurry = NO_HURRY) -> Delivery:
    """The rows are in the sink of the feed, each once, or the delivery says why not; without a sink it is as it was.

    What the catalog calls finished is not loaded again, nor what any sink has had: what became of it then is the
    answer. TransientError where time ends before the file is read: then no row is in the sink.
    """
    feed = ports.feeds.of(delivery.arrival.key)
    if feed is None or feed.sink == "none":
        return delivery
    known = ports.catalog.get(delivery.delivery_id)
    if known and known.is_final:
        return known
    if before := loaded_before(delivery, ports):
        return as_loaded(before, ports)
    # Nothing depends on it: people look at it.
    with suppress(CsvgateError):
        ports.catalog.loading(delivery)
    return load_into(feed, delivery, ports, hurry=hurry)


def load_into(feed: Feed, delivery: Delivery, ports: Ports, generation: int = 1, hurry: Hurry = NO_HURRY) -> Delivery:
    """The rows are in the sink of the feed, or the delivery says why not.

    A later generation takes the place of the one before, whichever sink that is in; other sinks are not asked.
    """
    sink, opened = _sink(feed, ports), ports.objects.open(delivery.arrival)
    if isinstance(opened, str):
        return replace(delivery, state=opened)

    def source() -> Iterator[bytes]:
        return in_time(opened.chunks(), hurry, ports.clock)

    delivery, inspection, acceptance = _accepted(feed, delivery, source, ports, generation)
    if acceptance.reason:
        return replace(delivery, state="rejected", reason=acceptance.reason)
    target, rows = content.accepted(source, inspection, feed, acceptance)
    with ports.tracer.span("load", "client"):
        ports.tracer.note(sink=feed.sink, table=target.table, rows=rows.row_count)
        return delivery.after(sink.load(delivery, target, rows, generation), generation)


def _accepted(
    feed: Feed, delivery: Delivery, source: Source, ports: Ports, generation: int
) -> tuple[Delivery, Inspection, Acceptance]:
    """What was accepted of the file; where the feed says something else by now, it is judged anew, and that is kept."""
    document = document_of(delivery, ports.objects)
    if document is None:
        message = f"the inspection {delivery.inspection_uri} is not there"
        raise TransientError(message)
    bare = bare_of(document)
    if bare.verdict == "rejected":
        message = f"{delivery.arrival.key} is {delivery.state}; only what was inspected and can be read is loaded again"
        raise UsageError(message)
    acceptance = content.acceptance_of(document.get("acceptance"), feed)
    if acceptance:
        return delivery, bare, acceptance
    found, aside = _judged(bare, source, delivery, feed)
    assert found.judged  # noqa: S101  just now
    return keep(found, aside, ports, generation), bare, found.judged.acceptance


def _judged(inspection: Inspection, source: Source, delivery: Delivery, feed: Feed) -> tuple[Inspected, bytes]:
    """The inspection with what the feed says, and the rows that are not accepted, as a file."""
    aside = bytearray()
    judged = content.judge(source, inspection, feed, aside.extend)
    found = taken_together(inspection, judged.judgement) if feed.contract else inspection
    inspected = Inspected(
        delivery=replace(delivery, feed=feed.name, rows_quarantined=judged.judgement.quarantined),
        inspection=replace(found, reads=inspection.reads + 1),
        bare=inspection,
        judged=judged,
    )
    return inspected, bytes(aside)


def _sink(feed: Feed, ports: Ports) -> Sink:
    sink = ports.sinks.get(feed.sink)
    if sink is None:
        message = f"feed {feed.name} wants its rows in {feed.sink}, and no such sink is set up here"
        raise PermanentError(message)
    return sink
