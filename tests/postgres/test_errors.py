"""What an error of PostgreSQL means to us: again, or not; and never a value in its words."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from csvgate.errors import AccessRefused, CsvgateError, DeliveryBusy, PermanentError, TransientError, UsageError
from csvgate.postgres.connection import Database
from csvgate.postgres.errors import meaning
from csvgate.postgres.sink import PostgresSink

AGAIN = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
    psycopg.errors.AdminShutdown,
    psycopg.errors.CrashShutdown,
    psycopg.errors.CannotConnectNow,
    psycopg.errors.DiskFull,
    psycopg.errors.InternalError_,
    psycopg.errors.OutOfMemory,
    psycopg.errors.TooManyConnections,
    psycopg.errors.QueryCanceled,
    psycopg.errors.ConnectionFailure,
    psycopg.errors.IdleInTransactionSessionTimeout,
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.OperationalError,
)
NEVER = (
    psycopg.errors.UndefinedTable,
    psycopg.errors.SyntaxError,
    psycopg.errors.UniqueViolation,
    psycopg.errors.NumericValueOutOfRange,
    psycopg.errors.TooManyColumns,
    psycopg.errors.ProgramLimitExceeded,
    psycopg.DataError,
    psycopg.InterfaceError,
)
NOT_US = (psycopg.errors.InvalidPassword, psycopg.errors.InsufficientPrivilege)


def every(kind: type[BaseException]) -> Iterator[type[BaseException]]:
    """The class and all below it."""
    yield kind
    for child in kind.__subclasses__():
        yield from every(child)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (AGAIN, TransientError),
        (NEVER, PermanentError),
        (NOT_US, AccessRefused),
        ((psycopg.errors.LockNotAvailable,), DeliveryBusy),
    ],
)
def test_an_error_says_whether_to_try_again(
    kinds: tuple[type[psycopg.Error], ...], expected: type[CsvgateError]
) -> None:
    assert {meaning(kind()) for kind in kinds} == {expected}


def test_no_error_of_psycopg_is_without_a_meaning() -> None:
    kinds = {kind for kind in every(psycopg.Error) if issubclass(kind, psycopg.Error)}
    assert len(kinds) > 200
    assert {meaning(kind()) for kind in kinds} == {TransientError, DeliveryBusy, PermanentError, AccessRefused}


def test_a_server_that_is_not_there_may_come_back(database_url: str) -> None:
    nowhere = Database(database_url.replace("127.0.0.1:", "127.0.0.1:1"))
    with pytest.raises(TransientError, match="does not answer"), nowhere.transaction():
        pass


def test_a_wrong_password_stays_wrong(database_url: str) -> None:
    with (
        pytest.raises(AccessRefused, match="does not let us in"),
        Database(f"{database_url}&password=no").transaction(),
    ):
        pass


def test_an_encrypted_connection_that_is_asked_for_is_not_given_up(database_url: str) -> None:
    """The embedded server has no TLS: so the address is heeded."""
    with pytest.raises(CsvgateError), Database(f"{database_url}&sslmode=require").transaction():
        pass


def test_an_address_that_is_none_is_told_without_saying_it_again() -> None:
    with (
        pytest.raises(UsageError, match="DATABASE_URL") as raised,
        Database("postgresql://u:secret@h/d?nonsense=1").transaction(),
    ):
        pass
    assert "secret" not in str(raised.value)


def test_a_database_without_tables_is_told_what_to_do(database: Database) -> None:
    with pytest.raises(PermanentError, match="not prepared for this csvgate: run `csvgate migrate`"):
        PostgresSink(database).count("x")


def test_what_is_said_holds_neither_values_nor_sql(database: Database) -> None:
    with pytest.raises(PermanentError) as raised, database.transaction() as connection:
        connection.execute("SELECT 'secret'::integer")
    assert str(raised.value) == "PostgreSQL: invalid text representation (22P02)"
