"""A database and the files that were uploaded in; what is missing, twice or wrong in it, as JSON, out.

    python benchmarks/proof/count.py FOLDER usual|csvgate DATABASE_URL

Reads the files with Python's csv, and the tables with SQL; knows no other module, neither of csvgate nor of its rival.
`uploads.json` in the folder says which version of which key each file is, and when it was uploaded.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

Row = tuple[str, ...]
CELLS = "order_id, customer, ordered_on::text, quantity::text, amount::text, note"
# A version counts where both the catalog and the ledger of the sink know it as loaded, and they agree on the newest.
KNOWN = """
SELECT loaded.version_id FROM csvgate.catalog JOIN csvgate.deliveries AS loaded USING (delivery_id)
JOIN csvgate.load_ledger ON load_ledger.delivery = loaded.delivery WHERE catalog.state = 'loaded'
"""
NEWEST = """
SELECT newest.key, newest.version_id FROM csvgate.catalog_heads JOIN csvgate.deliveries AS newest USING (delivery_id)
JOIN csvgate.heads ON heads.delivery = newest.delivery
"""
# Of each pipeline: all rows, the versions that it knows, and which version of each key it takes for the newest.
ASK = {
    "usual": {
        "rows": f"SELECT {CELLS} FROM orders",  # noqa: S608  our own columns
        "versions": "SELECT version_id FROM files",
        "newest": "SELECT file_name, version_id FROM files",
    },
    "csvgate": {
        "rows": f"SELECT {CELLS} FROM csvgate_data.orders",  # noqa: S608
        "versions": KNOWN,
        "newest": NEWEST,
    },
}


def rows_of(path: Path) -> Iterator[Row]:
    """The records of a file, without the header."""
    with path.open(newline="", encoding="utf-8") as opened:
        records = csv.reader(opened)
        next(records)
        yield from map(tuple, records)


def stored(connection: psycopg.Connection, query: str) -> list[Row]:
    """What the database answers; a cell without a value is an empty one."""
    found = connection.execute(query.encode()).fetchall()
    return [tuple(cell or "" for cell in row) for row in found]


def counted(folder: Path, who: str, database_url: str) -> dict[str, Any]:
    """Every row of every file is looked for, and every stored row is asked where it is from."""
    uploads = json.loads((folder / "uploads.json").read_text())
    right = Counter(row for upload in uploads for row in rows_of(folder / "files" / upload["file"]))
    newest = {upload["key"]: upload["version_id"] for upload in sorted(uploads, key=lambda one: str(one["sequencer"]))}
    with psycopg.connect(database_url) as connection:
        rows = Counter(stored(connection, ASK[who]["rows"]))
        versions = {version for (version,) in stored(connection, ASK[who]["versions"])}
        told: dict[str, str] = dict(connection.execute(ASK[who]["newest"].encode()).fetchall())
    return {
        "rows_right": right.total(),
        "rows_stored": rows.total(),
        "rows_missing": (right - rows).total(),
        "rows_again": sum(count - right[row] for row, count in rows.items() if row in right and count > right[row]),
        "rows_wrong": sum(count for row, count in rows.items() if row not in right),
        "versions": len(versions & {upload["version_id"] for upload in uploads}),
        "stale": sum(told.get(key) != version for key, version in newest.items()),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(counted(Path(sys.argv[1]), sys.argv[2], sys.argv[3])))
