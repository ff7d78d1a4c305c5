r"""Options in; how fast rows get into PostgreSQL, beside `psql \copy`, as a page and as JSON in `results/`, out.

    python -m benchmarks.load --rows 120000 --rounds 1

Every contender loads the same file into the same table definition, in a database of its own, in turn with the others.
The server is the embedded one with its defaults: fsync is on. Only a whole run renews the results.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pandas as pd  # type: ignore[import-untyped]  # the stubs are not among the tools
import psycopg
import sqlalchemy

from benchmarks import machine
from benchmarks.markdown import table
from csvgate.delivery import Arrival, Delivery
from csvgate.load import CellType, Column, RawCsv, Target
from csvgate.local import postgres as embedded
from csvgate.local.postgres import Postgres
from csvgate.postgres.connection import Database
from csvgate.postgres.migration import migrate
from csvgate.postgres.sink import PostgresSink

RESULTS = Path(__file__).parent / "results"
DATA = Path(__file__).parents[1] / "build" / "bench-load"
ROWS, ROUNDS = 1_200_000, 5
AIM = 0.8
SLICE = 20
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PIECE = 1 << 18
COLUMNS: dict[str, CellType] = {
    "id": "integer",
    "vendor": "integer",
    "pickup": "datetime",
    "dropoff": "datetime",
    "passengers": "integer",
    "distance": "number",
    "zone_from": "integer",
    "zone_to": "integer",
    "payment": "string",
    "fare": "number",
    "tip": "number",
    "total": "number",
    "is_airport": "boolean",
    "city": "string",
    "note": "string",
}
TYPED = Target(table="trips", columns=tuple(Column(name=n, type=t) for n, t in COLUMNS.items()), shape="typed")
DELIVERY = replace(
    Delivery.of(Arrival(bucket="in", key="trips.csv", version_id="1", sequencer="01", time=NOON), "inspected", at=NOON)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A Content over the file: its stored bytes, or row by row."""

    path: Path
    row_count: int
    as_stored: bool = True
    rows_quarantined: int = 0

    def rows(self) -> Iterator[tuple[int, Sequence[str | None]]]:
        """Each row with its number; an empty cell is no value."""
        with self.path.open(newline="", encoding="utf-8") as opened:
            records = csv.reader(opened)
            next(records)
            for number, cells in enumerate(records, start=1):
                yield number, [cell or None for cell in cells]

    def raw(self) -> RawCsv | None:
        """The bytes, if they are to be loaded so."""
        return RawCsv(chunks=self._pieces) if self.as_stored else None

    def _pieces(self) -> Iterator[bytes]:
        with self.path.open("rb") as opened:
            yield from iter(lambda: opened.read(PIECE), b"")


@dataclass(frozen=True, kw_only=True, slots=True)
class Contender:
    """Somebody who loads a file into a database; `share` is how much of the rows he gets."""

    name: str
    load: Callable[[str, File], object]
    share: int = 1


def write(path: Path, rows: int) -> None:
    """The file is there: 15 typed columns, about 140 bytes a row, the same for the same number of rows."""
    draw = random.Random(1)  # noqa: S311  # data, not secrets
    with path.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_row(number, draw) for number in range(rows))


def _row(number: int, draw: random.Random) -> tuple[object, ...]:
    pickup = NOON.replace(tzinfo=None) + timedelta(seconds=number)
    fare, tip = draw.randint(300, 9000) / 100, draw.randint(0, 900) / 100
    ride = (number, draw.randint(1, 6), pickup, pickup + timedelta(seconds=draw.randint(60, 4000)), draw.randint(1, 6))
    way = (draw.randint(1, 3000) / 100, draw.randint(1, 265), draw.randint(1, 265), draw.choice(("card", "cash")))
    rest = (draw.choice(("true", "false")), draw.choice(("New York", "Köln", "")), f"note {number % 997}, with a comma")
    return (*ride, *way, fare, tip, f"{fare + tip:.2f}", *rest)


