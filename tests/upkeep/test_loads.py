"""The sinks against the catalog: what was not heard is said, and what is not there is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.feed import Disposition, Feed, Feeds
from csvgate.core.contracts.schema import Field, Schema
from csvgate.delivery import Delivery
from csvgate.errors import PermanentError
from csvgate.load import Stored, Target
from csvgate.memory import MemoryObjectStore
from csvgate.memory.sink import MemorySink
from csvgate.parquet.sink import ParquetSink
from csvgate.ports.catalog import Standing
from csvgate.upkeep.loads import BATCH
from csvgate.upkeep.reconcile import reconcile
from csvgate.upkeep.reconciliation import Order, Reconciliation
from csvgate.upkeep.reloading import reload, undo
from tests.parquet import once
from tests.parquet.once import written_before
from tests.world import BUCKET, CLEAN, Fault, Killed, World

FEED = Feed(name="people", key="in/**", sink="postgresql", shape="typed")


class Mute(MemorySink):
    """A sink whose outbox was lost: what it did is in its ledger alone."""

    def __init__(self) -> None:
        super().__init__()
        self.outbox.add = self.outbox.close  # type: ignore[method-assign]  # nothing is kept


def world_of(feed: Feed = FEED, sink: MemorySink | None = None) -> World:
    return World(feeds=Feeds((feed,)), sink=sink or MemorySink())


def loaded(world: World, key: str = "in/a.csv", data: bytes = CLEAN) -> Delivery:
    world.finish(world.objects.put(BUCKET, key, data))
    return world.head(key)


def reconciled(world: World, prefix: str | None = None, key_prefix: str = "") -> Reconciliation:
    order = Order(bucket=BUCKET, key_prefix=key_prefix, prefix=prefix, grace=timedelta(0))
    return reconcile(order, world.ports(), lambda _: None)


def names(found: Reconciliation) -> dict[str, list[str]]:
    """The keys of each kind of difference."""
    kinds = ("unheard", "miscounted", "unloaded")
    return {kind: [item["key"] for item in group.first] for kind in kinds if (group := getattr(found, kind)).count}


@pytest.mark.parametrize("disposition", ["append", "replace", "merge"])
def test_what_was_loaded_replaced_merged_or_undone_agrees(disposition: Disposition) -> None:
    world = world_of(replace(FEED, disposition=disposition, keys=("id",) if disposition == "merge" else ()))
    for number in range(3):
        loaded(world, data=CLEAN + f"{number + 7},new\n".encode())
    undo(world.head("in/a.csv"), world.ports())
    loaded(world, "in/other.csv")
    assert reconciled(world).agrees


def test_more_than_a_batch_is_compared() -> None:
    world = world_of(sink=Mute())
    for number in range(BATCH + 5):
        loaded(world, f"in/{number}.csv", b"a\n1\n")
    undo(world.head("in/3.csv"), world.ports())
    assert reconciled(world).agrees
    world.sink.undo(world.head("in/104.csv").delivery_id)
    assert names(reconciled(world)) == {"unheard": ["in/104.csv"]}


@pytest.mark.parametrize("sink", [MemorySink, Mute], ids=["with an outbox", "by the ledger"])
def test_what_the_catalog_did_not_hear_it_says_now(sink: type[MemorySink]) -> None:
    world = world_of(sink=sink())
    delivery = loaded(world)
    world.sink.undo(delivery.delivery_id)
    found = reconciled(world)
    assert (found.agrees, names(found)) == (False, {"unheard": ["in/a.csv"]})
    assert (found.unheard.first[0]["sink"], found.unheard.first[0]["repaired"]) == ("undone", True)
    assert (world.head("in/a.csv").state, reconciled(world).agrees) == ("undone", True)


def test_rows_that_are_not_there_are_told() -> None:
    """Somebody else took them out."""
    world = world_of()
    delivery = loaded(world)

    class Plundered(MemorySink):
        def count(self, delivery_id: str) -> int:
            return super().count(delivery_id) - 1

    world.sink.__class__ = Plundered
    [item] = reconciled(world).miscounted.first
    assert (item["delivery_id"], item["rows_loaded"], item["counted"]) == (delivery.delivery_id, 2, 1)


class Damaged(MemorySink):
    """It cannot say what it has of one delivery, or of any."""

    all_of_it = False

    def count(self, delivery_id: str) -> int:
        if next(iter(super().loads())).delivery_id == delivery_id:
            message = "a file is damaged"
            raise PermanentError(message)
        return super().count(delivery_id)

    def loads(self) -> Iterator[Stored]:
        if self.all_of_it:
            message = "the ledger is damaged"
            raise PermanentError(message)
        return super().loads()


def test_what_a_sink_cannot_count_is_told_and_all_else_is_compared() -> None:
    world = world_of(sink=Damaged())
    damaged, lost = loaded(world), loaded(world, "in/b.csv")
    world.objects.put(BUCKET, "in/unseen.csv", CLEAN)
    world.sink.undo(lost.delivery_id)
    found = reconciled(world)
    [item] = found.miscounted.first
    assert (item["delivery_id"], item["counted"], item["reason"]) == (damaged.delivery_id, None, "a file is damaged")
    assert (names(found)["unheard"], found.enqueued) == (["in/b.csv"], 1)


def test_a_sink_that_cannot_list_what_it_has_is_told_and_all_else_is_compared() -> None:
    world = world_of(sink=Damaged())
    loaded(world)
    world.objects.put(BUCKET, "in/unseen.csv", CLEAN)
    world.sink.__class__.all_of_it = True  # type: ignore[attr-defined]  # of this fake
    found = reconciled(world)
    [item] = found.miscounted.first
    assert (item["delivery_id"], item["reason"], found.enqueued) == ("the sink postgresql", "the ledger is damaged", 1)


@pytest.mark.parametrize(("disposition", "agrees"), [("append", False), ("replace", True)])
def test_rows_that_a_ledger_hides_are_told_where_nothing_may_hide_them(disposition: Disposition, agrees: bool) -> None:  # noqa: FBT001
    """Versions replace each other in a sink's own order, which nobody else knows."""
    world = world_of(replace(FEED, disposition=disposition))
    delivery = loaded(world)

    class Hiding(MemorySink):
        def loads(self) -> Iterator[Stored]:
            return (replace(stored, is_seen=False) for stored in super().loads())

    world.sink.__class__ = Hiding
    found = reconciled(world)
    assert found.agrees is agrees
    assert [item["delivery_id"] for item in found.miscounted.first] == ([] if agrees else [delivery.delivery_id])


