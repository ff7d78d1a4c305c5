"""PostgreSQL as the catalog, beyond what every catalog promises: pages, and several who decide at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from csvgate.delivery import Delivery
from csvgate.ports.catalog import Standing
from csvgate.postgres.catalog import PostgresCatalog
from csvgate.postgres.connection import Database
from csvgate.postgres.migration import migrate
from tests.ports.contents import version

BY_SEQUENCER = Standing(how="by-sequencer")


@pytest.fixture
def catalog(database: Database) -> PostgresCatalog:
    """An empty catalog that reads two deliveries at a time."""
    migrate(database)
    return PostgresCatalog(database, page=2)


def record(catalog: PostgresCatalog, delivery: Delivery) -> bool:
    return catalog.record(delivery, ["id"], BY_SEQUENCER)


def test_a_list_is_whole_however_many_pages_it_has(catalog: PostgresCatalog) -> None:
    """Also where pages end among deliveries of one second and one sequencer."""
    keys = [f"{number}.csv" for number in range(5)]
    assert all(record(catalog, version(number, key)) for key in keys for number in (1, 2))
    listed = [delivery.arrival.key for delivery in catalog.newest()]
    assert (sorted(listed[:5]), sorted(listed[5:])) == (keys, keys)
    assert len(list(catalog.history("in", "3.csv"))) == 2


def test_of_many_versions_that_are_recorded_at_once_the_newest_leads(catalog: PostgresCatalog) -> None:
    versions = [version(number) for number in range(1, 13)]
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda delivery: record(catalog, delivery), versions))
    assert done[-1]
    head = catalog.head("in", "sales.csv")
    assert head
    assert head.delivery_id == versions[-1].delivery_id
