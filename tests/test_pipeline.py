"""The story of one file, told over the ports in memory: once, twice, late, in the wrong order, and cut off anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, permutations
from typing import Literal

import pytest

from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.delivery import Arrival, Delivery
from csvgate.errors import AccessRefused, DeliveryBusy, TransientError
from csvgate.hurry import Hurry
from csvgate.memory import MemoryObjectStore
from csvgate.pipeline import (
    fail_inspection,
    fail_recording,
    identify,
    inspect_delivery,
    receipt_of,
    record_delivery,
)
from csvgate.ports import OpenObject
from tests.world import BUCKET, CLEAN, LEASE, NOT_CSV, Fault, Killed, World

MINIMAL = Arrival(bucket=BUCKET, key="a.csv")


def unversioned() -> World:
    return World(objects=MemoryObjectStore(versioning="off"))


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


class TestRemovals:
    """A version is removed for good: the head is what the store calls the latest, in whatever order one hears."""

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_removing_the_newest_version_leads_back_to_the_one_before(self, order: tuple[int, ...]) -> None:
        world = World()
        older, newer = world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.put(BUCKET, "a.csv", CLEAN * 2)
        events = [older, newer, world.objects.purge(BUCKET, "a.csv", newer.version_id)]
        world.finish(*(events[place] for place in order))
        assert world.head("a.csv").delivery_id == older.delivery_id
        assert world.catalog.column_names(older.delivery_id) == ("id", "name")

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_removing_a_delete_marker_brings_the_file_back(self, order: tuple[int, ...]) -> None:
        world = World()
        created, deleted = world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.delete(BUCKET, "a.csv")
        events = [created, deleted, world.objects.purge(BUCKET, "a.csv", deleted.version_id)]
        world.finish(*(events[place] for place in order))
        assert world.head("a.csv").delivery_id == created.delivery_id

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_what_was_inspected_before_it_was_removed_does_not_lead_in_any_order(self, order: tuple[int, ...]) -> None:
        """Nor does it afterwards: the events of older versions do not take the head either."""
        world = World()
        older, newer = world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.put(BUCKET, "a.csv", CLEAN * 2)
        inspections = [inspect_delivery(arrival, world.ports()) for arrival in (older, newer)]
        purged = world.objects.purge(BUCKET, "a.csv", newer.version_id)
        inspections.append(inspect_delivery(purged, world.ports()))
        for place in order:
            record_delivery(inspections[place], world.ports())
        assert world.head("a.csv").delivery_id == older.delivery_id

    def test_what_comes_after_it_is_the_head(self) -> None:
        world = World()
        older, newer = world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.put(BUCKET, "a.csv", CLEAN * 2)
        world.finish(older, newer, world.objects.purge(BUCKET, "a.csv", newer.version_id))
        newest = world.objects.put(BUCKET, "a.csv", CLEAN * 3)
        world.finish(newest)
        assert world.head("a.csv").delivery_id == newest.delivery_id

    def test_what_vanished_leads_back_even_if_its_removal_is_never_heard_of(self) -> None:
        world = World()
        older, newer = world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.put(BUCKET, "a.csv", CLEAN)
        world.objects.purge(BUCKET, "a.csv", newer.version_id)
        world.finish(newer, older)
        assert world.head("a.csv").delivery_id == older.delivery_id

    def test_a_version_that_failed_leads_too(self) -> None:
        world = World()
        older, newer = world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.put(BUCKET, "a.csv", CLEAN)
        fail_inspection(older, "S3 is slow down", world.ports())
        world.finish(newer, world.objects.purge(BUCKET, "a.csv", newer.version_id))
        assert world.head("a.csv").state == "failed"
        world.finish(older)
        assert (world.head("a.csv").delivery_id, world.head("a.csv").state) == (older.delivery_id, "recorded")

    def test_an_inspection_that_is_not_kept_any_more_does_not_stop_it(self) -> None:
        world = World()
        older, newer = world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.put(BUCKET, "a.csv", CLEAN)
        world.finish(older, newer)
        world.objects.read = lambda _: None  # type: ignore[misc, method-assign, assignment]  # a lifecycle rule took it
        world.finish(world.objects.purge(BUCKET, "a.csv", newer.version_id))
        assert world.head("a.csv").delivery_id == older.delivery_id


class TestWithoutASequencer:
    """An event that was written by hand, or found by reconcile: the store itself says which version is latest."""

    def test_it_is_the_same_delivery_as_the_real_event(self) -> None:
        world = World()
        arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
        world.finish(MINIMAL, arrival, replace(MINIMAL, version_id=arrival.version_id))
        assert [delivery.delivery_id for delivery in world.history("a.csv")] == [arrival.delivery_id]

    def test_the_latest_version_becomes_the_head_and_an_older_one_does_not(self) -> None:
        world = World()
        older, newer = (replace(world.objects.put(BUCKET, "a.csv", CLEAN), sequencer=None) for _ in range(2))
        world.finish(newer, older)
        assert world.head("a.csv").delivery_id == newer.delivery_id

    def test_a_head_without_one_is_followed_by_newer_versions_only(self) -> None:
        world = World()
        older, found = world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.put(BUCKET, "a.csv", CLEAN)
        world.finish(replace(found, sequencer=None), older)
        assert world.head("a.csv").delivery_id == found.delivery_id
        newest = world.objects.put(BUCKET, "a.csv", CLEAN)
        world.finish(newest)
        assert world.head("a.csv").delivery_id == newest.delivery_id

    def test_a_deletion_is_the_head_only_while_nothing_came_after_it(self) -> None:
        world = World()
        world.finish(world.objects.put(BUCKET, "a.csv", CLEAN))
        deleted = replace(world.objects.delete(BUCKET, "a.csv"), sequencer=None)
        again = world.objects.put(BUCKET, "a.csv", CLEAN)
        world.finish(deleted)
        assert world.head("a.csv").state == "recorded"
        world.finish(again)
        assert world.head("a.csv").delivery_id == again.delivery_id

    def test_a_key_that_is_not_there_has_vanished(self) -> None:
        world = World()
        world.finish(MINIMAL)
        assert [delivery.state for delivery in world.history("a.csv")] == ["vanished"]

    def test_a_bucket_that_is_not_there_has_it_not_either(self) -> None:
        world = World()
        world.objects.drop(BUCKET)
        world.finish(MINIMAL)
        assert [delivery.state for delivery in world.history("a.csv")] == ["vanished"]

    def test_a_store_that_refuses_does_not_keep_a_failure_from_being_told(self) -> None:
        world = World()
        refused = replace(world.ports(), objects=Fault(at=1, error=AccessRefused).around(world.objects))
        fail_recording(Delivery.of(MINIMAL, "received", at=world.now), "access refused", refused)
        assert [delivery.state for delivery in world.history("a.csv")] == ["failed"]


class TestWithoutVersions:
    """A bucket that keeps no versions: the object may be another one by the time it is read."""

    def test_every_overwrite_is_a_delivery_of_its_own(self) -> None:
        world = unversioned()
        for _ in range(2):
            world.finish(world.objects.put(BUCKET, "a.csv", CLEAN))
        assert [delivery.state for delivery in world.history("a.csv")] == ["recorded", "recorded"]

    def test_an_object_that_was_overwritten_is_superseded(self) -> None:
        world = unversioned()
        older, newer = world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.put(BUCKET, "a.csv", CLEAN * 2)
        world.finish(older, newer)
        assert [delivery.state for delivery in world.history("a.csv")] == ["recorded", "superseded"]
        assert world.head("a.csv").delivery_id == newer.delivery_id

    def test_what_was_overwritten_after_it_was_read_does_not_lead(self) -> None:
        world = unversioned()
        older = replace(world.objects.put(BUCKET, "a.csv", CLEAN), sequencer=None)
        inspected = inspect_delivery(older, world.ports())
        world.objects.put(BUCKET, "a.csv", CLEAN * 2)
        assert record_delivery(inspected, world.ports()).state == "recorded"
        assert world.catalog.head(BUCKET, "a.csv") is None

    def test_an_event_by_hand_repeats_the_delivery_of_the_real_one(self) -> None:
        world = unversioned()
        arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
        world.finish(arrival, MINIMAL, replace(arrival, sequencer=None), arrival)
        assert [delivery.delivery_id for delivery in world.history("a.csv")] == [arrival.delivery_id]

    def test_the_real_event_repeats_the_delivery_of_one_by_hand(self) -> None:
        world = unversioned()
        arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
        world.finish(MINIMAL, arrival, MINIMAL)
        assert len(world.history("a.csv")) == 1

    def test_events_by_hand_are_one_delivery_whatever_time_they_tell(self) -> None:
        world = unversioned()
        world.objects.put(BUCKET, "a.csv", CLEAN)
        world.deliver(replace(MINIMAL, time=datetime(1970, 1, 1, tzinfo=UTC)))
        with pytest.raises(DeliveryBusy):
            inspect_delivery(identify(MINIMAL, world.ports()), world.ports())

    def test_what_was_created_before_a_marker_does_not_replace_it(self) -> None:
        world = World(objects=MemoryObjectStore(versioning="suspended"))
        created, deleted = world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.delete(BUCKET, "a.csv")
        world.finish(deleted, replace(created, sequencer=None))
        assert world.head("a.csv").state == "deleted"

    def test_a_deletion_is_a_tombstone_until_the_key_comes_back(self) -> None:
        world = unversioned()
        world.finish(world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.delete(BUCKET, "a.csv"))
        assert world.head("a.csv").state == "deleted"
        world.finish(world.objects.put(BUCKET, "a.csv", CLEAN))
        assert world.head("a.csv").state == "recorded"

    def test_suspended_versioning_keeps_every_overwrite_apart(self) -> None:
        world = World()
        first = world.objects.put(BUCKET, "a.csv", CLEAN)
        world.objects.versioning = "suspended"
        second, third = world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.put(BUCKET, "a.csv", CLEAN)
        world.finish(third, first, second)
        assert len(world.history("a.csv")) == 3
        assert world.head("a.csv").delivery_id == third.delivery_id


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
