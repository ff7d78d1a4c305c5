"""What the sink did in; the same, until the catalog has heard it, out: the LoadOutbox of `csvgate.ports`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from psycopg import Connection

from csvgate.delivery import Delivery
from csvgate.delivery_json import from_message, to_message
from csvgate.postgres.connection import Database
from csvgate.postgres.statements import Statements, read

STATEMENTS = read("load_outbox")
PAGE = 100


class PostgresLoadOutbox:
    """What has to be heard, beside the rows in the same database."""

    def __init__(self, database: Database, page: int = PAGE) -> None:
        self._database = database
        self._page = page

    def of(self, delivery_id: str) -> Delivery | None:
        """See LoadOutbox."""
        found = self._run("last", delivery_id=delivery_id)
        return next((from_message(message) for message, is_open in found if is_open), None)

    def due(self, before: datetime) -> Iterator[Delivery]:
        """See LoadOutbox. A page at a time: no transaction is open while somebody looks at what he got."""
        after = 0
        while page := self._run("due", before=before, after=after, limit=self._page):
            yield from (from_message(message) for _, message in page)
            after = page[-1][0]

    def close(self, delivery: Delivery) -> None:
        """See LoadOutbox."""
        self._run("close", dedup=_name(delivery))

    def _run(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        with self._database.transaction() as connection:
            done = Statements(connection, STATEMENTS).run(statement, None, **values)
            return done.fetchall() if done.description else []


def post(connection: Connection, number: int, delivery: Delivery) -> None:
    """The catalog will hear it, if the transaction of the connection ends well."""
    told = {"delivery_id": delivery.delivery_id, "generation": delivery.generation, "outcome": delivery.state}
    payload = {**told, "rows_loaded": delivery.rows_loaded, "delivery": to_message(delivery)}
    Statements(connection, STATEMENTS).run("post", delivery=number, dedup=_name(delivery), payload=payload)


def last(connection: Connection, delivery_id: str) -> Delivery | None:
    """What was done last with the delivery; None if that was before there was this outbox."""
    message = Statements(connection, STATEMENTS).value("last", delivery_id=delivery_id)
    return from_message(message) if message else None


def forget(connection: Connection, delivery_id: str) -> None:
    """Nothing that was done with the delivery is here any more, heard or not."""
    Statements(connection, STATEMENTS).run("forget", delivery_id=delivery_id)


def _name(delivery: Delivery) -> str:
    return f"{delivery.delivery_id}:{delivery.state}:{delivery.generation}"
