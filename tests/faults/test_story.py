"""The story of one file with its rows in PostgreSQL: cut off at any call, they are there once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Literal

import pytest

from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.errors import TransientError
from csvgate.load import Column, Target
from csvgate.local.postgres import Postgres
from csvgate.pipeline.story import receipt_of
from csvgate.postgres.connection import Database
from csvgate.postgres.migration import migrate
from csvgate.postgres.sink import PostgresSink
from tests.postgres.provision import make_database, seen
from tests.world import BUCKET, Fault, Killed, World

DATA = b'id;name;paid;on\n1;"Ada; Countess";"1.234,50";18.12.2024\n2;Grace;NA;19.12.2024\n3;;"0,5";20.12.2024\n'
UNDERSTOOD = [
    ("1", "Ada; Countess", "1234.50", "2024-12-18"),
    ("2", "Grace", None, "2024-12-19"),
    ("3", None, "0.5", "2024-12-20"),
]
SALES = Target(table="sales", columns=[Column(name=name) for name in ("id", "name", "paid", "on")], shape="typed")
FEED = Feed(name="sales", key="in/*", sink="postgresql", shape="typed")


@pytest.fixture
def database(postgres: Postgres) -> Iterator[Database]:
    """A new database, ready for rows."""
    with Database(make_database(postgres)) as opened:
        migrate(opened)
        yield opened


@pytest.fixture
def world(database: Database) -> World:
    """A world whose rows are in the database."""
    return World(sink=PostgresSink(database), feeds=Feeds((FEED,)))


def test_rows_land_typed_as_the_whole_file_was_understood(world: World, database: Database) -> None:
    world.finish(world.objects.put(BUCKET, "in/a.csv", DATA))
    assert seen(database, SALES) == UNDERSTOOD
    load = receipt_of(world.head("in/a.csv"), world.objects)["load"]
    assert load == {
        "sink": "postgresql",
        "table": "csvgate_data.sales",
        "rows_loaded": 3,
        "rows_quarantined": 0,
        "verified": True,
    }


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("error", [Killed, TransientError])
def test_cut_off_at_any_call_and_repeated_the_rows_are_there_once(
    world: World, database: Database, error: type[BaseException], when: Literal["before", "after"]
) -> None:
    for at in count(1):
        fault = Fault(at=at, error=error, when=when)
        arrival = world.objects.put(BUCKET, f"in/{at}.csv", DATA)
        world.deliver(arrival, fault)
        world.record_all(fault)
        world.tick(world.ports().lease)
        world.finish(arrival, arrival)
        assert world.head(f"in/{at}.csv").state == "loaded"
        assert len(seen(database, SALES)) == 3 * at
        if fault.calls < at:
            break
