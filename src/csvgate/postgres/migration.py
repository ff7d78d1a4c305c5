"""The numbered `.sql` files of this version in, a database that has them all out; forward only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from psycopg import Connection

from csvgate.errors import PermanentError
from csvgate.postgres.connection import Database
from csvgate.postgres.errors import UNPREPARED

FOLDER = Path(__file__).parent / "migrations"
# Any number, as long as it is ours alone: who migrates waits for whoever does already.
LOCK = 7_316_240_883
SCHEMA = """
CREATE SCHEMA IF NOT EXISTS csvgate;
CREATE TABLE IF NOT EXISTS csvgate.migrations (
    number      integer PRIMARY KEY,
    name        text NOT NULL,
    sha256      text NOT NULL,
    applied_at  timestamptz NOT NULL DEFAULT now()
)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Migration:
    """One step from a version of the tables to the next."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """What the step was when it was applied."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """All steps, in order; their numbers are 1, 2, 3 and so on."""
    files = sorted(folder.glob("*.sql"))
    read = [Migration(number=int(f.stem[:3]), name=f.stem, sql=f.read_text(encoding="utf-8")) for f in files]
    assert [step.number for step in read] == list(range(1, len(read) + 1))  # noqa: S101  a gap is a mistake of ours
    return tuple(read)


def migrate(database: Database, steps: tuple[Migration, ...] | None = None) -> tuple[str, ...]:
    """The database has every step; the names of those that it did not have before.

    Each is applied in a transaction of its own, so that what was done stays done. Several at once do no harm.
    PermanentError: the database is newer than this csvgate, or was made from other steps.
    """
    known = migrations() if steps is None else steps
    return tuple(step.name for step in known if _apply(step, known, database))


def require(database: Database) -> None:
    """The database has every step of this version; else PermanentError, which says what to do."""
    known = migrations()
    with database.transaction() as connection:
        # Where nothing was ever applied, asking is the same error.
        if len(_applied(known, connection)) < len(known):
            raise PermanentError(UNPREPARED)


def _apply(step: Migration, known: tuple[Migration, ...], database: Database) -> bool:
    """The step is applied, now (True) or before."""
    with database.transaction() as connection:
        # Held to the end of the transaction, so that it also works through a pooler.
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        connection.execute(SCHEMA)
        if step.number in _applied(known, connection):
            return False
        connection.execute(step.sql.encode())
        row = (step.number, step.name, step.sha256)
        connection.execute("INSERT INTO csvgate.migrations (number, name, sha256) VALUES (%s, %s, %s)", row)
        return True


def _applied(known: tuple[Migration, ...], connection: Connection) -> set[int]:
    """The numbers of the steps that the database has, all of which we know."""
    found = connection.execute("SELECT number, name, sha256 FROM csvgate.migrations ORDER BY number").fetchall()
    ours = {step.number: step for step in known}
    for number, name, sha256 in found:
        if number not in ours:
            message = f"The database is newer than this csvgate: it has {name}. Install a newer csvgate."
            raise PermanentError(message)
        if ours[number].sha256 != sha256:
            message = f"The database was made with another {name} than this csvgate has."
            raise PermanentError(message)
    return {number for number, _, _ in found}
