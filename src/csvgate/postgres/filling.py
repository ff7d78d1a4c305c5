"""Rows on their way in; all of them in their place, counted by PostgreSQL, out."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import psycopg
from psycopg import sql

from csvgate.errors import PermanentError
from csvgate.postgres import tables
from csvgate.postgres.copying import Copying
from csvgate.postgres.names import OURS
from csvgate.postgres.statements import Statements
from csvgate.postgres.tables import Place, identifiers

STAGING = sql.Identifier("pg_temp", "csvgate_staging")


def fill(copying: Copying) -> Place:
    """All rows are in the place that is the answer; PermanentError if PostgreSQL counts more or fewer of them."""
    place = _filled(copying)
    if place.disposition != "merge":
        _check(tables.count(copying.connection, place.relation, copying.delivery), copying)
    return place


def _filled(copying: Copying) -> Place:
    place = copying.place
    if place.relation is None:
        copying.lists()
        return place
    try:
        with copying.connection.transaction():
            if place.disposition == "merge":
                _merge(copying)
            else:
                _copy(copying, place.table)
    except psycopg.errors.ProgramLimitExceeded as exc:
        # A row of many long cells does not fit on a page of a table, as a list it does: but where a key tells rows
        # apart, or readers look at that table through a view, there is no place for lists.
        if place.disposition != "append":
            message = (
                "a row is too wide for a page of PostgreSQL, or its key for an index, and where rows take the place of"
                " others they have to stand in a table of their own: make the cells shorter, or append"
            )
            raise PermanentError(message) from exc
        anywhere = replace(place, relation=None)
        replace(copying, place=anywhere).lists()
        return anywhere
    return place


def _copy(copying: Copying, table: sql.Composable) -> None:
    """As stored bytes, if PostgreSQL reads the same rows in them as we do; else one by one."""
    raw = copying.content.raw()
    if raw:
        # NotSupportedError: a delimiter that COPY does not know, such as one of two bytes.
        with suppress(psycopg.DataError, psycopg.NotSupportedError), copying.connection.transaction():
            run = Statements(copying.connection, tables.STATEMENTS)
            run.run("number_rows", sequence=copying.place.sequence, delivery=str(copying.delivery))
            copying.raw(table, raw)
            names = {"table": table, "delivery": sql.Identifier(OURS[0])}
            if run.value("count", names, delivery=copying.delivery) == copying.content.row_count:
                return
            raise psycopg.DataError
    copying.rows(table)


def _merge(copying: Copying) -> None:
    """The rows stand in a table of their own first: a key that is twice in the file would stop PostgreSQL."""
    place = copying.place
    run = Statements(copying.connection, tables.STATEMENTS)
    names: dict[str, sql.Composable] = {"staging": STAGING, "table": place.table, "keys": identifiers(place.keys)}
    run.run("stage", names | {"staging": sql.Identifier("csvgate_staging")})
    _copy(copying, STAGING)
    lacking = run.value("lacks_key", names)
    if lacking is not None:
        message = f"row {lacking}: it has no value for the key {', '.join(place.keys)}"
        raise PermanentError(message)
    run.run("merge", names | {"columns": _columns(place), "updates": _updates(place)})
    same = sql.SQL(" AND ").join(sql.SQL("own.{0} = different.{0}").format(sql.Identifier(k)) for k in place.keys)
    staged, keys, merged = run.run("count_merged", names | {"same_keys": same}).fetchone() or (0, 0, 0)
    _check(staged, copying)
    if merged != keys:
        message = f"{merged:,} rows are in the sink with the {keys:,} keys that were to be merged"
        raise PermanentError(message)


def _columns(place: Place) -> sql.Composed:
    return identifiers(column.column for column in place.columns)


def _updates(place: Place) -> sql.Composed:
    """Of the row that gives way nothing stays, also where this file has fewer columns: it would be nobody's."""
    whole = (column.column for column in (*place.columns, *place.absent))
    changed = [*(name for name in whole if name not in place.keys), *OURS]
    return sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in changed)


def _check(counted: int, copying: Copying) -> None:
    expected = copying.content.row_count
    if counted == expected:
        return
    message = f"{counted:,} rows are in the sink, and {expected:,} were to be loaded"
    if counted > expected and copying.place.relation:
        # Only hands can do that: an entry was deleted, and its rows were not.
        table, whose = tables.quoted(copying.place.relation), f"{OURS[0]} = {copying.delivery}"
        cure = f"DELETE FROM {table} WHERE {whose}"  # noqa: S608  said, and never run
        message += (
            "; the table has rows of this delivery that csvgate.load_ledger does not know any more. Take them out and"
            f" load it again: {cure}"
        )
    raise PermanentError(message)
