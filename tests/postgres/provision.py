"""A server in, databases with names of their own out, so that tests can share it."""

from __future__ import annotations

from uuid import uuid4

import psycopg
from psycopg import sql

from csvgate.load import Target
from csvgate.local.postgres import DATABASE, Postgres
from csvgate.postgres.connection import Database


def make_database(server: Postgres, where: str = "") -> str:
    """The address of a new, empty database."""
    name = f"test-{uuid4().hex[:12]}"
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} {}").format(sql.Identifier(name), sql.SQL(where)))
    return server.database_url.replace(f"/{DATABASE}?", f"/{name}?")


def drop_database(server: Postgres, database_url: str) -> None:
    """The database is gone, whoever still uses it."""
    name = database_url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def seen(database: Database, target: Target) -> list[tuple[str | None, ...]]:
    """What readers of the target see, as texts, in the order in which it was loaded; nothing if there is no table."""
    with database.transaction() as connection:
        known = connection.execute("SELECT relation, columns FROM csvgate.targets WHERE name = %s", [target.table])
        relation, columns = known.fetchone() or (None, [])
        if relation is None:
            rows = connection.execute("SELECT values FROM csvgate.live_rows ORDER BY delivery_id, row_no").fetchall()
            return [tuple(cells) for (cells,) in rows]
        texts = [sql.SQL("{}::text").format(sql.Identifier(column["column"])) for column in columns]
        table = sql.Identifier("csvgate_data", relation.removesuffix("$all"))
        query = sql.SQL("SELECT {} FROM {} ORDER BY _delivery, _row").format(sql.SQL(", ").join(texts), table)
        return connection.execute(query).fetchall()
