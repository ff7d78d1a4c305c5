"""csvgate undo: rows go, once, and the answer says how many."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from csvgate.cli.main import csvgate
from csvgate.cli.session import Session
from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.memory.sink import MemorySink
from csvgate.pipeline.story import receipt_of
from csvgate.upkeep.reconcile import reconcile
from csvgate.upkeep.reconciliation import Order
from tests.world import BUCKET, CLEAN, World

Undo = Callable[..., Result]


@pytest.fixture
def undo(shell: CliRunner, session: Session, world: World) -> Undo:
    """Types the command where that world is, or one like it."""

    def typed(*arguments: str, **parts: object) -> Result:
        ports = replace(world.ports(), **parts)  # type: ignore[arg-type]  # any of them
        return shell.invoke(csvgate, ["undo", *arguments], obj=replace(session, bucket=BUCKET, ports=ports))

    return typed


def test_the_rows_go_and_a_second_time_there_are_none(undo: Undo, world: World) -> None:
    assert isinstance(world.sink, MemorySink)
    assert len(world.sink.table("people")) == 2
    assert json.loads(undo("a.csv", "--json").stdout)["rows_removed"] == 2
    assert world.sink.table("people") == []
    again = undo("a.csv", "--json")
    assert (again.exit_code, json.loads(again.stdout)["rows_removed"]) == (0, 0)


def test_a_delivery_is_named_as_for_show_and_told_in_words(undo: Undo, world: World) -> None:
    told = undo(world.head("a.csv").delivery_id[:10])
    assert told.stdout.startswith("taken back\t2 rows of a.csv, from people\n")


def test_rows_that_were_taken_back_stay_away(undo: Undo, world: World) -> None:
    """Also when the event comes again."""
    undo("a.csv")
    world.finish(world.head("a.csv").arrival)
    assert world.sink.count(world.head("a.csv").delivery_id) == 0


def test_the_receipt_the_list_and_the_bucket_say_so(undo: Undo, world: World) -> None:
    """Also that the sink counted what is left."""
    undo("a.csv")
    receipt = receipt_of(world.head("a.csv"), world.objects)
    assert (receipt["state"], receipt["load"]["rows_loaded"], receipt["load"]["verified"]) == ("undone", 0, True)
    assert [delivery.state for delivery in world.catalog.newest()] == ["undone"]
    assert reconcile(Order(bucket=BUCKET, grace=timedelta(0)), world.ports(), lambda _: None).agrees


def test_without_the_sink_it_says_what_is_missing(undo: Undo) -> None:
    """Nothing was taken back, and a script must not think so."""
    ran = undo("a.csv", sinks={})
    assert (ran.exit_code, "its rows are in postgresql" in ran.stderr, "DATABASE_URL" in ran.stderr) == (2, True, True)


def test_a_delivery_that_is_not_there_is_wrong_usage(undo: Undo) -> None:
    assert undo("nothing.csv").exit_code == 2


def test_after_an_undo_of_merged_rows_those_are_named_that_do_not_come_back(undo: Undo) -> None:
    """With what brings them back."""
    feed = Feed(name="people", key="**", sink="postgresql", shape="typed", disposition="merge", keys=("id",))
    world = World(feeds=Feeds((feed,)))
    world.finish(world.objects.put(BUCKET, "a.csv", CLEAN), world.objects.put(BUCKET, "b.csv", b"id,name\n2,Eve\n"))
    ports = world.ports()
    parts = {"catalog": ports.catalog, "view": ports.view, "sinks": ports.sinks, "feeds": ports.feeds}
    said = undo("b.csv", **parts, objects=ports.objects, load_outboxes=ports.load_outboxes).stdout
    assert "not back\tat most 1 row that were overwritten" in said
    assert f"1 of a.csv: csvgate reload {world.head('a.csv').delivery_id[:10]}" in said


def test_an_undo_of_nothing_says_so(undo: Undo) -> None:
    undo("a.csv")
    assert "nothing: no sink has rows of a.csv" in undo("a.csv").stdout
