"""A connection is kept as long as it is good, and a transaction happens whole or not at all."""

from __future__ import annotations

import pytest

from csvgate.errors import PermanentError, TransientError
from csvgate.postgres.connection import Database


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
