"""A database's address in; what people do with it, out. Its driver is imported late, and may not be there."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from csvgate.errors import UsageError
from csvgate.settings import Settings

if TYPE_CHECKING:
    from csvgate.postgres.answer import Answer
    from csvgate.postgres.connection import Database


def database(database_url: str, statement_seconds: int | None = None) -> Database:
    """Nothing is connected yet; UsageError where the driver is not installed."""
    try:
        from csvgate.postgres.connection import Database
    except ModuleNotFoundError as exc:
        problem = "PostgreSQL needs its driver. Install it with: pip install 'csvgate[postgres]'"
        raise UsageError(problem) from exc
    return Database(database_url, statement_seconds)


def shared(settings: Settings) -> Database:
    """The same database for everything in this process: it opens as many connections as threads use it at once."""
    return _shared(settings.database_url, settings.statement_seconds)


@functools.cache
def _shared(database_url: str, statement_seconds: int | None) -> Database:
    return database(database_url, statement_seconds)


def prepared(settings: Settings) -> Settings:
    """The same settings, if their database, where there is one, is as this version needs it; else PermanentError."""
    if settings.database_url:
        connected = shared(settings)
        from csvgate.postgres.migration import require

        require(connected)
    return settings


def migrate(database_url: str) -> tuple[str, ...]:
    """The database is as this version needs it; the names of the migrations that it did not have before."""
    with database(database_url) as connected:
        from csvgate.postgres.migration import migrate

        return migrate(connected)


def ask(database_url: str, question: str) -> Answer:
    """What the database answers."""
    with database(database_url) as connected:
        from csvgate.postgres.answer import ask

        return ask(connected, question)
