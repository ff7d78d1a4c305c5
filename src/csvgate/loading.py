"""A delivery that belongs to a feed in; its rows judged by the feed's contract and in its sink, out.

The inspecting stage judges, the recording stage loads; both read the object's version again, and find the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from csvgate import content
from csvgate.core.contracts.feed import Feed
from csvgate.core.contracts.judging import taken_together
from csvgate.core.inspected import inspection_of
from csvgate.core.inspection import Inspection, Source
from csvgate.delivery import Delivery
from csvgate.errors import PermanentError, TransientError
from csvgate.hurry import NO_HURRY, Hurry, in_time
from csvgate.ports import Ports, Sink


def judge(inspection: Inspection, source: Source, delivery: Delivery, ports: Ports) -> tuple[Delivery, Inspection]:
    """Both with what the contract of the delivery's feed says; rows that break it are in the results bucket."""
    feed = ports.feeds.of(delivery.arrival.key)
    if feed is None:
        return delivery, inspection
    delivery = replace(delivery, feed=feed.name, rows_quarantined=0)
    if feed.contract is None or inspection.verdict == "rejected":
        return delivery, inspection
    aside = bytearray()
    judged = content.judge(source, inspection, feed, aside.extend)
    if aside:
        ports.objects.write(ports.results_bucket, f"quarantine/{delivery.delivery_id}.csv", bytes(aside), "text/csv")
    found = replace(taken_together(inspection, judged.judgement), reads=inspection.reads + 1)
    return replace(delivery, rows_quarantined=judged.judgement.quarantined), found


def load(delivery: Delivery, ports: Ports, hurry: Hurry = NO_HURRY, generation: int = 1) -> Delivery:
    """The rows are in the sink of the feed, each once, or the delivery says why not; without a sink it is as it was.

    A later generation takes the place of the one before.
    TransientError where time ends before the file is read: then no row is in the sink.
    """
    feed = ports.feeds.of(delivery.arrival.key)
    if feed is None or feed.sink == "none":
        return delivery
    opened = ports.objects.open(delivery.arrival)
    if isinstance(opened, str):
        return replace(delivery, state=opened)

    def source() -> Iterator[bytes]:
        return in_time(opened.chunks(), hurry, ports.clock)

    judged = content.judge(source, _inspection(delivery, ports), feed, _forget)
    if judged.content is None:
        return replace(delivery, state="rejected", reason=judged.judgement.reason)
    done = _sink(feed, ports).load(delivery, judged.target, judged.content, generation)
    return delivery.after(done, generation)


def _forget(_: bytes) -> None:
    """The inspecting stage has put them aside."""


def _inspection(delivery: Delivery, ports: Ports) -> Inspection:
    document = ports.objects.read(delivery.inspection_uri or "")
    if document is None:
        message = f"the inspection {delivery.inspection_uri} is not there"
        raise TransientError(message)
    return inspection_of(json.loads(document))


def _sink(feed: Feed, ports: Ports) -> Sink:
    sink = ports.sinks.get(feed.sink)
    if sink is None:
        message = f"feed {feed.name} wants its rows in {feed.sink}, and no such sink is set up here"
        raise PermanentError(message)
    return sink
