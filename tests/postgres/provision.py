"""A server in, databases with names of their own out, so that tests can share it."""

from __future__ import annotations

from uuid import uuid4

import psycopg
from psycopg import sql

from csvgate.local.postgres import DATABASE, Postgres


def make_database(server: Postgres) -> str:
    """The address of a new, empty database."""
    name = f"test-{uuid4().hex[:12]}"
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return server.database_url.replace(f"/{DATABASE}?", f"/{name}?")
