"""A feed that says how often a file comes, and of which none came."""

from __future__ import annotations

from datetime import timedelta

import pytest

from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.memory import MemoryObjectStore
from csvgate.upkeep.reconcile import reconcile
from csvgate.upkeep.reconciliation import Order
from csvgate.upkeep.silence import Silence, recent
from tests.world import BUCKET, CLEAN, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEEDS = Feeds((Feed(name="daily", key="daily/*", expect_every=DAY), Feed(name="any", key="any/*")))


def world_of(*keys: str) -> World:
    """A world in which these files came at once."""
    world = World(feeds=FEEDS)
    world.objects = MemoryObjectStore(clock=lambda: world.now)
    for key in keys:
        world.finish(world.objects.put(BUCKET, key, CLEAN))
    return world


def silence(lasted: timedelta | None) -> Silence:
    return Silence(feed="daily", expected=DAY, lasted=lasted)


@pytest.mark.parametrize(("passed", "is_overdue"), [(HOUR, False), (DAY, False), (DAY + HOUR, True)])
def test_a_feed_is_overdue_when_it_was_silent_for_longer_than_it_says(passed: timedelta, is_overdue: bool) -> None:  # noqa: FBT001
    world = world_of("daily/a.csv")
    world.tick(passed)
    assert recent(world.ports()) == [silence(passed)]
    assert silence(passed).is_overdue is is_overdue


def test_only_its_own_files_count() -> None:
    world = world_of("daily/a.csv")
    world.tick(2 * DAY)
    world.finish(world.objects.put(BUCKET, "any/b.csv", CLEAN))
    world.finish(world.objects.put(BUCKET, "daily/folder/", b""))
    world.finish(world.objects.delete(BUCKET, "daily/a.csv"))
    assert recent(world.ports()) == [silence(2 * DAY)]


def test_a_file_that_was_rejected_came_all_the_same() -> None:
    world = world_of()
    world.finish(world.objects.put(BUCKET, "daily/a.csv", b"%PDF-1.7\n%\xe2\xe3"))
    assert recent(world.ports()) == [silence(timedelta(0))]


def test_a_feed_of_which_no_file_ever_came_is_overdue() -> None:
    assert recent(world_of("any/a.csv").ports()) == [silence(None)]
    assert silence(None).is_overdue


def test_of_what_the_newest_deliveries_do_not_tell_nothing_is_said() -> None:
    """Unless they go back so far that it is too long in any case."""
    world = world_of("daily/a.csv")
    for number in range(3):
        world.tick(HOUR)
        world.finish(world.objects.put(BUCKET, f"any/{number}.csv", CLEAN))
    assert recent(world.ports(), most=3) == []
    world.tick(DAY)
    assert recent(world.ports(), most=3) == [silence(DAY + 2 * HOUR)]
    assert recent(world.ports()) == [silence(DAY + 3 * HOUR)]


def test_where_no_feed_is_expected_no_delivery_is_read() -> None:
    assert recent(World(feeds=Feeds((Feed(name="any", key="*"),))).ports()) == []


def test_a_comparison_names_feeds_that_are_silent_and_agrees_all_the_same() -> None:
    world = world_of("daily/a.csv")
    world.tick(2 * DAY)
    found = reconcile(Order(bucket=BUCKET), world.ports(), lambda _: None)
    assert found.silent.first == ({"feed": "daily", "expected_seconds": 86_400, "silent_seconds": 172_800},)
    assert found.agrees
    assert reconcile(Order(bucket=BUCKET, prefix="any/"), world.ports(), lambda _: None).silent.count == 0
    assert reconcile(Order(bucket=BUCKET, key_prefix="daily/"), world.ports(), lambda _: None).silent.count == 1
