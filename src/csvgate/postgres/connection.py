"""The address of a database in; its connections out, each for one thread at a time, and made anew when it breaks."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import Connection

from csvgate.errors import AccessRefused, TransientError, UsageError
from csvgate.postgres.address import Address
from csvgate.postgres.errors import meaning, translated

# A server that is gone without a word is noticed after a minute; these names are libpq's.
PATIENCE: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "application_name": "csvgate",
}
# How long a function waits for the load of another one, and how long a worker does; whoever waited in vain is told
# that it is busy there, which is no failure.
LOCK_SECONDS, LONG_LOCK_SECONDS = 60, 900
# Set within the transaction, as RDS Proxy likes it: whatever is set for a connection pins it.
# Dates are read as ISO 8601 has them, in any database.
TIMEOUTS = """
SELECT set_config('statement_timeout', %(statement)s, true), set_config('lock_timeout', %(lock)s, true),
       set_config('idle_in_transaction_session_timeout', '60s', true),
       set_config('datestyle', 'ISO, YMD', true), set_config('timezone', 'UTC', true),
       set_config('client_encoding', 'UTF8', true)
"""


class Database:
    """A PostgreSQL that is connected to when it is needed; TLS and all else as the address says (`sslmode=…`)."""

    def __init__(self, address: str | Address, statement_seconds: int | None = None) -> None:
        """A statement takes so long at most; None: as long as it takes, and who waits for it waits on."""
        self._address = Address(address) if isinstance(address, str) else address
        # Half of it, so that waiting is known as such.
        lock = min(LOCK_SECONDS, statement_seconds / 2) if statement_seconds else LONG_LOCK_SECONDS
        self._timeouts = {"statement": f"{statement_seconds or 0}s", "lock": f"{lock * 1000:.0f}ms"}
        self._idle: deque[Connection] = deque()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All that the block does has happened after it, or, if it is left by an error, none of it.

        If the connection breaks while the end is awaited, nobody knows which: it is a TransientError, and whoever
        tries again finds out.
        """
        with translated():
            connection = self._take()
            try:
                with connection.transaction():
                    connection.execute(TIMEOUTS, self._timeouts)
                    yield connection
            finally:
                self._give_back(connection)

    def close(self) -> None:
        """No connection is open that is not in use."""
        while self._idle:
            self._idle.pop().close()

    def __enter__(self) -> Self:
        """The database."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """No connection is left open."""
        self.close()

    def _take(self) -> Connection:
        """A connection that answers: one that waited may have lost its server meanwhile."""
        while self._idle:
            connection = self._idle.pop()
            with suppress(psycopg.OperationalError):
                connection.execute("")
                return connection
            connection.close()
        return self._connect()

    def _connect(self) -> Connection:
        """Whoever is turned away looks once whether the password has changed."""
        try:
            return _connected(self._address.current())
        except psycopg.OperationalError as exc:
            if not (self._address.may_change and meaning(exc) is AccessRefused):
                raise
        try:
            return _connected(self._address.renewed())
        except psycopg.OperationalError as exc:
            # Between the change of a password and that of its secret there is a moment: no message is given up for it.
            message = "PostgreSQL does not let us in with what the secret says now; it may just be changing"
            raise TransientError(message) from exc

    def _give_back(self, connection: Connection) -> None:
        if connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE:
            self._idle.append(connection)
        else:
            connection.close()


def _connected(address: str) -> Connection:
    try:
        # Prepared statements would pin a connection of RDS Proxy.
        return psycopg.connect(address, autocommit=True, prepare_threshold=None, **PATIENCE)
    except psycopg.ProgrammingError as exc:
        message = "DATABASE_URL is no address of a PostgreSQL; it looks like postgresql://user@host/database"
        raise UsageError(message) from exc
