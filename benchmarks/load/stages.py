"""A file on disk, a feed and a database in; the pipeline's own stages over them, which are what is measured, out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

from benchmarks.load.data import CONTRACT, NOON
from csvgate.core.contracts.cleansing import Cleansing
from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.delivery import Arrival, Delivery
from csvgate.load import Column, RawCsv, Target
from csvgate.memory import MemoryCatalog, MemoryObjectStore, MemoryQueue
from csvgate.pipeline.story import inspect_delivery, record_delivery
from csvgate.ports import Ports
from csvgate.ports.objects import ObjectVersion, OpenObject
from csvgate.postgres.connection import Database
from csvgate.postgres.migration import migrate
from csvgate.postgres.sink import PostgresSink

CHUNK = 1 << 18
TABLE = "trips"
ARRIVAL = Arrival(bucket="in", key="trips.csv", version_id="1", sequencer="01", time=NOON)
TYPED = Feed(name=TABLE, key="*", sink="postgresql", table=TABLE, shape="typed")
PROMISED = replace(TYPED, contract=CONTRACT)
FEEDS: dict[str, Feed] = {
    "typed": TYPED,
    "contract": PROMISED,
    # Blanks that are cut off, where there are none: the rows are the same, and have to be read.
    "cleansed": replace(PROMISED, cleansing=Cleansing(trim=("*",))),
    "lists": replace(TYPED, shape="rows"),
}


class FileStore(MemoryObjectStore):
    """An ObjectStore whose one object is a file on disk; documents are small, and kept in memory."""

    def __init__(self, path: Path) -> None:
        """The file is there."""
        super().__init__()
        self._path = path

    def open(self, arrival: Arrival) -> OpenObject | Literal["vanished", "superseded"]:
        """See ObjectStore: whatever arrived is this file."""
        version = ObjectVersion(
            bucket=arrival.bucket,
            key=arrival.key,
            version_id=arrival.version_id,
            etag=None,
            size=self._path.stat().st_size,
            last_modified=NOON,
            is_latest=True,
        )
        return OpenObject(version=version, chunks=self._chunks)

    def _chunks(self) -> Iterator[bytes]:
        with self._path.open("rb") as opened:
            yield from iter(lambda: opened.read(CHUNK), b"")


class NoRows:
    """A Content without rows: what it is loaded into is there afterwards."""

    row_count = 0
    rows_quarantined = 0

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """None."""
        return iter(())

    def raw(self) -> RawCsv | None:
        """Nothing is stored."""
        return None


def prepare(database_url: str) -> None:
    """The tables are there, that of the feed as well: it is made by its first delivery, which has no rows."""
    columns = [Column(name=field.name, type=field.type) for field in CONTRACT.schema.fields]
    with Database(database_url) as database:
        migrate(database)
        first = Delivery.of(replace(ARRIVAL, version_id="0"), "inspected", at=NOON)
        PostgresSink(database).load(first, Target(table=TABLE, columns=columns, shape="typed"), NoRows())


def ports(store: FileStore, feed: Feed, database: Database) -> Ports:
    """What both stages need; the rows go to the database."""
    catalog = MemoryCatalog()
    return Ports(
        objects=store,
        inspected=MemoryQueue(),
        catalog=catalog,
        view=catalog,
        results_bucket="results",
        clock=lambda: NOON,
        owner="benchmark",
        lease=timedelta(minutes=15),
        feeds=Feeds((feed,)),
        sinks={"postgresql": PostgresSink(database)},
    )


def record(delivery: Delivery, at: Ports, rows: int) -> None:
    """The second stage is through, and so many rows were counted in the database; RuntimeError if not."""
    done = record_delivery(delivery, at)
    if (done.state, done.rows_verified) != ("loaded", rows):
        message = f"a benchmark of something else: {done}"
        raise RuntimeError(message)


def main(path: Path, how: str, database_url: str) -> None:
    """Both stages, as a process of their own whose memory somebody watches."""
    with Database(database_url) as database:
        at = ports(FileStore(path), FEEDS[how], database)
        delivery = inspect_delivery(ARRIVAL, at)
        record(delivery, at, delivery.row_count or 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
