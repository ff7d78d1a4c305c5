"""PostgreSQL as catalog and sink: whoever is killed between the two, and whatever message is lost, they agree."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

import pytest

from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.delivery import Delivery
from csvgate.errors import TransientError
from csvgate.pipeline.story import inspect_delivery, record_delivery
from csvgate.ports import Ports
from csvgate.postgres.catalog import PostgresCatalog
from csvgate.postgres.connection import Database
from csvgate.postgres.load_outbox import PostgresLoadOutbox
from csvgate.postgres.migration import migrate
from csvgate.postgres.sink import PostgresSink
from csvgate.upkeep.reloading import reload, undo
from csvgate.upkeep.replay import replay
from tests.world import BUCKET, CLEAN, Fault, Killed, World

Wired = Callable[[Fault | None], Ports]
FEEDS = Feeds((Feed(name="people", key="**", sink="postgresql", shape="typed"),))
STEPS: dict[str, Callable[[Delivery, Ports], object]] = {"load": record_delivery, "undo": undo, "reload": reload}
CUTS = [
    pytest.param(partial(Fault, error=error, when=when), id=f"{when} {error.__name__}")
    for error in (Killed, TransientError)
    for when in ("before", "after")
]


@pytest.fixture
def world(database: Database) -> World:
    """A world whose rows are in the database."""
    migrate(database)
    return World(sink=PostgresSink(database), feeds=FEEDS)


@pytest.fixture
def wired(world: World, database: Database) -> Wired:
    """Its ports, with the catalog in the database as well; a fault strikes any of them."""
    catalog, outbox = PostgresCatalog(database), PostgresLoadOutbox(database)

    def ports(fault: Fault | None) -> Ports:
        seen, heard = (fault.around(catalog), fault.around(outbox)) if fault else (catalog, outbox)
        return replace(
            world.ports(fault),
            catalog=seen,
            view=seen,
            load_outboxes={"postgresql": heard},
            clock=lambda: datetime.now(UTC),
        )

    return ports


def left_open(database: Database) -> int:
    """How much the catalog has not heard."""
    with database.transaction() as connection:
        found = connection.execute("SELECT count(*) FROM csvgate.outbox WHERE heard_at IS NULL").fetchone()
    return int(found[0]) if found else 0


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("step", STEPS)
def test_cut_off_at_any_call_and_never_repeated_the_catalog_says_what_the_sink_holds(
    world: World, wired: Wired, database: Database, step: str, cut: Callable[..., Fault]
) -> None:
    """Its message may be gone for good: a sweep is enough."""
    ports = wired(None)
    for at in count(1):
        delivery = inspect_delivery(world.objects.put(BUCKET, f"{at}.csv", CLEAN), ports)
        delivery = delivery if step == "load" else record_delivery(delivery, ports)
        fault = cut(at=at)
        with suppress(Killed, TransientError):
            STEPS[step](delivery, wired(fault))
        replay(ports, grace=timedelta(0))
        known = ports.catalog.get(delivery.delivery_id)
        assert known is not None
        assert (known.rows_loaded or 0) == world.sink.count(delivery.delivery_id)
        assert (known.generation or 0) == world.sink.generation(delivery.delivery_id)
        assert left_open(database) == 0
        if fault.calls < at:
            break


def test_what_was_undone_before_there_was_an_outbox_is_left_to_reconcile(world: World, database: Database) -> None:
    """The sink does not know the delivery well enough to say it."""
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    world.finish(arrival)
    with database.transaction() as connection:
        connection.execute("DELETE FROM csvgate.outbox")
    assert world.sink.undo(arrival.delivery_id) == 2
    assert PostgresLoadOutbox(database).of(arrival.delivery_id) is None
