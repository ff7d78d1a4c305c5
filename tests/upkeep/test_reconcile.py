"""The bucket against the catalog: what was lost comes again, what differs is told, and nothing is done twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from csvgate.delivery import Arrival
from csvgate.errors import TransientError
from csvgate.memory import MemoryObjectStore
from csvgate.memory.objects import Versioning
from csvgate.pipeline.story import fail_inspection, inspect_delivery
from csvgate.upkeep.reconcile import reconcile
from csvgate.upkeep.reconciliation import GRACE, Order, Reconciliation
from tests.world import BUCKET, CLEAN, LEASE, Fault, Killed, World

AT_ONCE = Order(bucket=BUCKET, grace=timedelta(0))


def ignore(_: int) -> None:
    """Nobody watches the progress."""


def reconciled(
    world: World, order: Order = AT_ONCE, progress: Callable[[int], None] = ignore
) -> tuple[Reconciliation, list[Arrival]]:
    """The report, and what was put on the arrivals queue."""
    sent: list[Arrival] = []
    return reconcile(order, world.ports(), sent.append, progress), sent


def repaired(world: World) -> Reconciliation:
    """What a second run says when everything that the first one sent has been delivered."""
    world.finish(*reconciled(world)[1])
    return reconciled(world)[0]


def later(world: World) -> World:
    """All uploads are older than any grace, as seen from now."""
    world.tick(timedelta(days=1))
    return world


def test_what_is_recorded_agrees() -> None:
    world = World()
    world.finish(world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.delete(BUCKET, "a.csv"))
    report, sent = reconciled(world)
    assert (report.agrees, report.versions, report.settled, sent) == (True, 2, 2, [])


def test_lost_events_are_found_for_versions_and_delete_markers() -> None:
    world = World()
    for content in (CLEAN, CLEAN * 2):
        world.objects.put(BUCKET, "a.csv", content)
    world.objects.delete(BUCKET, "a.csv")
    report, sent = reconciled(world)
    assert (report.missing.count, report.enqueued, len(sent), report.agrees) == (3, 3, 3, False)
    assert repaired(world).agrees
    assert world.head("a.csv").state == "deleted"
    assert len(world.history("a.csv")) == 3


def test_an_event_that_comes_after_all_changes_nothing() -> None:
    world = World()
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    assert repaired(world).agrees
    world.finish(arrival)
    assert len(world.history("a.csv")) == 1


def test_what_was_uploaded_within_the_grace_is_given_its_time() -> None:
    world = World()
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    young, sent = reconciled(world, Order(bucket=BUCKET))
    assert (young.pending, young.agrees, sent) == (1, True, [])
    world.tick(GRACE)
    assert reconciled(world, Order(bucket=BUCKET))[1] == [replace(arrival, sequencer=None)]


def test_more_versions_than_fit_into_a_batch_are_all_compared() -> None:
    world, seen = World(), list[int]()
    for number in range(250):
        world.objects.put(BUCKET, f"{number}.csv", CLEAN)
    report, _ = reconciled(world, progress=seen.append)
    assert (report.missing.count, seen[-1]) == (250, 250)


def test_who_went_silent_is_called_stuck_when_the_grace_is_over() -> None:
    world = World()
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    world.deliver(arrival, Fault(at=2, error=Killed))
    young, sent = reconciled(world, Order(bucket=BUCKET))
    assert (young.pending, young.agrees, sent) == (1, True, [])
    world.tick(GRACE)
    stuck, sent = reconciled(world, Order(bucket=BUCKET))
    assert (stuck.stuck.count, sent) == (1, [arrival])
    assert repaired(world).agrees


def test_failures_are_told_and_sent_again_only_when_asked() -> None:
    world = World()
    fail_inspection(world.objects.put(BUCKET, "a.csv", CLEAN), "S3 was slow", world.ports())
    world.record_all()
    report, sent = reconciled(world)
    assert (report.failed.first[0]["reason"], report.agrees, sent) == ("S3 was slow", False, [])
    world.finish(*reconciled(world, replace(AT_ONCE, retry_failed=True))[1])
    assert reconciled(world)[0].agrees


@pytest.mark.parametrize("versioning", ["enabled", "suspended"])
def test_a_head_that_is_not_the_latest_version_is_told_and_put_right(versioning: Versioning) -> None:
    """As it is when the event of the removal was lost."""
    world = World()
    world.objects.versioning = versioning
    older = world.objects.put(BUCKET, "a.csv", CLEAN)
    world.finish(older)
    world.objects.versioning = "enabled"
    newer = world.objects.put(BUCKET, "a.csv", CLEAN)
    world.finish(newer)
    world.objects.purge(BUCKET, "a.csv", newer.version_id)
    report, sent = reconciled(world)
    [told] = report.heads.first
    assert (told["latest"], told["head"], told["repaired"]) == (older.delivery_id, newer.delivery_id, True)
    assert (report.agrees, sent, world.head("a.csv").delivery_id) == (False, [], older.delivery_id)
    assert reconciled(world)[0].agrees


def test_a_head_that_changes_while_it_is_put_right_is_left_alone() -> None:
    world = World()
    older, newer = world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.put(BUCKET, "a.csv", CLEAN)
    world.finish(older, newer)
    world.objects.purge(BUCKET, "a.csv", newer.version_id)

    class Restless(type(world.catalog)):  # type: ignore[misc]  # the type of the fake, whatever it is
        def lead(self, *_: object, **__: object) -> bool:
            return False

    world.catalog.__class__ = Restless
    assert reconciled(world)[0].heads.first[0]["repaired"] is False
    assert world.head("a.csv").delivery_id == newer.delivery_id


def test_an_object_that_is_gone_is_worth_knowing_and_no_fault() -> None:
    world = World()
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    world.finish(arrival)
    world.finish(world.objects.purge(BUCKET, "a.csv", arrival.version_id))
    report, _ = reconciled(world)
    assert (report.agrees, report.gone.first[0]["delivery_id"]) == (True, arrival.delivery_id)


def test_what_vanished_before_it_was_read_is_not_told_again() -> None:
    world = World()
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    world.finish(arrival, world.objects.purge(BUCKET, "a.csv", arrival.version_id))
    assert reconciled(world)[0].gone.count == 0


def test_what_comes_while_the_bucket_is_listed_is_not_called_gone() -> None:
    world = World()
    world.finish(world.objects.put(BUCKET, "b.csv", CLEAN))
    report, _ = reconciled(world, progress=lambda _: world.finish(world.objects.put(BUCKET, "a.csv", CLEAN)))
    assert (report.versions, report.gone.count) == (1, 0)


def test_other_prefixes_and_buckets_are_left_alone() -> None:
    world = World()
    world.finish(world.objects.put("elsewhere", "a.csv", CLEAN), world.objects.put(BUCKET, "out/a.csv", CLEAN))
    world.objects.put(BUCKET, "in/a.csv", CLEAN)
    report, sent = reconciled(world, replace(AT_ONCE, prefix="in/"))
    assert (report.versions, report.gone.count, [arrival.key for arrival in sent]) == (1, 0, ["in/a.csv"])


@pytest.mark.parametrize(
    ("prefix", "compared", "is_whole"),
    [(None, "in/", True), ("", "", True), ("in/a", "in/a", False), ("out/", "out/", False)],
)
def test_what_is_taken_in_is_compared_unless_other_keys_are_asked_for(
    prefix: str | None, compared: str, *, is_whole: bool
) -> None:
    order = Order(bucket=BUCKET, key_prefix="in/", prefix=prefix)
    assert (order.within, order.is_whole) == (compared, is_whole)


class TestWithoutVersions:
    """No version id names the delivery, so it is known by etag, size and upload time."""

    @pytest.fixture
    def world(self) -> World:
        return World(objects=MemoryObjectStore(versioning="off"))

    def test_what_is_recorded_agrees(self, world: World) -> None:
        for _ in range(2):
            world.finish(world.objects.put(BUCKET, "a.csv", CLEAN))
        report, sent = reconciled(later(world))
        assert (report.agrees, sent) == (True, [])

    def test_what_was_never_seen_comes_again_and_is_recorded_once(self, world: World) -> None:
        arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
        assert repaired(later(world)).agrees
        world.finish(arrival)
        assert len(world.history("a.csv")) == 1

    def test_a_late_event_is_given_its_time(self, world: World) -> None:
        world.objects.put(BUCKET, "a.csv", CLEAN)
        report, sent = reconciled(world, Order(bucket=BUCKET))
        assert (report.pending, sent) == (1, [])

    def test_who_went_silent_comes_again_under_the_same_identity(self, world: World) -> None:
        arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
        world.deliver(arrival, Fault(at=5, error=Killed))
        later(world)
        assert reconciled(world)[0].stuck.count == 1
        assert repaired(world).agrees
        assert [delivery.delivery_id for delivery in world.history("a.csv")] == [arrival.delivery_id]

    def test_the_same_content_at_another_time_is_told_and_not_loaded_again(self, world: World) -> None:
        arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
        world.deliver(arrival)
        [message] = world.inspected.receive()
        world.inspected.send(message.body.replace("2026-01-01T00:00:00Z", "2026-01-01T00:00:07Z"))
        world.record_all()
        report, sent = reconciled(later(world))
        assert (report.unsure.count, report.agrees, sent) == (1, False, [])


def test_the_report_is_json() -> None:
    world = World()
    world.objects.put(BUCKET, "a ä\n.csv", CLEAN)
    told = json.loads(json.dumps(reconciled(world)[0].to_json()))
    assert (told["missing"]["count"], told["missing"]["first"][0]["key"], told["agrees"]) == (1, "a ä\n.csv", False)


def test_a_delivery_that_is_being_worked_on_while_it_is_sent_again_ends_once() -> None:
    world = World()
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    inspect_delivery(arrival, world.ports())
    report, sent = reconciled(later(world))
    assert report.stuck.count == 1
    world.record_all()
    world.finish(*sent)
    assert [delivery.state for delivery in world.history("a.csv")] == ["recorded"]


def test_a_queue_that_fails_stops_the_run_and_the_next_one_goes_on() -> None:
    world = World()
    world.objects.put(BUCKET, "a.csv", CLEAN)

    def fail(_: Arrival) -> None:
        raise TransientError

    with pytest.raises(TransientError):
        reconcile(AT_ONCE, world.ports(), fail)
    world.tick(LEASE)
    assert repaired(world).agrees
