"""A results bucket in; what readers of a table see by the SQL that the documents show out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import duckdb

from csvgate.load import Target
from csvgate.ports.objects import ObjectStore

DOCUMENT = Path(__file__).parents[2] / "docs/how-to/parquet.md"
Rows = list[tuple[Any, ...]]


def sql(table: str, reader: str = "duckdb") -> str:
    """The SQL of the document for that reader, for a table."""
    _, _, rest = DOCUMENT.read_text().partition(f"```sql {reader}\n")
    return rest.partition("```")[0].replace("orders", table)


@contextmanager
def opened(objects: ObjectStore, bucket: str, table: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """The bucket as a folder, and a connection with a view of that name; no view if nothing is seen."""
    with TemporaryDirectory() as desk, duckdb.connect(config={"threads": 1}) as database:
        folder = mkdtemp(dir=desk)
        while not _copied(objects, bucket, Path(folder)):
            folder = mkdtemp(dir=desk)
        run = sql(table).replace("s3://csvgate-results", folder)
        if any(file.read_text() for file in Path(folder).glob(f"live/feed={table}/**/*") if file.is_file()):
            database.execute("SET TimeZone = 'UTC'")
            database.execute(run)
        yield database


def rows(objects: ObjectStore, bucket: str, table: str, columns: str = "*") -> Rows:
    """The rows that readers see, in the order of the files and within them."""
    with opened(objects, bucket, table) as database:
        if not database.execute("SELECT 1 FROM duckdb_views() WHERE view_name = ?", [table]).fetchall():
            return []
        query = f'SELECT {columns} FROM "{table}" ORDER BY filename, row_no'  # noqa: S608  a name of our own
        return database.execute(query).fetchall()


def seen(objects: ObjectStore, bucket: str, target: Target) -> list[tuple[str | None, ...]]:
    """The same, as texts, without where they come from."""
    document = objects.read(f"s3://{bucket}/parquet/tables/{target.table}.json")
    if document is None:
        return []
    if target.shape == "rows":
        return [tuple(cells) for (cells,) in rows(objects, bucket, target.table, "cells")]
    names = [column["column"] for column in json.loads(document)["columns"]]
    return rows(objects, bucket, target.table, ", ".join(f'"{name}"::VARCHAR' for name in names))


def _copied(objects: ObjectStore, bucket: str, folder: Path) -> bool:
    """Whether all was there: files that gave way to newer rows meanwhile are not, and whoever reads looks again."""
    # The lists first: what comes meanwhile is in none of them.
    addresses = (address for prefix in ("live/", "data/") for address in objects.documents(bucket, prefix))
    return all(_is_copied(objects, bucket, address, folder) for address in addresses)


def _is_copied(objects: ObjectStore, bucket: str, address: str, folder: Path) -> bool:
    root = f"s3://{bucket}"
    body = objects.read(address)
    if body is None:
        return False
    file = folder / address.removeprefix(f"{root}/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body.replace(root.encode(), str(folder).encode()) if "/live/" in address else body)
    return True
