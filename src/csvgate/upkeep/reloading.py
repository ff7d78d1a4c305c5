"""A delivery that has ended in; its rows taken back, or loaded once more, and the catalog that says so, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from shlex import quote

from csvgate.core.contracts.feed import SinkKind
from csvgate.delivery import Delivery
from csvgate.errors import UsageError
from csvgate.pipeline.loading import load_into
from csvgate.pipeline.story import record_delivery
from csvgate.pipeline.whereabouts import generations, loaded_before
from csvgate.ports import Ports
from csvgate.upkeep.replay import say


def undo(delivery: Delivery, ports: Ports) -> int:
    """No sink has rows of the delivery, and the catalog says so; how many went.

    All sinks that are set up are asked: one may know of it before the catalog does, or have been the feed's before.
    """
    asked = generations(delivery, ports)
    removed = sum(ports.sinks[kind].undo(delivery.delivery_id) for kind in asked)
    _say_what_was_done(delivery, ports)
    known = ports.catalog.get(delivery.delivery_id)
    if known and known.state == "loaded" and known.sink in asked:
        say(replace(known, state="undone", rows_loaded=0, rows_verified=0), ports)
    return removed


def reload(delivery: Delivery, ports: Ports) -> Delivery:
    """The rows are in the sink that the feed names now, as its contract has them now, and the catalog says so.

    They take the place of those that were there, at one stroke; where those are in another sink, they go from there
    when the new ones are in place, and whoever is killed between the two does it again. Where nothing can be loaded any
    more, because the contract or the object is another one or a newer version is in its place, the answer says why, and
    everything is as it was.
    """
    feed = ports.feeds.of(delivery.arrival.key)
    if feed is None or feed.sink == "none":
        problem = f"{delivery.arrival.key} belongs to no feed with a sink, so there is nowhere to load it"
        raise UsageError(problem)
    if delivery.state == "failed" and delivery.inspection_uri and delivery.verdict != "rejected":
        return record_delivery(replace(delivery, state="inspected", reason=None), ports)
    if not delivery.is_final or delivery.inspection_uri is None:
        raise UsageError(_unreadable(delivery))
    before = generations(delivery, ports)
    generation = 1 + max(before.values(), default=0)
    done = load_into(feed, delivery, ports, generation)
    if done.generation != generation or (before and done.state == "superseded"):
        _leave_one(delivery, before, ports)
        return done
    say(done, ports)
    for kind in before.keys() - {feed.sink}:
        ports.sinks[kind].undo(delivery.delivery_id)
    _say_what_was_done(delivery, ports)
    return done


def _leave_one(delivery: Delivery, before: Mapping[SinkKind, int], ports: Ports) -> None:
    """Where an earlier reload was killed between two sinks, it is ended: the rows of the last one stay, and no copy."""
    copies = [kind for kind, generation in before.items() if generation < max(before.values())]
    if copies and (stands := loaded_before(delivery, ports)):
        say(stands, ports)
    for kind in copies:
        ports.sinks[kind].undo(delivery.delivery_id)


def _unreadable(delivery: Delivery) -> str:
    key = delivery.arrival.key
    helps = f"; csvgate redrive {quote(key)} has it tried again" if delivery.state == "failed" else ""
    return f"{key} is {delivery.state}; only what was inspected and can be read is loaded again{helps}"


def _say_what_was_done(delivery: Delivery, ports: Ports) -> None:
    """Where sinks have outboxes, what they hold of the delivery is heard."""
    for outbox in ports.load_outboxes.values():
        if done := outbox.of(delivery.delivery_id):
            say(done, ports)
