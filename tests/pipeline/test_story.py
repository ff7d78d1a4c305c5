"""The story of one file, told over the ports in memory: once, twice, late, in the wrong order, and cut off anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Literal

import pytest

from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.delivery import Arrival
from csvgate.errors import DeliveryBusy, TransientError
from csvgate.memory import MemoryObjectStore
from csvgate.pipeline.hurry import Hurry
from csvgate.pipeline.story import (
    fail_inspection,
    fail_recording,
    inspect_delivery,
    receipt_of,
    record_delivery,
)
from csvgate.ports.objects import OpenObject
from tests.world import BUCKET, CLEAN, LEASE, NOT_CSV, Fault, Killed, World, unversioned

MINIMAL = Arrival(bucket=BUCKET, key="a.csv")


def test_a_file_becomes_a_recorded_delivery_with_a_whole_receipt() -> None:
    world = World()
    world.finish(world.objects.put(BUCKET, "in/a.csv", CLEAN))
    receipt = receipt_of(world.head("in/a.csv"), world.objects)
    facts = ("filename", "row_count", "column_names", "verdict", "state", "file_size_bytes")
    assert [receipt[name] for name in facts] == ["a.csv", 2, ["id", "name"], "ok", "recorded", len(CLEAN)]
    assert world.catalog.column_names(receipt["delivery_id"]) == ("id", "name")


def test_a_repeated_event_changes_nothing_and_gives_the_first_answer() -> None:
    world = World()
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    world.finish(arrival, arrival)
    first = world.head("a.csv")
    answers = [inspect_delivery(arrival, world.ports()) for _ in range(3)]
    assert answers == [first] * 3
    assert world.history("a.csv") == [first]
    assert len(world.inspected) == 0


def test_versions_in_the_wrong_order_keep_the_newer_head_and_both_receipts() -> None:
    world = World()
    older, newer = world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.put(BUCKET, "a.csv", CLEAN + b"3,Joan\n")
    world.finish(newer, older)
    assert world.head("a.csv").row_count == 3
    assert [delivery.row_count for delivery in world.history("a.csv")] == [3, 2]


def test_what_is_no_csv_is_rejected_with_a_reason() -> None:
    world = World()
    world.finish(world.objects.put(BUCKET, "report.csv", NOT_CSV))
    rejected = world.head("report.csv")
    assert (rejected.state, rejected.verdict) == ("rejected", "rejected")
    assert rejected.reason is not None
    assert rejected.reason.startswith("not-csv: ")


def test_a_folder_marker_is_ignored() -> None:
    world = World()
    world.finish(world.objects.put(BUCKET, "folder/", b""))
    assert (world.head("folder/").state, world.head("folder/").filename) == ("ignored", "folder")


def test_a_late_created_event_does_not_bring_a_deleted_file_back() -> None:
    world = World()
    created, deleted = world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.delete(BUCKET, "a.csv")
    world.finish(deleted, created)
    assert world.head("a.csv").state == "deleted"
    assert {delivery.state for delivery in world.history("a.csv")} == {"deleted", "recorded"}


def test_a_version_that_is_gone_has_vanished() -> None:
    world = World()
    created = world.objects.put(BUCKET, "a.csv", CLEAN)
    purged = world.objects.purge(BUCKET, "a.csv", created.version_id)
    world.finish(created, purged)
    assert [delivery.state for delivery in world.history("a.csv")] == ["deleted", "vanished"]
    assert world.head("a.csv").state == "deleted"


def test_purging_an_old_version_leaves_the_head() -> None:
    world = World()
    older, newer = world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.put(BUCKET, "a.csv", CLEAN)
    world.finish(older, newer, world.objects.purge(BUCKET, "a.csv", older.version_id))
    assert world.head("a.csv").delivery_id == newer.delivery_id
    assert len(world.history("a.csv")) == 3


def test_a_delivery_in_other_hands_is_busy_until_its_lease_ends() -> None:
    world = World()
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    world.deliver(arrival, Fault(at=2, error=Killed))
    with pytest.raises(DeliveryBusy):
        inspect_delivery(arrival, world.ports())
    world.tick(LEASE)
    assert inspect_delivery(arrival, world.ports()).attempts == 2


def test_who_has_patience_is_given_the_first_answer() -> None:
    world = World()
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    world.deliver(arrival)

    def clock() -> datetime:
        world.record_all()
        return world.now

    ports = replace(world.ports(), clock=clock)
    assert inspect_delivery(arrival, ports, Hurry(patience=timedelta(seconds=5))).state == "recorded"


def test_a_transient_error_releases_the_claim() -> None:
    world = World()
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    assert not world.deliver(arrival, Fault(at=2, error=TransientError))
    assert inspect_delivery(arrival, world.ports()).state == "inspected"


def test_a_file_that_takes_too_long_goes_back_to_its_queue() -> None:
    world = World()
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    with pytest.raises(TransientError, match="ended before the file"):
        inspect_delivery(arrival, world.ports(), Hurry(deadline=world.now))
    assert inspect_delivery(arrival, world.ports()).state == "inspected"


class Slow(MemoryObjectStore):
    """Every chunk of an object takes its time."""

    def __init__(self, passes: Callable[[], object]) -> None:
        super().__init__()
        self.passes = passes

    def open(self, arrival: Arrival) -> OpenObject | Literal["vanished", "superseded"]:
        opened = super().open(arrival)
        if isinstance(opened, str):
            return opened
        return replace(opened, chunks=lambda: self._slowly(b"".join(opened.chunks())))

    def _slowly(self, content: bytes) -> Iterator[bytes]:
        for at in range(0, len(content), 4):
            self.passes()
            yield content[at : at + 4]


def test_a_claim_is_held_on_to_while_a_file_takes_longer_than_its_lease() -> None:
    """A second event of the same upload finds it busy, long after the first lease."""
    world, seen = World(), Counter[str]()

    def passes() -> None:
        world.tick(LEASE / 4)
        claimed = world.catalog.claim(arrival, owner="twin", now=world.now, lease=LEASE)
        seen[claimed.status] += 1

    world.objects = Slow(passes)
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    assert inspect_delivery(arrival, world.ports()).row_count == 2
    assert set(seen) == {"busy"}
    assert seen["busy"] > 4


def test_who_lost_a_claim_lets_go() -> None:
    """It was suspended for so long that another one began, and may be done."""
    world = World()

    def passes() -> None:
        world.tick(2 * LEASE)
        world.catalog.claim(arrival, owner="twin", now=world.now, lease=10 * LEASE)

    world.objects = Slow(passes)
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    with pytest.raises(DeliveryBusy, match="run out"):
        inspect_delivery(arrival, world.ports())
    assert not world.inspected.receive(limit=10)
    assert world.catalog.claim(arrival, owner="next", now=world.now, lease=LEASE).status == "busy"


def test_a_failed_delivery_says_why_and_can_be_finished_later() -> None:
    world = World()
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    fail_inspection(arrival, "S3 is slow down", world.ports())
    world.record_all()
    assert (world.head("a.csv").state, world.head("a.csv").reason) == ("failed", "S3 is slow down")
    world.finish(arrival)
    assert (world.head("a.csv").state, world.head("a.csv").reason) == ("recorded", None)


def test_a_delivery_knows_its_feed_whatever_becomes_of_it() -> None:
    world = World(feeds=Feeds((Feed(name="daily", key="a*"),)))
    failing, gone = world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.put(BUCKET, "ab.csv", CLEAN)
    fail_inspection(failing, "S3 is slow down", world.ports())
    world.finish(gone, world.objects.delete(BUCKET, "ab.csv"))
    assert {(each.state, each.feed) for each in world.catalog.newest()} == {
        ("failed", "daily"),
        ("recorded", "daily"),
        ("deleted", "daily"),
    }


def test_a_failure_changes_nothing_that_is_finished() -> None:
    world = World()
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    world.finish(arrival)
    recorded = world.head("a.csv")
    fail_inspection(arrival, "too late", world.ports())
    world.record_all()
    fail_recording(recorded, "too late", world.ports())
    assert world.history("a.csv") == [recorded]


def test_without_its_inspection_a_delivery_is_not_recorded() -> None:
    world = World()
    delivery = inspect_delivery(world.objects.put(BUCKET, "a.csv", CLEAN), world.ports())
    with pytest.raises(TransientError, match="is not there"):
        record_delivery(replace(delivery, inspection_uri="s3://csvgate-results/elsewhere"), world.ports())


def test_a_head_that_keeps_changing_sends_the_message_back() -> None:
    world = World()
    arrival = replace(world.objects.put(BUCKET, "a.csv", CLEAN), sequencer=None)
    delivery = inspect_delivery(arrival, world.ports())

    class Restless(type(world.catalog)):  # type: ignore[misc]  # the type of the fake, whatever it is
        def record(self, *_: object) -> bool:
            return False

    with pytest.raises(TransientError, match="keeps changing"):
        record_delivery(delivery, replace(world.ports(), catalog=Restless()))


@pytest.mark.parametrize("error", [TransientError, Killed])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", ["created", "by hand", "rejected", "unversioned"])
def test_wherever_it_is_cut_off_a_redelivery_ends_the_same(
    kind: str, when: Literal["before", "after"], error: type[BaseException]
) -> None:
    """The n-th call of any port goes wrong, for every n: one final receipt, and nothing left on the way."""
    for at in count(1):
        world = unversioned() if kind == "unversioned" else World()
        arrival = world.objects.put(BUCKET, "a.csv", NOT_CSV if kind == "rejected" else CLEAN)
        arrival = MINIMAL if kind == "by hand" else arrival
        fault = Fault(at=at, error=error, when=when)
        through = world.deliver(arrival, fault)
        world.record_all(fault)
        world.tick(LEASE)
        if not through:
            world.finish(arrival)
        world.record_all()
        expected = "rejected" if kind == "rejected" else "recorded"
        assert [delivery.state for delivery in world.history("a.csv")] == [expected]
        assert world.head("a.csv").state == expected
        assert len(world.inspected) == 0
        if fault.calls < at:
            break


def test_the_upload_time_is_the_stores_own() -> None:
    world = World(objects=MemoryObjectStore(clock=lambda: datetime(2026, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)))
    arrival = replace(world.objects.put(BUCKET, "a.csv", CLEAN), time=None)
    world.finish(arrival)
    assert world.head("a.csv").upload_timestamp == datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
