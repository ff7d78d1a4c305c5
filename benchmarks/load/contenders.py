"""A file and a database in; its rows in a table of it, by one of those who can do that, out."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import pandas as pd  # type: ignore[import-untyped]  # the stubs are not among the tools
import psycopg
import sqlalchemy

from benchmarks.load.data import COLUMNS
from benchmarks.load.stages import ARRIVAL, FEEDS, TABLE, FileStore, ports, prepare, record
from csvgate.local import postgres as embedded
from csvgate.local.postgres import DATABASE, Postgres
from csvgate.pipeline.story import inspect_delivery
from csvgate.postgres.connection import Database

# The slow ones get one row in so many; csvsql a few hundred rows a second.
SLICE, THIN_SLICE = 20, 240


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A file, and how many rows it has."""

    path: Path
    rows: int


# Loads a file into a database; the seconds of what counts.
Load = Callable[[str, File], float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Contender:
    """Somebody who loads a file into a database; `share` is how much of the rows he gets."""

    name: str
    load: Load
    share: int = 1


def loaded(server: Postgres, contender: Contender, file: File) -> float:
    """The seconds that it took, in a database of its own, after what others wrote is on disk."""
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS bench WITH (FORCE)")
        connection.execute("CREATE DATABASE bench")
        database_url = server.database_url.replace(f"/{DATABASE}?", "/bench?")
        prepare(database_url)
        connection.execute("CHECKPOINT")
        return contender.load(database_url, file)


def copy_with_psql(database_url: str, file: File) -> float:
    r"""`psql \copy` into the table that csvgate made, its bookkeeping columns by default as with csvgate."""
    columns = ", ".join(COLUMNS)
    command = rf"\copy csvgate_data.{TABLE} ({columns}) FROM '{file.path}' (FORMAT csv, HEADER true)"
    psql = [str(embedded.binaries() / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-c", command]
    option = urlencode({"options": "-c csvgate.delivery=1"}, quote_via=quote)
    return _timed(lambda: subprocess.run([*psql, f"{database_url}&{option}"], check=True))


def record_with_csvgate(how: str) -> Load:
    """The recording stage, of a file that was inspected and judged before: with ledger, count, head and outbox."""

    def load(database_url: str, file: File) -> float:
        with Database(database_url) as database:
            at = ports(FileStore(file.path), FEEDS[how], database)
            delivery = inspect_delivery(ARRIVAL, at)
            return _timed(lambda: record(delivery, at, file.rows))

    return load


def judge_and_record_with_csvgate(database_url: str, file: File) -> float:
    """The recording stage of a file that nobody has judged by its contract before."""
    with Database(database_url) as database:
        store = FileStore(file.path)
        delivery = inspect_delivery(ARRIVAL, ports(store, FEEDS["typed"], database))
        at = ports(store, FEEDS["contract"], database)
        return _timed(lambda: record(delivery, at, file.rows))


def do_all_with_csvgate(database_url: str, file: File) -> float:
    """Both stages: inspected, judged, loaded."""
    with Database(database_url) as database:
        at = ports(FileStore(file.path), FEEDS["contract"], database)
        return _timed(lambda: record(inspect_delivery(ARRIVAL, at), at, file.rows))


def load_with_pandas(database_url: str, file: File) -> float:
    """What many scripts do."""
    engine = sqlalchemy.create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
    seconds = _timed(lambda: pd.read_csv(file.path).to_sql("trips", engine, index=False))
    engine.dispose()
    return seconds


def load_with_csvsql(database_url: str, file: File) -> float:
    """The `csvsql --insert` of csvkit."""
    url = database_url.replace("postgresql:", "postgresql+psycopg:")
    csvsql = [str(Path(sys.executable).with_name("csvsql")), "--db", url, "--insert", "--tables", "trips"]
    return _timed(lambda: subprocess.run([*csvsql, str(file.path)], check=True))


CONTENDERS: Sequence[Contender] = (
    Contender(name="psql \\copy", load=copy_with_psql),
    Contender(name="csvgate, a clean file into its typed table", load=record_with_csvgate("contract")),
    Contender(name="csvgate, the contract judged and loaded", load=judge_and_record_with_csvgate),
    Contender(name="csvgate, as lists (jsonb)", load=record_with_csvgate("lists")),
    Contender(name="csvgate, cleansed row by row", load=record_with_csvgate("cleansed")),
    Contender(name="csvgate, inspected, judged and loaded", load=do_all_with_csvgate),
    Contender(name="pandas to_sql", load=load_with_pandas, share=SLICE),
    Contender(name="csvsql --insert", load=load_with_csvsql, share=THIN_SLICE),
)
RIVAL, CLEAN = CONTENDERS[0].name, CONTENDERS[1].name


def _timed(step: Callable[[], object]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began
