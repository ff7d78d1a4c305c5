"""A connection is kept as long as it is good, and a transaction happens whole or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from csvgate.errors import DeliveryBusy, PermanentError, TransientError
from csvgate.ports.catalog import Standing
from csvgate.postgres.catalog import PostgresCatalog
from csvgate.postgres.connection import Database
from csvgate.postgres.migration import migrate
from csvgate.postgres.sink import PostgresSink
from tests.ports.contents import NOON, Table, as_stored, target, version


def own_pid(database: Database) -> int:
    """The server's process behind the connection that we get."""
    with database.transaction() as connection:
        return connection.info.backend_pid


def end(database: Database, pid: int) -> None:
    """The server ends that connection."""
    with database.transaction() as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_one_connection_serves_one_transaction_after_the_other(database: Database) -> None:
    assert own_pid(database) == own_pid(database)


def test_a_connection_that_the_server_ended_is_made_anew(database: Database, database_url: str) -> None:
    before = own_pid(database)
    with Database(database_url) as other:
        end(other, before)
    assert own_pid(database) != before


def test_a_connection_that_breaks_in_a_transaction_is_a_passing_error(database: Database, database_url: str) -> None:
    def use_it_to_the_end() -> None:
        with Database(database_url) as other, database.transaction() as connection:
            end(other, connection.info.backend_pid)
            connection.execute("SELECT 1")

    with pytest.raises(TransientError):
        use_it_to_the_end()
    assert own_pid(database)


def test_what_an_error_leaves_is_nothing(database: Database) -> None:
    def make_and_fail() -> None:
        with database.transaction() as connection:
            connection.execute("CREATE TABLE gone ()")
            raise PermanentError

    with pytest.raises(PermanentError):
        make_and_fail()
    with database.transaction() as connection:
        assert connection.execute("SELECT to_regclass('gone')").fetchone() == (None,)


SESSION = """
SELECT (SELECT count(*) FROM pg_prepared_statements),
       (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'),
       (SELECT count(*) FROM pg_class WHERE relpersistence = 't'),
       (SELECT array_agg(name) FROM pg_settings WHERE source = 'session')
"""


@pytest.mark.parametrize("disposition", ["append", "replace", "merge"])
def test_nothing_of_a_transaction_stays_with_its_connection(database: Database, disposition: str) -> None:
    """A pooler such as RDS Proxy gives the connection to somebody else afterwards; what is left would pin it."""
    migrate(database)
    sink, catalog = PostgresSink(database), PostgresCatalog(database)
    into = target("id", disposition=disposition, keys=["id"] if disposition == "merge" else [])
    for number in range(1, 8):
        catalog.claim(version(number).arrival, owner="us", now=NOON, lease=timedelta(minutes=1))
        sink.load(version(number), into, Table(cells=[["1"]], stored=as_stored([["1"]])))
        catalog.record(version(number), ["id"], Standing(how="by-sequencer"))
    sink.undo(version(7).delivery_id)
    [connection] = database._idle
    assert connection.prepare_threshold is None
    assert connection.execute(SESSION).fetchone() == (0, 0, 0, None)


def test_a_statement_ends_only_where_a_limit_is_set(database: Database, database_url: str) -> None:
    limits = "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
    with Database(database_url, 30) as hurried:
        for each, expected in ((database, ("0", "15min")), (hurried, ("30s", "15s"))):
            with each.transaction() as connection:
                assert connection.execute(limits).fetchone() == expected


def test_who_waited_in_vain_for_another_load_has_not_failed(database: Database, database_url: str) -> None:
    migrate(database)
    PostgresSink(database).load(version(1), target("id"), Table(cells=[["1"]]))
    with Database(database_url, 1) as hurried, database.transaction() as connection:
        connection.execute("SELECT FROM csvgate.targets FOR UPDATE")
        with pytest.raises(DeliveryBusy, match="busy with another load"):
            PostgresSink(hurried).load(version(2), target("id"), Table(cells=[["2"]]))
