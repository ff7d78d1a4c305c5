"""A database and a folder of CSV files in; every difference between them out. Knows nothing of csvgate.

    python tests/faults/compare.py FOLDER [--story]

`manifest.json` in the folder says of each file its table, key and version, and which version of a key is the newest.
With `--story` the catalog must be through, and everybody told, as files in `told` say.
Prints how many rows it compared, cell by cell; ends with 1 and a line for each difference if there is one.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import psycopg

Rows = list[tuple[str | None, ...]]
TYPED = 'SELECT id::text, city, note FROM csvgate_data."{}" ORDER BY 1, 2, 3'
LISTS = "SELECT values->>0, values->>1, values->>2 FROM csvgate.live_rows WHERE target = '{}' ORDER BY 1, 2, 3"
HEADS = "SELECT key, version_id FROM csvgate.heads JOIN csvgate.deliveries USING (delivery, bucket, key)"
TOLD = "SELECT payload->>'delivery_id', count(*) FROM csvgate.outbox GROUP BY 1"
# Where the story was told to its end: the catalog's head of each key, and what nobody has heard of yet.
LEADERS = "SELECT key, version_id FROM csvgate.catalog_heads JOIN csvgate.deliveries USING (delivery_id, bucket, key)"
OPEN = """
SELECT (SELECT count(*) FROM csvgate.notices) + (SELECT count(*) FROM csvgate.outbox WHERE heard_at IS NULL)
    + (SELECT count(*) FROM csvgate.catalog WHERE state NOT IN ('loaded', 'superseded'))
"""
LEDGER = "SELECT delivery_id, count(*) FROM csvgate.load_ledger JOIN csvgate.deliveries USING (delivery) GROUP BY 1"


def rows_of(path: Path) -> Rows:
    """The records of a file, without the header."""
    with path.open(newline="", encoding="utf-8") as opened:
        return [tuple(cell or None for cell in record) for record in list(csv.reader(opened))[1:]]


def expected(table: str, files: list[dict[str, Any]], folder: Path) -> Rows:
    """What the table must hold, whatever the order in which the files came."""
    versions = sorted(files, key=lambda file: int(file["version"]))
    contents = [rows_of(folder / "files" / file["file"]) for file in versions]
    how = table.partition("_")[0]
    if how == "replace":
        return contents[-1]
    if how == "merge":
        return list({row[0]: row for rows in contents for row in rows}.values())
    return [row for rows in contents for row in rows]


def differences(folder: Path, connection: psycopg.Connection) -> tuple[int, list[str]]:
    """How many rows were compared, and what is not as it should be."""
    manifest, found, compared = json.loads((folder / "manifest.json").read_text()), [], 0
    tables = defaultdict(list)
    for file in manifest:
        tables[file["table"]].append(file)
    for table, files in tables.items():
        query = (LISTS if table.startswith("rows") else TYPED).format(table)
        stored = sorted(connection.execute(query.encode()).fetchall(), key=repr)
        right = sorted(expected(table, files, folder), key=repr)
        compared += len(right)
        if stored != right:
            found.append(
                f"{table}: {len(stored)} rows, {len(right)} are right; the first odd one: {odd(stored, right)}"
            )
    newest = {file["key"]: file["version"] for file in sorted(manifest, key=lambda file: int(file["version"]))}
    heads = {key: f"{key}-v{number}" for key, number in newest.items()}
    if dict(connection.execute(HEADS).fetchall()) != heads:
        found.append("a head is not the newest version of its key")
    for what, query in (("outbox", TOLD), ("ledger", LEDGER)):
        counts: dict[str, int] = dict(connection.execute(query.encode()).fetchall())
        if len(counts) != len(manifest) or set(counts.values()) != {1}:
            found.append(
                f"the {what} has {sum(counts.values())} entries of {len(counts)} deliveries, {len(manifest)} came"
            )
    return compared, found + (untold(folder, connection, heads) if "--story" in sys.argv else [])


def untold(folder: Path, connection: psycopg.Connection, heads: dict[str, str]) -> list[str]:
    """What the catalog does not know, and what nobody was told."""
    found = []
    if dict(connection.execute(LEADERS.encode()).fetchall()) != heads:
        found.append("the catalog has a head that is not the newest version of its key")
    if left := next(connection.execute(OPEN.encode()))[0]:
        found.append(f"{left} notices, loads or deliveries are not through")
    known = {delivery for (delivery,) in connection.execute("SELECT delivery_id FROM csvgate.catalog").fetchall()}
    told = {file.read_text() for file in (folder / "told").iterdir()}
    if told != known or len(known) != len(json.loads((folder / "manifest.json").read_text())):
        found.append(f"{len(told)} deliveries were told, {len(known)} are in the catalog")
    return found


def odd(stored: Rows, right: Rows) -> object:
    """The first row that is in one and not in the other."""
    return next((pair for pair in zip(stored, right, strict=False) if pair[0] != pair[1]), "at the end")


def main(folder: Path) -> int:
    """The differences are printed; the exit code says whether there are any."""
    with psycopg.connect((folder / "database-url").read_text()) as connection:
        compared, found = differences(folder, connection)
    sys.stdout.write("\n".join([f"{compared} rows compared", *found]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
