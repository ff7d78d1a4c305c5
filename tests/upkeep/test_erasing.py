"""What is erased is gone everywhere and stays away: whoever was killed when, and whatever comes again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Literal

import pytest

from csvgate.core.contracts.feed import Disposition, Feed, Feeds
from csvgate.delivery import Delivery
from csvgate.errors import AccessRefused, CsvgateError, PermanentError, TransientError, UsageError
from csvgate.memory import MemoryCatalog, MemoryObjectStore, MemorySink
from csvgate.pipeline.loading import load
from csvgate.pipeline.story import fail_recording, inspect_delivery, receipt_of, record_delivery
from csvgate.telling.notices import Audience
from csvgate.upkeep.erasing import Erasure, erase
from csvgate.upkeep.reconcile import reconcile
from csvgate.upkeep.reconciliation import Order, Reconciliation
from csvgate.upkeep.reloading import reload, undo
from csvgate.upkeep.replay import say
from tests.ports.contents import table, target
from tests.world import BUCKET, CLEAN, LEASE, Fault, Killed, World

KEPT = {
    "receipt_version",
    "delivery_id",
    "bucket",
    "key",
    "filename",
    "upload_timestamp",
    "file_size_bytes",
    "version_id",
}
TOLD = {"state", "reason", "feed", "etag"}


def feeds(disposition: Disposition = "append") -> Feeds:
    return Feeds((Feed(name="people", key="**", sink="postgresql", disposition=disposition),))


@pytest.fixture
def world() -> World:
    """A world whose feed has rows in a sink, with another one beside it, and somebody who hears everything."""
    return new_world()


def new_world(objects: MemoryObjectStore | None = None) -> World:
    return World(
        objects=objects or MemoryObjectStore(),
        catalog=MemoryCatalog(Audience(channels=("topic",))),
        feeds=feeds(),
        others={"parquet": MemorySink(kind="parquet")},
    )


def delivered(world: World, data: bytes = CLEAN) -> Delivery:
    world.finish(world.objects.put(BUCKET, "a.csv", data))
    return world.head("a.csv")


def inspected(world: World) -> Delivery:
    return inspect_delivery(world.objects.put(BUCKET, "a.csv", CLEAN), world.ports())


def erased(world: World, delivery: Delivery, fault: Fault | None = None) -> Erasure:
    words = fault.around(world.catalog.outbox) if fault else world.catalog.outbox
    return erase(delivery, words, world.ports(fault), "Ada")


def known(world: World, delivery: Delivery) -> Delivery:
    found = world.catalog.get(delivery.delivery_id)
    assert found
    return found


def reconciled(world: World) -> Reconciliation:
    def enqueue(_: object) -> None:
        pytest.fail("nothing is to come again")

    return reconcile(Order(bucket=BUCKET, grace=timedelta(0)), world.ports(), enqueue)


def left(world: World, delivery: Delivery) -> list[object]:
    """All that is there of the delivery but its tombstone."""
    rows = [sink.count(delivery.delivery_id) for sink in (world.sink, *world.others.values())]
    words = [notice for notice in world.catalog.outbox.of(delivery.delivery_id) if notice.delivery.state != "erased"]
    versions = [each for each in world.objects.versions(BUCKET) if each.version_id == delivery.arrival.version_id]
    return [*filter(None, rows), *words, *versions, *world.objects.documents("csvgate-results")]


def test_nothing_stays_but_which_file_it_was_and_who_erased_it_when(world: World) -> None:
    delivery = delivered(world)
    done = erased(world, delivery)
    assert (done.rows, done.documents, done.objects, done.words) == ({"postgresql": 2, "parquet": 0}, 1, 1, 1)
    receipt = receipt_of(known(world, delivery), world.objects)
    assert {name for name, value in receipt.items() if value is not None} <= KEPT | TOLD
    assert (receipt["state"], receipt["reason"]) == ("erased", "by Ada at 2026-01-01T00:00:00Z")
    assert (receipt["etag"], world.catalog.column_names(delivery.delivery_id)) == (None, ())
    assert left(world, delivery) == []


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("error", [Killed, TransientError])
@pytest.mark.parametrize("state", ["loaded", "failed"])
def test_cut_off_at_any_call_another_try_ends_the_same(
    error: type[BaseException], when: Literal["before", "after"], state: str
) -> None:
    for at in count(1):
        world, fault = new_world(), Fault(at=at, error=error, when=when)
        delivery = delivered(world) if state == "loaded" else fail_recording(inspected(world), "no", world.ports())
        try:
            erased(world, delivery, fault)
        except (Killed, CsvgateError):
            world.tick(LEASE)
        erased(world, known(world, delivery))
        assert (left(world, delivery), known(world, delivery).state) == ([], "erased")
        if fault.calls < at:
            break


def test_a_second_time_nothing_is_left_to_do_and_the_first_stays_who_did_it(world: World) -> None:
    delivery = delivered(world)
    first = erased(world, delivery).delivery
    world.tick(timedelta(days=1))
    again = erased(world, first)
    assert (again.delivery, again.rows, again.documents, again.objects) == (
        first,
        {"postgresql": 0, "parquet": 0},
        0,
        0,
    )


def test_whatever_comes_again_brings_nothing_back(world: World) -> None:
    """Its event, its message to the recording stage, what the sink had to say, and a redrive."""
    delivery = inspected(world)
    record_delivery(delivery, world.ports())
    loaded = known(world, delivery)
    first = erased(world, loaded).delivery
    assert record_delivery(delivery, world.ports()) == first
    assert record_delivery(replace(delivery, verdict="rejected"), world.ports()) == first
    assert load(delivery, world.ports()) == first
    assert not say(replace(loaded, generation=2), world.ports())
    world.finish(delivery.arrival)
    assert (left(world, delivery), known(world, delivery)) == ([], first)


def test_what_is_erased_is_neither_loaded_again_nor_taken_back(world: World) -> None:
    first = erased(world, delivered(world)).delivery
    with pytest.raises(UsageError, match=r"a\.csv is erased"):
        reload(first, world.ports())
    assert (undo(first, world.ports()), known(world, first)) == (0, first)


@pytest.mark.parametrize("versioning", ["enabled", "off", "suspended"])
def test_the_event_of_the_removal_and_a_reconciliation_find_nothing_to_do(
    versioning: Literal["enabled", "off", "suspended"],
) -> None:
    world = new_world(MemoryObjectStore(versioning=versioning))
    delivery = delivered(world)
    erased(world, delivery)
    world.finish(world.objects.arrivals[-1])
    found = reconciled(world)
    assert (found.agrees, found.gone.count) == (True, 0)
    assert (world.head("a.csv").state, known(world, delivery).state) == ("deleted", "erased")


def test_without_the_event_of_the_removal_the_tombstone_leads(world: World) -> None:
    erased(world, delivered(world))
    assert (world.head("a.csv").state, reconciled(world).agrees) == ("erased", True)


def test_of_several_versions_the_others_stay_and_the_one_before_leads_again(world: World) -> None:
    world.feeds = feeds("replace")
    old, new = delivered(world), delivered(world, CLEAN + b"3,Joan\n")
    erased(world, new)
    world.finish(world.objects.arrivals[-1])
    assert (world.head("a.csv"), world.sink.count(old.delivery_id)) == (old, 2)
    assert reconciled(world).agrees
    erased(world, old)
    assert left(world, old) == []


def test_an_object_that_was_overwritten_is_not_touched() -> None:
    world = new_world(MemoryObjectStore(versioning="off"))
    old, new = delivered(world), delivered(world, b"id\n1\n")
    assert erased(world, old).objects == 0
    assert (world.head("a.csv"), len([*world.objects.versions(BUCKET)])) == (new, 1)


def test_those_who_are_told_hear_that_it_is_erased_and_nothing_of_what_was_in_it(world: World) -> None:
    delivery = delivered(world)
    erased(world, delivery)
    [notice] = world.catalog.outbox.of(delivery.delivery_id)
    assert (notice.delivery.state, notice.delivery.row_count) == ("erased", None)


def test_what_somebody_works_on_is_left_to_him_until_his_lease_ends(world: World) -> None:
    delivery = inspected(world)
    with pytest.raises(UsageError, match="try again after 2026-01-01T00:01:30Z"):
        erased(world, known(world, delivery))
    world.tick(LEASE)
    erased(world, known(world, delivery))
    world.record_all()
    assert (left(world, delivery), known(world, delivery).state) == ([], "erased")


def test_a_deletion_is_no_file(world: World) -> None:
    delivered(world)
    world.finish(world.objects.delete(BUCKET, "a.csv"))
    with pytest.raises(UsageError, match="no file"):
        erased(world, world.head("a.csv"))


class Refusing(MemorySink):
    """It does not answer, for that reason."""

    def __init__(self, problem: CsvgateError) -> None:
        super().__init__(kind="parquet")
        self._problem = problem

    def forget(self, delivery_id: str) -> int:
        raise self._problem


@pytest.mark.parametrize(
    ("problem", "is_told"),
    [(TransientError("away"), True), (AccessRefused("no"), True), (PermanentError("no such table"), False)],
)
def test_what_cannot_be_removed_is_told_and_the_rest_is(world: World, problem: CsvgateError, *, is_told: bool) -> None:
    """Of a sink that no feed names, the table need not be there."""
    world.others["parquet"] = Refusing(problem)
    delivery = delivered(world)
    done = erased(world, delivery)
    assert (done.left, left(world, delivery)) == ({"rows in parquet": str(problem)} if is_told else {}, [])
    assert known(world, delivery).state == ("erasing" if is_told else "erased")
    assert (reconciled(world).erasing.count, reconciled(world).agrees) == (is_told, not is_told)


def test_a_sink_that_is_not_set_up_here_keeps_it_from_ending_also_the_next_time(world: World) -> None:
    delivery = delivered(world)
    elsewhere = replace(world.ports(), sinks={})
    for _ in range(2):
        done = erase(known(world, delivery), world.catalog.outbox, elsewhere, "Ada")
        assert (list(done.left), done.delivery.state) == (["rows in postgresql"], "erasing")
    assert erased(world, known(world, delivery)).delivery.state == "erased"


def test_rows_that_somebody_loads_at_the_same_moment_are_found_and_go_with_the_next_try(world: World) -> None:
    first = erased(world, delivered(world)).delivery
    world.others["parquet"].load(first, target("id", "name"), table("1,Ada"))
    [item] = reconciled(world).miscounted.first
    assert (item["delivery_id"], item["rows_loaded"], item["counted"]) == (first.delivery_id, 0, 1)
    assert (erased(world, first).rows["parquet"], reconciled(world).agrees) == (1, True)
