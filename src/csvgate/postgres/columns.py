"""The type of a cell in; the column of a table that holds it, and which values it takes besides, out."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from csvgate.load import CellType

# What has no values is text until the first come.
SQL_TYPES: dict[CellType, str] = {
    "integer": "bigint",
    "big-integer": "numeric",
    "number": "numeric",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "datetime": "timestamp",
    "zoned-datetime": "timestamptz",
    "string": "text",
    "any": "text",
}
# Which columns take values of another type as they are; text takes all, and nothing fits in anywhere.
WIDER: dict[CellType, frozenset[CellType]] = {
    "integer": frozenset({"big-integer", "number"}),
    "big-integer": frozenset({"number"}),
    "number": frozenset({"big-integer"}),
}
# What they are called by PostgreSQL, where that is another name.
_IN_FULL = {
    "time": "time without time zone",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
}
# What somebody may have made of them meanwhile, and they still hold the same values.
_AS_GOOD = {"bigint": ("numeric", "text"), "text": ("character varying",)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """A column of a table: its name in files, and what it is here."""

    name: str
    column: str
    type: CellType

    @property
    def change(self) -> sql.Composed:
        """What makes a column of texts one of this type; a text that is none stops it."""
        named, kind = sql.Identifier(self.column), sql.SQL(SQL_TYPES[self.type])
        return sql.SQL("ALTER COLUMN {0} TYPE {1} USING {0}::{1}").format(named, kind)

    def is_kept_by(self, actual: str) -> bool:
        """Whether a column that PostgreSQL says is of that type changes none of the values: `numeric(10,2)` would."""
        made = SQL_TYPES[self.type]
        return actual in (_IN_FULL.get(made, made), *_AS_GOOD.get(made, ()))


def takes(stored: CellType, given: CellType) -> bool:
    """Whether a column of that type holds such values as they are."""
    return given in {stored, "any"} or SQL_TYPES[stored] == "text" or stored in WIDER.get(given, ())


def definition(column: Stored) -> sql.Composed:
    """The column as a new one."""
    return sql.SQL("{} {}").format(sql.Identifier(column.column), sql.SQL(SQL_TYPES[column.type]))
