"""Notices that the catalog wrote in; the same out, each until it is closed: the Outbox of `csvgate.telling.notices`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from csvgate.delivery_json import from_message
from csvgate.postgres.connection import Database
from csvgate.postgres.statements import Statements, read
from csvgate.telling.notices import Notice

STATEMENTS = read("catalog")


class PostgresOutbox:
    """What has to be said, beside the catalog in the same database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, delivery_id: str) -> Iterator[Notice]:
        """See Outbox."""
        return self._notices("notices_of", delivery_id=delivery_id)

    def due(self, now: datetime) -> Iterator[Notice]:
        """See Outbox."""
        return self._notices("notices_due", now=now)

    def postpone(self, notice: Notice, until: datetime) -> None:
        """See Outbox."""
        self._change("postpone", notice, tries=notice.tries + 1, due_at=until)

    def close(self, notice: Notice) -> None:
        """See Outbox."""
        self._change("close", notice)

    def _notices(self, statement: str, **values: object) -> Iterator[Notice]:
        with self._database.transaction() as connection:
            found = Statements(connection, STATEMENTS).run(statement, None, **values).fetchall()
        return iter(
            [Notice(delivery=from_message(message), channel=channel, tries=tries) for message, channel, tries in found]
        )

    def _change(self, statement: str, notice: Notice, **values: object) -> None:
        with self._database.transaction() as connection:
            named = {"channel": notice.channel, "dedup_id": notice.dedup_id}
            Statements(connection, STATEMENTS).run(statement, None, **named, **values)
