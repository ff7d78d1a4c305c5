"""Content in, its rows in a table of the open transaction out: as stored bytes where that is possible, else one by one.

What PostgreSQL does not take is told by row and column, never by value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from json.encoder import encode_basestring
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
_WHERE = re.compile(r"^COPY [\w$]+, \w+ (?P<line>\d+)(?:, \w+ (?P<column>\w+))?", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Copying:
    """The rows of one delivery on their way into the database; `labels` are its columns as the file names them."""

    connection: Connection
    place: Place
    delivery: int
    content: Content
    labels: Sequence[str]
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
        lines = ((own, number, _as_json(cells)) for number, cells in self.content.rows())
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
        found = _WHERE.search(_context(exc))
        number, cells = next(islice(self.content.rows(), int(found["line"]) - 1, None)) if found else self._unstorable()
        odd = next((label for label, cell in zip(self.labels, cells, strict=False) if not _is_storable(cell)), None)
        if odd is not None:
            return f"row {number}, column {odd!r}: it holds a character that PostgreSQL cannot store"
        by_column = {column.column: column for column in self.place.columns}
        if found and (column := by_column.get(found["column"])):
            return f"row {number}, column {column.name!r}: the value is no {column.type} that PostgreSQL knows"
        return f"row {number}: {len(cells)} cells are not what PostgreSQL takes as a row of this table"

    def _unstorable(self) -> tuple[int, Sequence[str | None]]:
        """The first row with a cell that cannot be sent."""
        return next((row for row in self.content.rows() if not all(map(_is_storable, row[1]))), (0, ()))


def _as_json(cells: Iterable[str | None]) -> str:
    """The cells as a JSON list, in half the time that a general encoder takes."""
    return f"[{','.join(['null' if cell is None else encode_basestring(cell) for cell in cells])}]"


def _context(exc: Exception) -> str:
    """Where the server was; it holds the value, so it goes no further."""
    return (exc.diag.context or "") if isinstance(exc, psycopg.Error) else ""


def _is_storable(cell: str | None) -> bool:
    """PostgreSQL takes neither a NUL nor half of a surrogate pair, and JSON in it neither."""
    return not cell or not any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in cell)