def test_rows_that_are_missing_from_a_merged_table_are_told() -> None:
    contract = Contract(schema=Schema(fields=(Field(name="id"), Field(name="name")), primary_key=("id",)))
    world = world_of(replace(FEED, disposition="merge", keys=("id",), contract=contract))
    largest = loaded(world, data=CLEAN + b"3,Joan\n")
    loaded(world, "in/b.csv", b"id,name\n1,Eve\n")
    assert reconciled(world).agrees

    class Plundered(MemorySink):
        def count(self, delivery_id: str) -> int:
            return super().count(delivery_id) - (delivery_id == largest.delivery_id)

    world.sink.__class__ = Plundered
    [item] = reconciled(world).miscounted.first
    assert (item["delivery_id"], item["rows_loaded"], item["counted"]) == (largest.delivery_id, 3, 2)
    assert reconciled(world, prefix="out/").agrees


def test_a_damaged_inspection_keeps_no_delivery_from_being_compared() -> None:
    world = world_of(sink=Mute())
    delivery = loaded(world)
    name = f"inspections/{delivery.delivery_id}.json"
    world.objects.write("csvgate-results", name, b'{"x":', "application/json")
    world.sink.undo(delivery.delivery_id)
    assert reconciled(world).unheard.first[0]["repaired"] is True
    assert (world.head("in/a.csv").state, reconciled(world).agrees) == ("undone", True)


def test_a_sink_that_never_heard_of_what_the_catalog_calls_loaded_is_told() -> None:
    """Its database was made anew, or is another one."""
    world = world_of()
    loaded(world)
    world.sink = MemorySink()
    found = reconciled(world)
    assert (names(found), found.miscounted.first[0]["counted"]) == ({"miscounted": ["in/a.csv"]}, 0)


def test_what_a_feed_took_in_and_never_loaded_is_told() -> None:
    """Its feed had no sink then; what came before the feed itself is no fault."""
    world = world_of(replace(FEED, sink="none"))
    loaded(world)
    loaded(world, "elsewhere.csv")
    world.feeds = Feeds((replace(FEED, key="**"),))
    assert names(reconciled(world)) == {"unloaded": ["in/a.csv"]}


