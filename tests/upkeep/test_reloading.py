"""Rows are in one place: whatever sinks a feed had, whoever was killed between two of them, and what is said twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Literal

import pytest

from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.feed import Disposition, Feed, Feeds, SinkKind
from csvgate.core.contracts.schema import Field, Schema
from csvgate.delivery import Delivery
from csvgate.errors import PermanentError, UsageError
from csvgate.load import Stored
from csvgate.memory.sink import MemorySink
from csvgate.pipeline.loading import load
from csvgate.pipeline.story import inspect_delivery, record_delivery
from csvgate.upkeep.reconcile import reconcile
from csvgate.upkeep.reconciliation import Order, Reconciliation
from csvgate.upkeep.reloading import reload, undo
from tests.world import BUCKET, CLEAN, NOT_CSV, Fault, Killed, World


def feeds(sink: SinkKind = "postgresql", disposition: Disposition = "append") -> Feeds:
    return Feeds((Feed(name="people", key="**", sink=sink, disposition=disposition),))


@pytest.fixture
def world() -> World:
    """A world with two sinks, of which its feed has the first."""
    return World(feeds=feeds(), others={"parquet": MemorySink(kind="parquet")})


def known(world: World) -> Delivery:
    return world.head("a.csv")


def delivered(world: World, data: bytes = CLEAN) -> Delivery:
    world.finish(world.objects.put(BUCKET, "a.csv", data))
    return known(world)


def inspected(world: World) -> Delivery:
    return inspect_delivery(world.objects.put(BUCKET, "a.csv", CLEAN), world.ports())


def places(world: World, delivery: Delivery) -> tuple[int, int]:
    """How many rows readers of either sink see."""
    return world.sink.count(delivery.delivery_id), world.others["parquet"].count(delivery.delivery_id)


def reconciled(world: World) -> Reconciliation:
    return reconcile(Order(bucket=BUCKET, grace=timedelta(0)), world.ports(), lambda _: None)


def test_a_reload_into_another_sink_takes_the_rows_out_of_the_first(world: World) -> None:
    delivery = delivered(world)
    world.feeds = feeds("parquet")
    done = reload(delivery, world.ports())
    assert (done.sink, done.generation, places(world, delivery)) == ("parquet", 2, (0, 2))
    assert (known(world).sink, reconciled(world).agrees) == ("parquet", True)


@pytest.mark.parametrize("when", ["before", "after"])
def test_cut_off_at_any_call_it_is_named_and_another_reload_puts_it_right(when: Literal["before", "after"]) -> None:
    for at in count(1):
        world = World(feeds=feeds(), others={"parquet": MemorySink(kind="parquet")})
        delivery, fault = delivered(world), Fault(at=at, error=Killed, when=when)
        world.feeds = feeds("parquet")
        try:
            reload(delivery, world.ports(fault))
        except Killed:
            reconciled(world)
        rows = places(world, delivery)
        assert reconciled(world).agrees == (rows in {(2, 0), (0, 2)})
        reload(known(world), world.ports())
        assert (places(world, delivery), reconciled(world).agrees) == ((0, 2), True)
        if fault.calls < at:
            break


def cut_off_between_two_sinks(world: World, disposition: Disposition) -> Delivery:
    """A delivery whose reload into the second sink was killed before its rows went from the first."""
    world.feeds = feeds(disposition=disposition)
    delivery = delivered(world)
    world.feeds = feeds("parquet", disposition)
    for at in count(1):
        with suppress(Killed):
            reload(delivery, world.ports(Fault(at=at, error=Killed, when="after")))
        if places(world, delivery) == (2, 2):
            return delivery
    raise AssertionError


def test_cut_off_and_overtaken_it_is_ended_by_another_reload(world: World) -> None:
    """Nothing is loaded, as a newer version is seen, and no copy of the rows stays in the sink before."""
    delivery = cut_off_between_two_sinks(world, "replace")
    world.tick(timedelta(minutes=1))
    delivered(world)
    assert reload(delivery, world.ports()).state == "superseded"
    assert (places(world, delivery), reconciled(world).agrees) == ((0, 0), True)


def test_cut_off_and_rejected_by_now_it_is_ended_by_another_reload(world: World) -> None:
    delivery = cut_off_between_two_sinks(world, "append")
    narrow = Contract(schema=Schema(fields=(Field(name="id"),)), on_violation="reject")
    world.feeds = Feeds((replace(world.feeds.feeds[0], contract=narrow),))
    assert reload(known(world), world.ports()).state == "rejected"
    assert (places(world, delivery), known(world).state, reconciled(world).agrees) == ((0, 2), "loaded", True)


@pytest.mark.parametrize("step", [load, record_delivery])
@pytest.mark.parametrize("to", ["parquet", "none"])
def test_a_message_that_comes_again_loads_nothing_where_the_feed_goes_now(
    world: World, step: Callable[..., Delivery], to: SinkKind
) -> None:
    """Whether or not the catalog had heard of it."""
    delivery = inspected(world)
    step(delivery, world.ports())
    world.feeds = feeds(to)
    record_delivery(delivery, world.ports())
    reconciled(world)
    assert (places(world, delivery), known(world).sink, reconciled(world).agrees) == ((2, 0), "postgresql", True)


def test_what_was_undone_never_comes_back_by_itself(world: World) -> None:
    delivery = inspected(world)
    record_delivery(delivery, world.ports())
    assert undo(known(world), world.ports()) == 2
    for sink in ("parquet", "postgresql"):
        world.feeds = feeds(sink)
        record_delivery(delivery, world.ports())
        assert (places(world, delivery), known(world).state) == ((0, 0), "undone")


def test_what_was_recorded_without_a_sink_is_loaded_by_a_reload_alone(world: World) -> None:
    world.feeds = feeds("none")
    delivery = inspected(world)
    record_delivery(delivery, world.ports())
    world.feeds = feeds()
    assert (record_delivery(delivery, world.ports()).state, places(world, delivery)) == ("recorded", (0, 0))
    assert reload(known(world), world.ports()).state == "loaded"


def test_an_undo_asks_all_sinks_also_those_that_no_feed_names(world: World) -> None:
    delivery = delivered(world)
    world.feeds = feeds("none")
    assert (undo(delivery, world.ports()), known(world).state, places(world, delivery)) == (2, "undone", (0, 0))


def test_a_copy_in_another_sink_says_nothing_and_is_told(world: World) -> None:
    """Two who knew different feeds were at it at the same moment."""
    delivery = inspected(world)
    elsewhere = replace(world, feeds=feeds("parquet"), sink=MemorySink())
    load(delivery, elsewhere.ports())
    record_delivery(delivery, replace(world, others={}).ports())
    [item] = reconciled(world).miscounted.first
    assert (item["rows_loaded"], item["counted"], known(world).sink) == (0, 2, "postgresql")
    world.others["parquet"].undo(delivery.delivery_id)
    assert (reconciled(world).agrees, known(world).state) == (True, "loaded")


class Absent(MemorySink):
    """Its table was never made."""

    def generation(self, delivery_id: str) -> int:
        message = f"no table, and no {delivery_id}"
        raise PermanentError(message)

    def loads(self) -> Iterator[Stored]:
        message = "no table"
        raise PermanentError(message)


def test_a_sink_that_is_not_there_harms_nobody_who_does_not_name_it() -> None:
    world = World(feeds=feeds(), others={"parquet": Absent(kind="parquet")})
    delivery = delivered(world)
    assert (reload(delivery, world.ports()).generation, reconciled(world).agrees) == (2, True)
    assert undo(known(world), world.ports()) == 2
    world.feeds = feeds("parquet")
    with pytest.raises(PermanentError):
        reload(known(world), world.ports())


def test_a_replaced_version_stays_what_it_is(world: World) -> None:
    world.feeds = feeds(disposition="replace")
    old, new = delivered(world), delivered(world, CLEAN + b"3,Joan\n")
    assert reload(old, world.ports()).state == "superseded"
    assert world.catalog.get(old.delivery_id) == old
    world.feeds = feeds("parquet", "replace")
    reload(new, world.ports())
    assert reload(old, world.ports()).state == "superseded"
    assert world.catalog.get(old.delivery_id) == old


def test_a_damaged_inspection_is_said_by_a_reload_and_keeps_no_undo_from_happening(world: World) -> None:
    delivery = delivered(world)
    world.objects.write("csvgate-results", f"inspections/{delivery.delivery_id}.json", b'{"x":', "application/json")
    with pytest.raises(PermanentError, match=r"inspections/.* is damaged"):
        reload(delivery, world.ports())
    assert (undo(delivery, world.ports()), known(world).state) == (2, "undone")


def test_only_what_a_feed_sends_to_a_sink_and_can_be_read_is_loaded(world: World) -> None:
    with pytest.raises(UsageError, match="only what was inspected"):
        reload(delivered(world, NOT_CSV), world.ports())
    delivery = delivered(world)
    world.feeds = feeds("none")
    with pytest.raises(UsageError, match="nowhere to load it"):
        reload(delivery, world.ports())
