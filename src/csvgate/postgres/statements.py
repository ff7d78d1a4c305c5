"""The name of a file below `sql/` in; its statements, each by the name that stands above it, out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from psycopg import Connection, Cursor, sql
from psycopg.types.json import Jsonb

FOLDER = Path(__file__).parent / "sql"
_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


def read(name: str) -> Mapping[str, str]:
    """The statements of the file."""
    _, *parts = _NAME.split((FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
    return MappingProxyType(dict(zip(parts[::2], parts[1::2], strict=True)))


class Statements:
    """The statements of a file, on one connection."""

    def __init__(self, connection: Connection, statements: Mapping[str, str]) -> None:
        self.connection = connection
        self._statements = statements

    def run(self, statement: str, names: Mapping[str, sql.Composable] | None = None, **values: object) -> Cursor[Any]:
        """The statement has run, with names in the place of {…} and values in the place of %(…)s."""
        composed = sql.SQL(self._statements[statement])
        stored = {name: Jsonb(value) if isinstance(value, list | dict) else value for name, value in values.items()}
        return self.connection.execute(composed.format(**names) if names else composed, stored or None)

    def value(self, statement: str, names: Mapping[str, sql.Composable] | None = None, **values: object) -> Any:  # noqa: ANN401  # what SQL gives
        """The first value of the answer, or None if there is none."""
        row = self.run(statement, names, **values).fetchone()
        return row[0] if row else None
