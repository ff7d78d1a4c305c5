"""Migrations: forward only, each once, whoever starts them and however many do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from csvgate.errors import PermanentError
from csvgate.postgres.connection import Database
from csvgate.postgres.migration import Migration, migrate, migrations, require

FIRST = Migration(number=1, name="001_first", sql="CREATE TABLE csvgate.first (a integer)")
SECOND = Migration(
    number=2, name="002_second", sql="CREATE TABLE csvgate.second (a integer); INSERT INTO csvgate.first VALUES (1)"
)
BROKEN = Migration(number=2, name="002_broken", sql="DROP TABLE csvgate.first; SELECT 1 / 0")


def tables(database: Database) -> set[str]:
    """The tables of csvgate."""
    with database.transaction() as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'csvgate'").fetchall()
    return {name for (name,) in found}


def test_an_empty_database_gets_all_of_them_and_then_none(database: Database) -> None:
    assert migrate(database) == tuple(step.name for step in migrations())
    assert tables(database) >= {"deliveries", "heads", "targets", "load_ledger", "rows", "outbox"}
    assert migrate(database) == ()


def test_several_that_start_at_once_apply_each_once(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: migrate(database, (FIRST, SECOND)), range(4)))
    assert sorted(name for names in done for name in names) == [FIRST.name, SECOND.name]


def test_a_step_that_fails_leaves_nothing_and_those_before_it_stay(database: Database) -> None:
    with pytest.raises(PermanentError):
        migrate(database, (FIRST, BROKEN))
    assert tables(database) == {"first", "migrations"}
    assert migrate(database, (FIRST, SECOND)) == (SECOND.name,)


def test_a_database_that_is_newer_than_the_code_is_refused(database: Database) -> None:
    migrate(database, (FIRST, SECOND))
    with pytest.raises(PermanentError, match="newer than this csvgate: it has 002_second"):
        migrate(database, (FIRST,))


def test_a_step_that_was_changed_afterwards_is_refused(database: Database) -> None:
    migrate(database, (FIRST,))
    with pytest.raises(PermanentError, match="another 001_first"):
        migrate(database, (Migration(number=1, name="001_first", sql="SELECT 1"),))


@pytest.mark.parametrize("steps", [0, 1])
def test_what_needs_all_steps_says_how_to_have_them(database: Database, steps: int) -> None:
    """Of a database that has none of them, and of one that lacks the last."""
    migrate(database, migrations()[:steps])
    with pytest.raises(PermanentError, match="the database is not prepared for this csvgate: run `csvgate migrate`"):
        require(database)
    migrate(database)
    require(database)
