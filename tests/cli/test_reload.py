"""csvgate reload: rows that were taken back, or were never loaded, are in their sink."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from csvgate.cli.main import csvgate
from csvgate.cli.session import Session
from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.memory.sink import MemorySink
from csvgate.pipeline.story import fail_inspection, fail_recording, inspect_delivery, record_delivery
from tests.world import BUCKET, CLEAN, World

Run = Callable[..., Result]


@pytest.fixture
def world() -> World:
    """Two rows of one delivery are in a sink."""
    world = World(feeds=Feeds((Feed(name="people", key="in/*", sink="postgresql"),)))
    world.finish(world.objects.put(BUCKET, "in/a.csv", CLEAN), world.objects.put(BUCKET, "b.csv", CLEAN))
    return world


@pytest.fixture
def run(shell: CliRunner, session: Session, world: World) -> Run:
    """Types commands where that world is."""
    return lambda *typed: shell.invoke(csvgate, typed, obj=replace(session, bucket=BUCKET, ports=world.ports()))


def test_rows_that_were_taken_back_are_there_again_and_the_receipt_says_so(run: Run, world: World) -> None:
    run("undo", "in/a.csv")
    told = json.loads(run("reload", "in/a.csv", "--json").stdout)
    assert (told["state"], told["load"]["rows_loaded"], told["load"]["generation"]) == ("loaded", 2, 2)
    assert isinstance(world.sink, MemorySink)
    assert len(world.sink.table("people")) == 2
    assert (world.head("in/a.csv").state, world.head("in/a.csv").generation) == ("loaded", 2)


def test_it_is_told_in_words(run: Run) -> None:
    assert run("reload", "in/a.csv").stdout.startswith("loaded\tin/a.csv: 2 rows into postgresql, table people")


def test_where_there_is_nowhere_to_load_it_says_why(run: Run) -> None:
    ran = run("reload", "b.csv")
    assert (ran.exit_code, "belongs to no feed with a sink" in ran.stderr) == (2, True)


def test_an_object_that_is_gone_leaves_all_as_it_was(run: Run, world: World) -> None:
    world.objects.purge(BUCKET, "in/a.csv", world.head("in/a.csv").arrival.version_id)
    assert run("reload", "in/a.csv").exit_code == 1
    assert (world.head("in/a.csv").state, world.sink.count(world.head("in/a.csv").delivery_id)) == ("loaded", 2)


def test_what_failed_at_its_sink_is_loaded(run: Run, world: World) -> None:
    """Also when its message comes again later."""
    inspected = inspect_delivery(world.objects.put(BUCKET, "in/b.csv", CLEAN), world.ports())
    fail_recording(inspected, "the table does not fit", world.ports())
    told = json.loads(run("reload", "in/b.csv", "--json").stdout)
    assert (told["state"], told["load"]["rows_loaded"], told.get("reason")) == ("loaded", 2, None)
    assert record_delivery(inspected, world.ports()).generation == 1
    assert world.head("in/b.csv").state == "loaded"


def test_what_failed_before_it_was_read_names_the_command_that_helps(run: Run, world: World) -> None:
    record_delivery(fail_inspection(world.objects.put(BUCKET, "in/b.csv", CLEAN), "no", world.ports()), world.ports())
    ran = run("reload", "in/b.csv")
    assert (ran.exit_code, "csvgate redrive in/b.csv" in ran.stderr) == (2, True)


def test_what_came_before_its_feed_had_a_sink_is_loaded_with_one_command(run: Run, world: World) -> None:
    """And nothing else; a second time there is nothing left to do."""
    world.feeds = Feeds((Feed(name="all", key="**", sink="postgresql"),))
    done = json.loads(run("reload", "--feed", "all", "--json").stdout)
    assert [(each["key"], each["load"]["rows_loaded"]) for each in done] == [("b.csv", 2)]
    assert run("reload", "--feed", "all").stdout.startswith("nothing\t")


@pytest.mark.parametrize("asked", [[], ["b.csv", "--feed", "people"], ["--feed", "none"]])
def test_a_reload_needs_one_delivery_or_a_feed_that_loads(run: Run, asked: list[str]) -> None:
    assert run("reload", *asked).exit_code == 2
