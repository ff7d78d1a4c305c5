"""A question in SQL in; its answer as a person reads it, texts under their columns, out."""

from __future__ import annotations

from dataclasses import dataclass

from csvgate.postgres.connection import Database


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a SELECT gave; None where there is no value."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


def ask(database: Database, question: str) -> Answer:
    """All that the question selects; nothing in the database has changed."""
    with database.transaction() as connection:
        connection.execute("SET TRANSACTION READ ONLY")
        asked = connection.execute(question.encode())
        rows = (tuple(None if value is None else str(value) for value in row) for row in asked)
        return Answer(columns=tuple(column.name for column in asked.description or ()), rows=tuple(rows))
