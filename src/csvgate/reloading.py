"""A delivery that has ended in; its rows taken back, or loaded once more, and the catalog that says so, out."""

from __future__ import annotations

from dataclasses import replace

from csvgate.delivery import Delivery
from csvgate.errors import UsageError
from csvgate.loading import load
from csvgate.ports import Ports
from csvgate.replay import say


def undo(delivery: Delivery, ports: Ports) -> int:
    """No sink has rows of the delivery, and the catalog says so; how many went.

    All sinks in use are asked: one may know of it before the catalog does.
    """
    removed = sum(sink.undo(delivery.delivery_id) for sink in ports.sinks_in_use(delivery).values())
    _say_what_was_done(delivery, ports)
    known = ports.catalog.get(delivery.delivery_id)
    if removed and known and known.state == "loaded":
        say(replace(known, state="undone", rows_loaded=0, rows_verified=0), ports)
    return removed


def reload(delivery: Delivery, ports: Ports) -> Delivery:
    """The rows are in the sink that the feed names now, as its contract has them now, and the catalog says so.

    They take the place of those that were there, at one stroke. Where nothing can be loaded any more, because the
    contract or the object is another one, the answer says why, and everything is as it was.
    """
    feed = ports.feeds.of(delivery.arrival.key)
    if feed is None or feed.sink == "none":
        problem = f"{delivery.arrival.key} belongs to no feed with a sink, so there is nowhere to load it"
        raise UsageError(problem)
    if not delivery.is_final or delivery.inspection_uri is None or delivery.verdict == "rejected":
        problem = f"{delivery.arrival.key} is {delivery.state}; only what was inspected and can be read is loaded again"
        raise UsageError(problem)
    sinks = ports.sinks_in_use(delivery)
    generation = 1 + max((sink.generation(delivery.delivery_id) for sink in sinks.values()), default=0)
    done = load(delivery, ports, generation=generation)
    if done.generation == generation:
        say(done, ports)
        for kind, sink in sinks.items():
            if kind != feed.sink:
                sink.undo(delivery.delivery_id)
        _say_what_was_done(delivery, ports)
    return done


def _say_what_was_done(delivery: Delivery, ports: Ports) -> None:
    """Where sinks have outboxes, what they hold of the delivery is heard."""
    for outbox in ports.load_outboxes.values():
        if done := outbox.of(delivery.delivery_id):
            say(done, ports)
