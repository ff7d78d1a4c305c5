"""A delivery that belongs to a feed in; its rows judged by the feed's contract and in its sink, out.

The inspecting stage judges, the recording stage loads what was accepted, and judges only where the feed has changed
meanwhile; both read the object's version again, and find the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from csvgate import content
from csvgate.content import Acceptance
from csvgate.core.contracts.feed import Feed
from csvgate.core.contracts.judging import taken_together
from csvgate.core.inspected import inspection_of
from csvgate.core.inspection import Inspection, Source
from csvgate.delivery import Delivery
from csvgate.errors import PermanentError, TransientError
from csvgate.hurry import NO_HURRY, Hurry, in_time
from csvgate.ports import Ports, Sink


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspected:
    """A delivery and its inspection, with what its feed says of both; `acceptance` is for whoever loads its rows."""

    delivery: Delivery
    inspection: Inspection
    acceptance: Acceptance | None = None

    def document(self) -> bytes:
        """What is kept in the results bucket: the inspection, and beside it the acceptance, which no receipt shows."""
        accepted = {"acceptance": self.acceptance.to_json()} if self.acceptance else {}
        return json.dumps(self.inspection.to_json() | accepted, separators=(",", ":")).encode()


def judge(inspection: Inspection, source: Source, delivery: Delivery, ports: Ports) -> Inspected:
    """What the delivery's feed says of it; rows that are not accepted are in the results bucket."""
    feed = ports.feeds.of(delivery.arrival.key)
    if feed is None:
        return Inspected(delivery=delivery, inspection=inspection)
    delivery = replace(delivery, feed=feed.name, rows_quarantined=0)
    if inspection.verdict == "rejected" or not (feed.contract or feed.sink != "none"):
        return Inspected(delivery=delivery, inspection=inspection)
    aside = bytearray()
    judged = content.judge(source, inspection, feed, aside.extend)
    if aside:
        ports.objects.write(ports.results_bucket, f"quarantine/{delivery.delivery_id}.csv", bytes(aside), "text/csv")
    found = taken_together(inspection, judged.judgement) if feed.contract else inspection
    return Inspected(
        delivery=replace(delivery, rows_quarantined=judged.judgement.quarantined),
        inspection=replace(found, reads=inspection.reads + 1),
        acceptance=judged.acceptance,
    )


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

    inspection, acceptance = _inspected(delivery, feed, ports)
    if acceptance is None:
        acceptance = content.judge(source, inspection, feed, _forget).acceptance
    if acceptance.reason:
        return replace(delivery, state="rejected", reason=acceptance.reason)
    target, rows = content.accepted(source, inspection, feed, acceptance)
    return delivery.after(_sink(feed, ports).load(delivery, target, rows, generation), generation)


def _forget(_: bytes) -> None:
    """The inspecting stage has put them aside, by what the feed said then."""


def _inspected(delivery: Delivery, feed: Feed, ports: Ports) -> tuple[Inspection, Acceptance | None]:
    """What the inspecting stage found, and what it accepted, if the feed still says the same."""
    written = ports.objects.read(delivery.inspection_uri or "")
    if written is None:
        message = f"the inspection {delivery.inspection_uri} is not there"
        raise TransientError(message)
    document = json.loads(written)
    return inspection_of(document), content.acceptance_of(document.get("acceptance"), feed)


def _sink(feed: Feed, ports: Ports) -> Sink:
    sink = ports.sinks.get(feed.sink)
    if sink is None:
        message = f"feed {feed.name} wants its rows in {feed.sink}, and no such sink is set up here"
        raise PermanentError(message)
    return sink
