"""What sinks loaded and what the catalog says of it in; deliveries on which they differ out, and the catalog put right.

Asked for in batches, in whatever order a sink tells them: nothing is held but one batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Literal

from csvgate.delivery import Delivery
from csvgate.errors import TransientError
from csvgate.load import Stored
from csvgate.ports import Ports, Sink
from csvgate.reconciliation import Order, named
from csvgate.replay import progress, say

BATCH = 100

# unheard: the sink knew more than the catalog. miscounted: readers see another number of rows than the catalog says.
# unloaded: the feed has a sink, and it was never asked.
Lacking = Literal["miscounted", "unloaded"]
Difference = tuple[Literal["unheard", "miscounted"], dict[str, Any]]


def compare_sinks(order: Order, ports: Ports) -> Iterator[Difference]:
    """Every delivery on which a sink and the catalog differ; what the catalog had not heard of it says now."""
    for sink in ports.sinks_in_use().values():
        loads = sink.loads()
        while batch := list(islice(loads, BATCH)):
            known = ports.view.known(stored.delivery_id for stored in batch)
            for stored in batch:
                yield from _compared(stored, known.get(stored.delivery_id), sink, order, ports)


def without_rows(delivery: Delivery, ports: Ports) -> Lacking | None:
    """What is wrong with a delivery that should be in a sink which never heard of it; None if nothing is."""
    if delivery.state == "loaded":
        sink = ports.sinks.get(delivery.sink or "")  # type: ignore[call-overload]  # a word that may be no sink
        return "miscounted" if sink and not sink.generation(delivery.delivery_id) else None
    feed = ports.feeds.of(delivery.arrival.key)
    # What came before there was such a feed was never asked to be loaded.
    if delivery.state != "recorded" or feed is None or feed.name != delivery.feed:
        return None
    sink = ports.sinks.get(feed.sink)
    return "unloaded" if sink and not sink.generation(delivery.delivery_id) else None


def _compared(
    stored: Stored, delivery: Delivery | None, sink: Sink, order: Order, ports: Ports
) -> Iterator[Difference]:
    if delivery is None:
        # Whose it is cannot be told, so it is told where nothing is narrowed.
        if not order.prefix:
            yield "unheard", {"key": None, "delivery_id": stored.delivery_id, "repaired": False}
        return
    # Who is in work is compared with the bucket, and comes again if nobody is at it.
    if not order.covers(delivery.arrival) or not delivery.is_final:
        return
    told = named(delivery.arrival) | {"delivery_id": delivery.delivery_id, "state": delivery.state}
    done = delivery.after(stored.load, stored.generation)
    if progress(done) > progress(delivery):
        yield "unheard", {**told, "sink": done.state, "repaired": _is_said(done, ports)}
        delivery = done
    expected = _expected(stored, delivery)
    counted = sink.count(delivery.delivery_id) if stored.is_seen else expected
    if counted != expected and not (_is_merged(delivery, ports) and counted < expected):
        yield "miscounted", {**told, "rows_loaded": expected, "counted": counted}


def _expected(stored: Stored, delivery: Delivery) -> int:
    """How many rows of the delivery readers of this sink should see, by what the catalog says."""
    is_here = delivery.state == "loaded" and delivery.sink == stored.load.sink
    return (delivery.rows_loaded or 0) if is_here and stored.is_seen else 0


def _is_merged(delivery: Delivery, ports: Ports) -> bool:
    """Other deliveries may have taken the place of some of its rows."""
    feed = ports.feeds.of(delivery.arrival.key)
    return feed is not None and feed.disposition == "merge"


def _is_said(done: Delivery, ports: Ports) -> bool:
    """Whether the catalog says it; if not, somebody else has changed it meanwhile, and the next run will see."""
    try:
        return say(done, ports)
    except TransientError:
        return False
