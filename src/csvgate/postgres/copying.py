"""Content in, its rows in a table of the open transaction out: as stored bytes where that is possible, else one by one.

What PostgreSQL does not take is told by row and column, never by value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal, TypeVar

import psycopg
from psycopg import Connection, sql

from csvgate.errors import PermanentError
from csvgate.load import Content, RawCsv
from csvgate.postgres.names import OURS
from csvgate.postgres.tables import Place, identifiers

Item = TypeVar("Item")
# Where a load may be cut off; tests cut it there.
Step = Literal["after_ledger", "mid_copy", "after_copy", "before_commit"]
OnStep = Callable[[Step], None]

_COPY_RAW = """
COPY {table} ({columns}) FROM STDIN
(FORMAT csv, HEADER {header}, DELIMITER {delimiter}, QUOTE {quote}, ENCODING 'UTF8', FORCE_NULL ({columns}))
"""
_COPY_ROWS = "COPY {table} ({columns}) FROM STDIN"
# How the server says where it was, in any language: `COPY sales, line 3, column age: …`.
_WHERE = re.compile(r", \w+ (?P<line>\d+)(?:, \w+ (?P<column>\w+))?")
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, kw_only=True, slots=True)
class Copying:
    """The rows of one delivery on their way into the database."""

    connection: Connection
    place: Place
    delivery: int
    content: Content
    step: OnStep

    def raw(self, table: sql.Composable, raw: RawCsv) -> None:
        """PostgreSQL reads the bytes, and the table numbers the rows; an error of psycopg says that it cannot."""
        columns = identifiers(column.column for column in self.place.columns)
        statement = sql.SQL(_COPY_RAW).format(
            table=table,
            columns=columns,
            header=sql.SQL("true" if raw.has_header else "false"),
            delimiter=sql.Literal(raw.delimiter),
            quote=sql.Literal(raw.quote),
        )
        with self.connection.cursor().copy(statement) as copy:
            for chunk in self._midway(raw.chunks()):
                copy.write(chunk)

    def rows(self, table: sql.Composable) -> None:
        """The rows are in the table, with the numbers that they have in the file."""
        own = self.delivery
        names = [*(column.column for column in self.place.columns), *OURS]
        self._copy(table, names, ((*cells, own, number) for number, cells in self.content.rows()))

    def lists(self) -> None:
        """The rows are in `csvgate.rows`, each as a list of texts."""
        own, names = self.delivery, ["delivery", "row_no", "values"]
        lines = ((own, number, _ENCODE(cells)) for number, cells in self.content.rows())
        self._copy(self.place.table, names, lines)

    def _copy(self, table: sql.Composable, names: list[str], lines: Iterable[tuple[object, ...]]) -> None:
        statement = sql.SQL(_COPY_ROWS).format(table=table, columns=identifiers(names))
        try:
            with self.connection.cursor().copy(statement) as copy:
                for line in self._midway(lines):
                    copy.write_row(line)
        except (psycopg.DataError, UnicodeEncodeError) as exc:
            raise PermanentError(self._told(exc)) from exc

    def _midway(self, pieces: Iterable[Item]) -> Iterator[Item]:
        """The same pieces; after the first of them, the load is in the middle."""
        rest = iter(pieces)
        for first in rest:
            yield first
            self.step("mid_copy")
            yield from rest

    def _told(self, exc: Exception) -> str:
        """Which cell PostgreSQL does not take, and why."""
        context = exc.diag.context if isinstance(exc, psycopg.Error) else None
        found = _WHERE.search(context or "")
        if found is None:
            number, name = self._unstorable()
            return f"row {number}, column {name!r}: it holds a character that PostgreSQL cannot store"
        number, _ = next(islice(self.content.rows(), int(found["line"]) - 1, None))
        stored = {column.column: column for column in self.place.columns}.get(found["column"])
        if stored is None:
            return f"row {number}: it holds a character or a number of cells that PostgreSQL cannot store"
        return f"row {number}, column {stored.name!r}: the value is no {stored.type} that PostgreSQL knows"

    def _unstorable(self) -> tuple[int, str]:
        """The first cell with a NUL, or with half of a surrogate pair."""
        for number, cells in self.content.rows():
            for column, cell in zip(self.place.columns, cells, strict=False):
                if cell and ("\0" in cell or not _is_encodable(cell)):
                    return number, column.name
        return 0, ""


def _is_encodable(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