def copy_with_psql(database_url: str, file: File) -> None:
    r"""`psql \copy` into the table that csvgate made, its bookkeeping columns by default as with csvgate."""
    columns = ", ".join(COLUMNS)
    command = rf"\copy csvgate_data.trips ({columns}) FROM '{file.path}' (FORMAT csv, HEADER true)"
    psql = [str(embedded.binaries() / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-c", command]
    option = urlencode({"options": "-c csvgate.delivery=1"}, quote_via=quote)
    subprocess.run([*psql, f"{database_url}&{option}"], check=True)


def load_with_csvgate(target: Target, *, as_stored: bool) -> Callable[[str, File], None]:
    """PostgresSink.load, with ledger, count, head and outbox."""

    def load(database_url: str, file: File) -> None:
        with Database(database_url) as database:
            done = PostgresSink(database).load(DELIVERY, target, replace(file, as_stored=as_stored))
        assert done.rows_loaded == file.row_count  # noqa: S101  # a benchmark of something else otherwise

    return load


def load_with_pandas(database_url: str, file: File) -> None:
    """What many scripts do."""
    engine = sqlalchemy.create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
    pd.read_csv(file.path, nrows=file.row_count).to_sql("trips", engine, index=False)
    engine.dispose()


def load_with_csvsql(database_url: str, file: File) -> None:
    """The `csvsql --insert` of csvkit."""
    url = database_url.replace("postgresql:", "postgresql+psycopg:")
    csvsql = [str(Path(sys.executable).with_name("csvsql")), "--db", url, "--insert", "--tables", "trips"]
    subprocess.run([*csvsql, str(file.path)], check=True)


CONTENDERS = (
    Contender(name="psql \\copy", load=copy_with_psql),
    Contender(name="csvgate, stored bytes", load=load_with_csvgate(TYPED, as_stored=True)),
    Contender(name="csvgate, row by row", load=load_with_csvgate(TYPED, as_stored=False)),
    Contender(name="csvgate, lists (jsonb)", load=load_with_csvgate(replace(TYPED, shape="rows"), as_stored=False)),
    Contender(name="pandas to_sql", load=load_with_pandas, share=SLICE),
    # A few hundred rows a second.
    Contender(name="csvsql --insert", load=load_with_csvsql, share=12 * SLICE),
)
RIVAL = CONTENDERS[0].name


def measured(server: Postgres, folder: Path, rows: int, rounds: int) -> dict[str, list[float]]:
    """Rows per second of each contender, one after the other in each round, after one that warms up."""
    files = {
        share: File(path=folder / f"{share}.csv", row_count=rows // share) for share in {c.share for c in CONTENDERS}
    }
    for file in files.values():
        write(file.path, file.row_count)
    speeds: dict[str, list[float]] = {contender.name: [] for contender in CONTENDERS}
    timed(server, CONTENDERS[0], files[SLICE])
    for _ in range(rounds):
        for contender in CONTENDERS:
            file = files[contender.share]
            speeds[contender.name].append(file.row_count / timed(server, contender, file))
    return speeds


def timed(server: Postgres, contender: Contender, file: File) -> float:
    """The seconds that it took, in a database of its own, after what others wrote is on disk."""
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS bench")
        connection.execute("CREATE DATABASE bench")
        database_url = server.database_url.replace("/postgres?", "/bench?")
        prepare(database_url)
        connection.execute("CHECKPOINT")
        start = time.perf_counter()
        contender.load(database_url, file)
        return time.perf_counter() - start


def prepare(database_url: str) -> None:
    """The tables are there, that of the feed as well: it is made by its first delivery, which has no rows."""
    empty = File(path=Path(os.devnull), row_count=0)
    first = replace(DELIVERY, delivery_id="first")
    with Database(database_url) as database:
        migrate(database)
        PostgresSink(database).load(first, TYPED, replace(empty, as_stored=True))


def report(speeds: dict[str, list[float]], rows: int, size: int) -> dict[str, Any]:
    """The medians, and how they stand to that of psql."""
    medians = {name: statistics.median(found) for name, found in speeds.items()}
    return {
        "what": f"{rows:,} rows of {len(COLUMNS)} typed columns, {size / 1e6:.0f} MB, into an empty table",
        "aim": AIM,
        "rounds": {name: [round(speed) for speed in found] for name, found in speeds.items()},
        "rows_per_second": {name: round(median) for name, median in medians.items()},
        "of_psql": {name: round(median / medians[RIVAL], 2) for name, median in medians.items()},
        "slices": {c.name: rows // c.share for c in CONTENDERS if c.share > 1},
        "machine": machine.facts() | {"postgresql": embedded.version(), "psycopg": psycopg.__version__},
    }


def page(found: dict[str, Any]) -> str:
    """What was measured, for people."""
    lines = [
        [name, f"{speed:,}", found["of_psql"][name], f"{found['slices'].get(name, '')}"]
        for name, speed in found["rows_per_second"].items()
    ]
    return "\n".join(
        [
            "# Loading into PostgreSQL",
            "",
            f"{found['what']}; medians of rounds in turn.",
            "Those who are slow load the first rows only; how many stands behind their figures.",
            "csvgate does it in one transaction with ledger, count, head and outbox; psql only copies.",
            "",
            *table(["", "rows/s", "of psql", "rows"], lines),
            "",
            f"The aim is {found['aim']} of psql or more for stored bytes.",
            "",
            "Single rounds, rows/s:",
            "",
            *table(["", *range(1, len(found["rounds"][RIVAL]) + 1)], [[n, *s] for n, s in found["rounds"].items()]),
            "",
            "Machine:",
            "",
            *table(["", ""], found["machine"].items()),
            "",
        ]
    )


def main() -> None:
    """The results are measured, written and printed; nothing is left behind."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help=f"how many (default {ROWS:,})")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how often each loads (default {ROUNDS})")
    asked = parser.parse_args()
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(parents=True)
    try:
        with embedded.start(DATA, port=0) as server:
            speeds = measured(server, DATA, asked.rows, asked.rounds)
        found = report(speeds, asked.rows, (DATA / "1.csv").stat().st_size)
    finally:
        shutil.rmtree(DATA, ignore_errors=True)
    if (asked.rows, asked.rounds) == (ROWS, ROUNDS):
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "load.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        (RESULTS / "load.md").write_text(page(found), encoding="utf-8")
    print(page(found))


if __name__ == "__main__":
    main()
