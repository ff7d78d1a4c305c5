"""A database's address in; what people do with it, out. Its driver is imported late, and may not be there."""

from __future__ import annotations

import atexit
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from csvgate.errors import UsageError
from csvgate.settings import Settings
from csvgate.wiring.place import where

if TYPE_CHECKING:
    from csvgate.postgres.answer import Answer
    from csvgate.postgres.connection import Database


def database(
    database_url: str, statement_seconds: int | None = None, secret: Callable[[], str] | None = None
) -> Database:
    """Nothing is connected yet, and no secret read; UsageError where the driver is not installed."""
    try:
        from csvgate.postgres.address import Address
        from csvgate.postgres.connection import Database
    except ModuleNotFoundError as exc:
        problem = "PostgreSQL needs its driver. Install it with: pip install 'csvgate[postgres]'"
        raise UsageError(problem) from exc
    return Database(Address(database_url, secret), statement_seconds)


def shared(settings: Settings) -> Database:
    """The same database for everything in this process: it opens as many connections as threads use it at once."""
    return _shared(settings.database_url, settings.statement_seconds, _secret(settings))


@functools.cache
def _shared(database_url: str, statement_seconds: int | None, secret: _Secret | None) -> Database:
    made = database(database_url, statement_seconds, secret)
    # The server is told that nobody comes any more, instead of finding the line dead.
    atexit.register(made.close)
    return made


@dataclass(frozen=True, kw_only=True, slots=True)
class _Secret:
    """A secret of Secrets Manager, which a call reads."""

    name: str
    settings: Settings = field(compare=False, repr=False)

    def __call__(self) -> str:
        from csvgate.aws.client import client
        from csvgate.aws.secrets import text

        return text(client("secretsmanager", **where(self.settings)), self.name)


def _secret(settings: Settings) -> _Secret | None:
    """Where it is said who is let in, if it is not in the address."""
    return _Secret(name=settings.database_secret, settings=settings) if settings.database_secret else None


def prepared(settings: Settings) -> Settings:
    """The same settings, if their database, where there is one, is as this version needs it; else PermanentError."""
    if settings.has_database:
        connected = shared(settings)
        from csvgate.postgres.migration import require

        require(connected)
    return settings


def migrate(named: str | Settings) -> tuple[str, ...]:
    """The database is as this version needs it; the names of the migrations that it did not have before."""
    opened = database(named) if isinstance(named, str) else database(named.database_url, secret=_secret(named))
    with opened as connected:
        from csvgate.postgres.migration import migrate

        return migrate(connected)


def ask(database_url: str, question: str) -> Answer:
    """What the database answers."""
    with database(database_url) as connected:
        from csvgate.postgres.answer import ask

        return ask(connected, question)
