"""Rows in, Parquet files as bytes out, each of bounded size: the only module that knows DuckDB.

DuckDB reads no CSV here: cells go in as values, column by column, and what they are cast to holds them as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np

from csvgate.errors import PermanentError, TransientError
from csvgate.parquet.held import misfits
from csvgate.parquet.layout import Layout, Misfit, Row

# How much is held as Python has it, and how much as a table of DuckDB before it becomes a file, in characters;
# each cell counts for some more.
CHUNK = 4 << 20
PART = 48 << 20
CELL = 8
# What DuckDB may hold besides; more goes to the temporary directory.
MEMORY = "512MB"


def parts(rows: Iterable[Row], layout: Layout) -> Iterator[bytes]:
    """The rows in files; Misfit, and then about all of the rows, where the type of a column would change a value."""
    held = 0
    with _database() as (database, file):
        chunks = _chunks(rows)
        for chunk, size in chunks:
            if found := _misfits(chunk, layout):
                raise Misfit(found.union(*(_misfits(rest, layout) for rest, _ in chunks)))
            if not held:
                database.execute(layout.create())
            _insert(database, chunk, layout)
            held += size
            if held >= PART:
                yield _file(database, layout, file)
                held = 0
        if held:
            yield _file(database, layout, file)


@contextmanager
def _database() -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A database in memory, of one thread, so that the same rows give the same bytes; and where a file may lie."""
    try:
        with TemporaryDirectory(prefix="csvgate-") as folder, duckdb.connect(config=_settings(folder)) as database:
            # Texts are texts, and are not looked at for what else they might be.
            database.execute("SET pandas_analyze_sample = 0")
            yield database, Path(folder, "part.parquet")
    except (duckdb.IOException, OSError) as exc:
        message = f"no file of rows can be written here: {type(exc).__name__}"
        raise TransientError(message) from exc
    except duckdb.Error as exc:
        # What it says may hold values.
        message = f"DuckDB cannot write these rows: {type(exc).__name__}"
        raise PermanentError(message) from exc


def _settings(folder: str) -> dict[str, Any]:
    return {"threads": 1, "memory_limit": MEMORY, "temp_directory": folder}


def _chunks(rows: Iterable[Row]) -> Iterator[tuple[list[Row], int]]:
    """Rows that are worth a few megabytes, and how much that is."""
    chunk: list[Row] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += sum(map(len, filter(None, row[1]))) + CELL * (len(row[1]) + 1)
        if size >= CHUNK:
            yield chunk, size
            chunk, size = [], 0
    if chunk:
        yield chunk, size


def _misfits(chunk: Sequence[Row], layout: Layout) -> frozenset[int]:
    """The positions of the columns whose type would change a value."""
    columns = zip(range(len(layout.columns)), layout.columns, _by_column(chunk), strict=True)
    typed = ((at, column.type, cells) for at, column, cells in columns if column.type != "VARCHAR")
    return frozenset(at for at, held, cells in typed if misfits(held, set(cells)))


def _by_column(chunk: Sequence[Row]) -> Iterator[tuple[str | None, ...]]:
    return zip(*(cells for _, cells in chunk), strict=True)


def _insert(database: duckdb.DuckDBPyConnection, chunk: Sequence[Row], layout: Layout) -> None:
    values = {f"c{position}": np.array(cells, dtype=object) for position, cells in enumerate(_by_column(chunk))}
    values["n"] = np.array([number for number, _ in chunk], dtype=np.int64)
    database.register("chunk", values)
    database.execute(layout.insert())
    database.unregister("chunk")


def _file(database: duckdb.DuckDBPyConnection, layout: Layout, file: Path) -> bytes:
    """The rows that were inserted, as a file; the table is gone."""
    database.execute(layout.copy(file))
    database.execute("DROP TABLE part")
    body = file.read_bytes()
    file.unlink()
    return body
