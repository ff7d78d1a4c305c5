"""Every implementation of every port, so that one suite of behaviour holds for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

import pytest

from csvgate.aws.client import client
from csvgate.aws.s3 import S3ObjectStore
from csvgate.aws.sqs import SqsQueue
from csvgate.load import Target
from csvgate.local.emulator import Emulator
from csvgate.local.postgres import Postgres
from csvgate.memory import MemoryCatalog, MemoryObjectStore, MemoryQueue, MemorySink
from csvgate.parquet.sink import ParquetSink
from csvgate.parquet.writing import parts
from csvgate.ports.catalog import Catalog, CatalogView
from csvgate.ports.objects import ObjectStore
from csvgate.ports.queues import Queue
from csvgate.ports.sinks import Sink
from csvgate.postgres.catalog import PostgresCatalog
from csvgate.postgres.connection import Database
from csvgate.postgres.migration import migrate
from csvgate.postgres.sink import PostgresSink
from tests.aws import rows_reader
from tests.aws.provision import (
    dynamodb_at,
    make_bucket,
    make_catalog,
    make_rows_table,
    make_sink,
    received,
    unique,
    where,
)
from tests.parquet import reading
from tests.ports.deliveries import BY_SEQUENCER, LEASE, NOON
from tests.postgres.provision import make_database, seen

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


class AnyCatalog(Catalog, CatalogView, Protocol):
    """A catalog that is worked with and looked at."""


@pytest.fixture(params=["memory", "dynamodb", "postgresql"])
def catalog(request: pytest.FixtureRequest) -> AnyCatalog:
    """An empty catalog of each kind."""
    if request.param == "memory":
        return MemoryCatalog()
    if request.param == "postgresql":
        database: Database = request.getfixturevalue("prepared_database")
        return PostgresCatalog(database)
    emulator: Emulator = request.getfixturevalue("emulator")
    return make_catalog(dynamodb_at(emulator.endpoint_url))


@pytest.fixture
def prepared_database(postgres: Postgres) -> Iterator[Database]:
    """A new database with the tables of csvgate, all of them empty."""
    with Database(make_database(postgres)) as database:
        migrate(database)
        yield database


@dataclass(frozen=True, kw_only=True, slots=True)
class Bench:
    """A bucket of an object store, with the hands of those who upload into it."""

    store: ObjectStore
    bucket: str
    put: Callable[[str, bytes], object]
    delete: Callable[[str], object]
    purge: Callable[[str, str | None], object]
    stop_versioning: Callable[[], object]
    start_versioning: Callable[[], object]
    drop: Callable[[], object]


@pytest.fixture(params=["memory", "s3"])
def bench(request: pytest.FixtureRequest) -> Bench:
    """An empty, versioned bucket of each kind."""
    if request.param == "memory":
        return _memory_bench(MemoryObjectStore(), "bucket")
    emulator: Emulator = request.getfixturevalue("emulator")
    s3 = client("s3", **where(emulator.endpoint_url))
    return _s3_bench(s3, make_bucket(s3))


def _memory_bench(store: MemoryObjectStore, bucket: str) -> Bench:
    return Bench(
        store=store,
        bucket=bucket,
        put=partial(store.put, bucket),
        delete=partial(store.delete, bucket),
        purge=partial(store.purge, bucket),
        stop_versioning=lambda: setattr(store, "versioning", "suspended"),
        start_versioning=lambda: setattr(store, "versioning", "enabled"),
        drop=lambda: store.drop(bucket),
    )


def _s3_bench(s3: S3Client, bucket: str) -> Bench:
    return Bench(
        store=S3ObjectStore(s3),
        bucket=bucket,
        put=lambda key, body: s3.put_object(Bucket=bucket, Key=key, Body=body),
        delete=lambda key: s3.delete_object(Bucket=bucket, Key=key),
        purge=lambda key, version: s3.delete_object(Bucket=bucket, Key=key, VersionId=version or "null"),
        stop_versioning=lambda: s3.put_bucket_versioning(
            Bucket=bucket, VersioningConfiguration={"Status": "Suspended"}
        ),
        start_versioning=lambda: s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"}),
        drop=lambda: s3.delete_bucket(Bucket=bucket),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Mailbox:
    """A queue, with the hands of those who receive from it."""

    queue: Queue
    received: Callable[[], list[str]]


@pytest.fixture(params=["memory", "sqs"])
def mailbox(request: pytest.FixtureRequest) -> Mailbox:
    """An empty queue of each kind."""
    if request.param == "memory":
        queue = MemoryQueue()
        return Mailbox(queue=queue, received=lambda: [message.body for message in queue.receive()])
    emulator: Emulator = request.getfixturevalue("emulator")
    sqs = client("sqs", **where(emulator.endpoint_url))
    url = sqs.create_queue(QueueName=unique("queue"))["QueueUrl"]
    return Mailbox(queue=SqsQueue(sqs, url), received=lambda: received(sqs, url))


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """A sink, and what readers of a target see."""

    sink: Sink
    rows: Callable[[Target], list[tuple[str | None, ...]]]


# Every Sink, and whether it merges; `loading` never asks one that does not.
MERGES = {"memory": True, "postgresql": True, "dynamodb": False, "parquet": False, "parquet on s3": False}


@pytest.fixture(params=MERGES)
def shelf(request: pytest.FixtureRequest) -> Iterator[Shelf]:
    """An empty sink of each kind."""
    if request.param == "memory":
        memory = MemorySink()
        yield Shelf(sink=memory, rows=lambda target: memory.table(target.table))
        return
    if request.param == "dynamodb":
        emulator: Emulator = request.getfixturevalue("emulator")
        dynamodb = dynamodb_at(emulator.endpoint_url)
        table = make_rows_table(dynamodb)
        sink = make_sink(dynamodb, table)
        yield Shelf(sink=sink, rows=lambda target: rows_reader.seen(dynamodb, table, target))
        return
    if request.param.startswith("parquet"):
        objects, bucket = _results(request)
        yield Shelf(sink=ParquetSink(objects, bucket, parts), rows=lambda target: reading.seen(objects, bucket, target))
        return
    database: Database = request.getfixturevalue("prepared_database")
    # A page of one: what is told over several pages is told once.
    yield Shelf(sink=PostgresSink(database, page=1), rows=lambda target: seen(database, target))


def _results(request: pytest.FixtureRequest) -> tuple[ObjectStore, str]:
    """An empty results bucket, of the kind that the parameter names."""
    if request.param == "parquet":
        return MemoryObjectStore(), "results"
    emulator: Emulator = request.getfixturevalue("emulator")
    s3 = client("s3", **where(emulator.endpoint_url))
    return S3ObjectStore(s3), make_bucket(s3)


@pytest.fixture
def claim(catalog: AnyCatalog) -> Callable[..., str]:
    """Claims and says only how it went."""
    return lambda arrival, owner="us", now=NOON: catalog.claim(arrival, owner=owner, now=now, lease=LEASE).status


@pytest.fixture
def record(catalog: AnyCatalog) -> Callable[..., bool]:
    """Records with two column names."""
    return lambda delivery, standing=BY_SEQUENCER: catalog.record(delivery, ["id", "name"], standing)
