"""The columns of a file of rows in; the SQL with which DuckDB makes, fills and writes it, out.

No name and no value of a file is ever part of it, but in the metadata, as JSON without quotes of SQL.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from csvgate.parquet.tables import Stored

# Its number in the file, and its cells.
Row = tuple[int, Sequence[str | None]]


class Misfit(Exception):
    """The types of the columns at those positions would change a value."""

    def __init__(self, positions: frozenset[int]) -> None:
        super().__init__(positions)
        self.positions = positions


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """Columns in the order of the file, each of its own or all in one list; `delivery_id` stands in every row."""

    columns: Sequence[Stored]
    is_list: bool
    delivery_id: str

    def create(self) -> str:
        """Makes the table `part`."""
        own = ["cells VARCHAR[]"] if self.is_list else [f'"{each.column}" {each.type}' for each in self._written]
        return f"CREATE TABLE part ({', '.join([*own, 'row_no BIGINT'])})"

    def insert(self) -> str:
        """Takes the table `chunk` of texts `c0`, `c1` and so on, and row numbers `n`, into it."""
        texts = [f"c{position}" for position in range(len(self.columns))]
        cast = [
            text if column.type == "VARCHAR" else f"CAST({text} AS {column.type})"
            for text, column in zip(texts, self.columns, strict=True)
            if column.type != "NULL"
        ]
        own = [f"[{', '.join(texts)}]"] if self.is_list else cast
        return f"INSERT INTO part SELECT {', '.join([*own, 'n'])} FROM chunk"  # noqa: S608  names and types of our own

    def copy(self, file: Path) -> str:
        """Writes the table as a file, with the names that its columns have where they come from."""
        names = json.dumps([asdict(column) for column in self._written]).replace("'", "\\u0027")
        path = str(file).replace("'", "''")
        rows = f"SELECT *, '{_hexadecimal(self.delivery_id)}' AS delivery_id FROM part"  # noqa: S608  nothing but digits
        return (
            f"COPY ({rows}) TO '{path}' (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{csvgate_columns: '{names}'}})"
        )

    @property
    def _written(self) -> Sequence[Stored]:
        """The columns that have values, or had some."""
        return [column for column in self.columns if column.type != "NULL"]


def _hexadecimal(text: str) -> str:
    return bytes.fromhex(text).hex()
