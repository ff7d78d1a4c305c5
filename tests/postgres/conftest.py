"""What the tests of PostgreSQL share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from csvgate.local.postgres import Postgres
from csvgate.postgres.connection import Database
from tests.postgres.provision import make_database


@pytest.fixture
def database_url(postgres: Postgres) -> str:
    """A new, empty database."""
    return make_database(postgres)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A new, empty database, as csvgate connects to it."""
    with Database(database_url) as opened:
        yield opened