def test_rows_of_which_the_catalog_knows_nothing_are_told() -> None:
    """Nobody can tell whose they are, so nobody is asked where keys are narrowed."""
    world = world_of(sink=Mute())
    delivery = loaded(world)
    world.objects.purge(BUCKET, "in/a.csv", delivery.arrival.version_id)
    forgetful = World(feeds=world.feeds, sink=world.sink, objects=world.objects)
    [item] = reconciled(forgetful).unheard.first
    assert (item["key"], item["delivery_id"], item["repaired"]) == (None, delivery.delivery_id, False)
    assert reconciled(forgetful, prefix="in/").agrees
    assert reconciled(forgetful, key_prefix="in/").unheard.count == 1


def test_other_prefixes_and_what_is_in_work_are_left_alone() -> None:
    world = world_of(sink=Mute())
    world.sink.undo(loaded(world).delivery_id)
    assert reconciled(world, prefix="out/").agrees
    working = Delivery.of(world.head("in/a.csv").arrival, "failed", at=world.now)
    elsewhere = World(feeds=world.feeds, sink=world.sink, objects=world.objects)
    elsewhere.catalog.record(working, (), Standing(how="by-sequencer"))
    assert names(reconciled(elsewhere)) == {}


def test_a_word_that_comes_too_late_is_left_for_the_next_run() -> None:
    world = world_of(sink=Mute())
    world.sink.undo(loaded(world).delivery_id)

    class Restless(type(world.catalog)):  # type: ignore[misc]  # the type of the fake, whatever it is
        def amend(self, *_: object, **__: object) -> bool:
            return False

    world.catalog.__class__ = Restless
    assert reconciled(world).unheard.first[0]["repaired"] is False


def test_rows_that_a_reload_left_in_another_sink_are_told() -> None:
    """It was killed between the two."""
    world = world_of()
    delivery = loaded(world)
    moved = replace(delivery, sink="parquet", generation=2)
    assert world.catalog.amend(moved, (), seen=delivery)
    [item] = reconciled(world).miscounted.first
    assert (item["rows_loaded"], item["counted"]) == (0, 2)


def parquet_world(disposition: Disposition) -> World:
    objects = MemoryObjectStore()
    sink = ParquetSink(objects, "csvgate-results", written_before)
    feeds = Feeds((replace(FEED, sink="parquet", shape="rows", disposition=disposition),))
    return World(objects=objects, others={"parquet": sink}, feeds=feeds)


@pytest.mark.parametrize("disposition", ["append", "replace"])
def test_a_list_of_files_that_somebody_deleted_is_told_and_written_anew(disposition: Disposition) -> None:
    world = parquet_world(disposition)
    delivery = loaded(world)
    [live] = world.objects.documents("csvgate-results", "live/")
    world.objects.remove(live)
    [item] = reconciled(world).miscounted.first
    assert (item["delivery_id"], item["counted"], item["repaired"]) == (delivery.delivery_id, 0, True)
    assert (reconciled(world).agrees, world.others["parquet"].count(delivery.delivery_id)) == (True, 2)


def killed(step: Callable[[ParquetSink, World], object]) -> Iterator[World]:
    """A loaded file, and what is left when the step is killed at its first call, at its second, and so on."""
    for at in count(1):
        world = parquet_world("append")
        loaded(world)
        fault = Fault(at=at, error=Killed)
        with suppress(Killed):
            step(ParquetSink(fault.around(world.objects), "csvgate-results", written_before), world)
        yield world
        if fault.calls < at:
            assert at > 5
            return


def seen(world: World, table: str) -> int:
    """How many rows of the table readers see."""
    return once.seen(world.objects, "csvgate-results", Target(table=table, columns=(), shape="rows"))


def test_rows_of_which_an_undo_that_was_killed_left_the_list_are_out_of_it_after_a_reconciliation() -> None:
    for world in killed(lambda sink, world: sink.undo(world.head("in/a.csv").delivery_id)):
        reconciled(world)
        assert reconciled(world).agrees
        assert seen(world, "people") == (2 if world.head("in/a.csv").state == "loaded" else 0)


def test_rows_that_were_to_be_moved_are_where_the_catalog_says_after_a_reconciliation() -> None:
    def move(sink: ParquetSink, world: World) -> None:
        world.feeds = Feeds((replace(world.feeds.feeds[0], table="elsewhere"),))
        world.others["parquet"] = sink
        reload(world.head("in/a.csv"), world.ports())

    for world in killed(move):
        world.others["parquet"] = ParquetSink(world.objects, "csvgate-results", written_before)
        reconciled(world)
        assert reconciled(world).agrees
        assert {name: seen(world, name) for name in ("people", "elsewhere")} == {
            "people": 0,
            "elsewhere": 0,
            world.head("in/a.csv").table: 2,
        }
