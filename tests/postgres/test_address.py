"""Where a database is and who is let in: as a secret says it, also when the password changes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from psycopg.conninfo import conninfo_to_dict

from csvgate.errors import TransientError, UsageError
from csvgate.postgres.address import Address, with_secret
from csvgate.postgres.connection import Database

SECRET = json.dumps({"username": "o'hara", "password": "p @/'\\%20"})


@pytest.mark.parametrize("url", ["postgresql://db/csv?sslmode=verify-full", "host=db dbname=csv sslmode=verify-full"])
def test_user_and_password_of_a_secret_are_joined_to_the_address_whatever_they_hold(url: str) -> None:
    assert conninfo_to_dict(with_secret(url, SECRET)) == {
        "host": "db",
        "dbname": "csv",
        "sslmode": "verify-full",
        "user": "o'hara",
        "password": "p @/'\\%20",
    }


@pytest.mark.parametrize("secret", ["postgresql://u:p@db/csv", '{"url": "postgresql://u:p@db/csv"}'])
def test_a_secret_may_be_the_whole_address(secret: str) -> None:
    assert with_secret("", secret) == "postgresql://u:p@db/csv"


@pytest.mark.parametrize("secret", ["hidden", "[]", "{}", '{"username": "u"}', '{"url": 5}', "[" * 100_000])
def test_a_secret_that_makes_no_sense_is_not_said_again(secret: str) -> None:
    with pytest.raises(UsageError, match="holds neither") as raised:
        with_secret("postgresql://db", secret)
    assert "hidden" not in str(raised.value)


def test_a_secret_without_a_place_is_told_what_is_missing() -> None:
    with pytest.raises(UsageError, match="DATABASE_URL has to say"):
        with_secret("", SECRET)
    with pytest.raises(UsageError, match="is no address"):
        with_secret("postgresql://db?nonsense=1", SECRET)


class Changing:
    """A secret whose text changes from one reading to the next; how often it was read."""

    def __init__(self, *texts: str) -> None:
        self.reads = 0
        self._texts: Iterator[str] = iter(texts)

    def __call__(self) -> str:
        self.reads += 1
        return next(self._texts)


def test_a_secret_is_read_once_for_all_connections(database_url: str) -> None:
    secret = Changing(database_url)
    with Database(Address("", secret)) as database:
        for _ in range(2):
            with database.transaction() as outer, database.transaction() as inner:
                assert outer.info.backend_pid != inner.info.backend_pid
            database.close()
    assert secret.reads == 1


def test_a_password_that_was_changed_is_read_again(database_url: str) -> None:
    secret = Changing(f"{database_url}&password=old", database_url)
    with Database(Address("", secret)) as database, database.transaction() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert secret.reads == 2


def test_who_is_turned_away_twice_may_come_again(database_url: str) -> None:
    """A rotation changes the database first: a message must not be given up for that moment."""
    secret = Changing(*[f"{database_url}&password=old"] * 2)
    with pytest.raises(TransientError, match="may just be changing"), Database(Address("", secret)).transaction():
        pass
    assert secret.reads == 2


def test_a_server_that_does_not_answer_is_no_reason_to_read_a_secret_again() -> None:
    secret = Changing("postgresql://csvgate@127.0.0.1:9/db")
    with pytest.raises(TransientError, match="does not answer"), Database(Address("", secret)).transaction():
        pass
    assert secret.reads == 1
