"""What sinks loaded and what the catalog says of it in; deliveries on which they differ out, and the catalog put right.

Asked for in batches, in whatever order a sink tells them: nothing is held but one batch, and a count for each table of
merged rows. What a sink cannot answer is told as a difference, and keeps nothing else from being compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from csvgate.core.contracts.feed import Feed, SinkKind
from csvgate.delivery import Delivery
from csvgate.errors import CsvgateError, PermanentError
from csvgate.load import Stored
from csvgate.pipeline.inspections import as_loaded
from csvgate.ports import Ports
from csvgate.ports.sinks import Sink
from csvgate.upkeep.merges import Merges
from csvgate.upkeep.reconciliation import Order, named
from csvgate.upkeep.replay import is_news, say

BATCH = 100

# unheard: the sink knew more than the catalog. miscounted: readers see another number of rows than the catalog says,
# or how many they see cannot be told. unloaded: the feed has a sink, and it was never asked.
Difference = tuple[Literal["unheard", "miscounted", "unloaded"], dict[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """A sink that is compared, what was asked for, and what is known of its tables of merged rows by now."""

    kind: SinkKind
    sink: Sink
    order: Order
    ports: Ports
    merges: Merges

    def feed(self, delivery: Delivery) -> Feed | None:
        """The feed that sends such deliveries here now."""
        feed = self.ports.feeds.of(delivery.arrival.key)
        return feed if feed and feed.sink == self.kind else None


def compare_sinks(order: Order, ports: Ports) -> Iterator[Difference]:
    """Every delivery on which a sink and the catalog differ; what the catalog had not heard of it says now.

    All sinks that are set up are asked: rows may be where their feed sent them before.
    """
    needed = ports.sinks_in_use()
    for kind, sink in ports.sinks.items():
        asked = _Asked(kind=kind, sink=sink, order=order, ports=ports, merges=Merges())
        try:
            yield from _differences(asked)
        except PermanentError as exc:
            # A sink that no feed names need not be there at all.
            if kind in needed:
                yield "miscounted", _unanswered(kind, exc)
        except CsvgateError as exc:
            yield "miscounted", _unanswered(kind, exc)


def without_rows(delivery: Delivery, ports: Ports) -> Difference | None:
    """What is wrong with a delivery that should be in a sink which never heard of it; None if nothing is."""
    told = _told(delivery)
    if delivery.state == "loaded":
        kind: str | None = delivery.sink
    else:
        feed = ports.feeds.of(delivery.arrival.key)
        # What came before there was such a feed was never asked to be loaded.
        is_expected = delivery.state == "recorded" and feed is not None and feed.name == delivery.feed
        kind = feed.sink if is_expected and feed else None
    sink = ports.sinks.get(kind or "")  # type: ignore[call-overload]  # a word that may be no sink
    if sink is None:
        return None
    try:
        if sink.generation(delivery.delivery_id):
            return None
    except CsvgateError as exc:
        return "miscounted", told | {"rows_loaded": delivery.rows_loaded, "counted": None, "reason": str(exc)}
    told |= {"rows_loaded": delivery.rows_loaded, "counted": 0}
    return ("miscounted", told) if delivery.state == "loaded" else ("unloaded", told)


def _differences(asked: _Asked) -> Iterator[Difference]:
    loads = asked.sink.loads()
    while batch := list(islice(loads, BATCH)):
        known = asked.ports.view.known(stored.delivery_id for stored in batch)
        for stored in batch:
            delivery = known.get(stored.delivery_id)
            if delivery:
                yield from _compared(stored, delivery, asked)
            elif asked.order.is_whole:
                # Whose it is cannot be told, so it is told where nothing is narrowed.
                yield "unheard", {"key": None, "delivery_id": stored.delivery_id, "repaired": False}
    for delivery, counted in asked.merges.lacking():
        if asked.order.covers(delivery.arrival):
            yield "miscounted", _told(delivery) | {"rows_loaded": delivery.rows_loaded, "counted": counted}


def _compared(stored: Stored, delivery: Delivery, asked: _Asked) -> Iterator[Difference]:
    # Who is in work is compared with the bucket, and comes again if nobody is at it.
    if not delivery.is_final:
        return
    is_covered = asked.order.covers(delivery.arrival)
    done = delivery.after(stored.load, stored.generation)
    if is_covered and is_news(done, delivery):
        yield "unheard", {**_told(delivery), "sink": done.state, **_said(done, asked)}
        delivery = done
    try:
        counted = asked.sink.count(delivery.delivery_id) if stored.is_seen else 0
    except CsvgateError as exc:
        if is_covered:
            told = {"rows_loaded": delivery.rows_loaded, "counted": None, "reason": str(exc)}
            yield "miscounted", _told(delivery) | told
        return
    expected = _expected(stored, delivery, asked)
    if (feed := asked.feed(delivery)) and feed.disposition == "merge":
        if feed.contract:
            # Only a contract keeps one file from having the same key twice.
            asked.merges.add(stored, delivery, counted)
        # Other deliveries may have taken the place of some of its rows.
        expected = min(expected, counted) if stored.is_seen else expected
    if counted != expected and is_covered:
        told = {"rows_loaded": expected, "counted": counted}
        yield "miscounted", {**_told(delivery), **told, "repaired": _is_mended(delivery, expected, asked.sink)}


def _is_mended(delivery: Delivery, expected: int, sink: Sink) -> bool:
    """Readers see the rows again; where the rows themselves are gone, or somebody else is at it, they do not."""
    try:
        return sink.mend(delivery.delivery_id) and sink.count(delivery.delivery_id) == expected
    except CsvgateError:
        return False


def _expected(stored: Stored, delivery: Delivery, asked: _Asked) -> int:
    """How many rows of the delivery readers of this sink should see, by what the catalog says."""
    feed = asked.feed(delivery)
    is_here = delivery.state == "loaded" and delivery.sink == stored.load.sink
    # Where versions replace each other, some are not seen, and only the sink knows which; elsewhere all are.
    is_to_be_seen = stored.is_seen or (feed is not None and feed.disposition != "replace")
    return (delivery.rows_loaded or 0) if is_here and is_to_be_seen else 0


def _told(delivery: Delivery) -> dict[str, Any]:
    return named(delivery.arrival) | {"delivery_id": delivery.delivery_id, "state": delivery.state}


def _unanswered(kind: SinkKind, problem: CsvgateError) -> dict[str, Any]:
    """A sink that cannot say what it has: nothing is known of what comes behind."""
    return {"key": None, "delivery_id": f"the sink {kind}", "counted": None, "reason": str(problem)}


def _said(done: Delivery, asked: _Asked) -> dict[str, Any]:
    """Whether the catalog says it; if not, why: perhaps somebody else has changed it, and the next run will see."""
    try:
        # Who was killed before he could say it may not even have shown it to all readers.
        asked.sink.mend(done.delivery_id)
        return {"repaired": say(as_loaded(done, asked.ports), asked.ports)}
    except CsvgateError as exc:
        return {"repaired": False, "reason": str(exc)}
