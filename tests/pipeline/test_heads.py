"""Whose delivery leads its key: removals, events without a sequencer, and buckets without versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations

import pytest

from csvgate.delivery import Arrival, Delivery
from csvgate.errors import AccessRefused, DeliveryBusy
from csvgate.memory import MemoryObjectStore
from csvgate.pipeline.story import (
    fail_inspection,
    fail_recording,
    identify,
    inspect_delivery,
    record_delivery,
)
from tests.world import BUCKET, CLEAN, Fault, World, unversioned

MINIMAL = Arrival(bucket=BUCKET, key="a.csv")


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
