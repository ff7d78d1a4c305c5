"""PostgreSQL's outbox, beyond what every outbox promises: what has to be said is gone with the record that failed."""

from __future__ import annotations

import pytest

from csvgate.errors import CsvgateError
from csvgate.ports.catalog import Standing
from csvgate.postgres.catalog import PostgresCatalog
from csvgate.postgres.connection import Database
from csvgate.postgres.migration import migrate
from csvgate.postgres.outbox import PostgresOutbox
from csvgate.telling.notices import Audience
from tests.ports.contents import NOON, version


def test_what_was_not_recorded_is_not_said(database: Database) -> None:
    migrate(database)
    with database.transaction() as connection:
        connection.execute("ALTER TABLE csvgate.notices ADD CHECK (channel <> 'bus')")
    catalog = PostgresCatalog(database, Audience(channels=("topic", "bus")))
    with pytest.raises(CsvgateError):
        catalog.record(version(1), (), Standing(how="by-sequencer"))
    assert list(PostgresOutbox(database).due(NOON)) == []
    assert catalog.get(version(1).delivery_id) is None
