"""Settings in; where rows can go, out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from csvgate.core.contracts.feed import NO_FEEDS, Feeds, SinkKind
from csvgate.errors import UsageError
from csvgate.ports.sinks import LoadOutbox, Sink
from csvgate.settings import Settings
from csvgate.wiring.clock import now
from csvgate.wiring.database import shared
from csvgate.wiring.doors import objects
from csvgate.wiring.place import where

if TYPE_CHECKING:
    from csvgate.parquet.layout import Layout, Row


def sinks(settings: Settings) -> dict[SinkKind, Sink]:
    """Where rows can go."""
    from csvgate.parquet.sink import ParquetSink

    found: dict[SinkKind, Sink] = {
        "dynamodb": _dynamodb(settings),
        "parquet": ParquetSink(objects(settings), settings.results_bucket, _parts),
    }
    if settings.has_database:
        connected = shared(settings)
        from csvgate.postgres.sink import PostgresSink

        found["postgresql"] = PostgresSink(connected)
    return found


def load_outboxes(settings: Settings, feeds: Feeds = NO_FEEDS) -> dict[str, LoadOutbox]:
    """What sinks did and the catalog may not have heard of, where they keep it themselves.

    In DynamoDB there is a look at it only where a feed sends rows there.
    """
    found: dict[str, LoadOutbox] = {}
    if any(feed.sink == "dynamodb" for feed in feeds.feeds):
        from csvgate.aws.client import client
        from csvgate.aws.rows.outbox import DynamoDbLoadOutbox

        found["dynamodb"] = DynamoDbLoadOutbox(client("dynamodb", **where(settings)), settings.rows_table)
    if settings.has_database:
        connected = shared(settings)
        from csvgate.postgres.load_outbox import PostgresLoadOutbox

        found["postgresql"] = PostgresLoadOutbox(connected)
    return found


def _dynamodb(settings: Settings) -> Sink:
    from csvgate.aws.client import client
    from csvgate.aws.rows.sink import DynamoDbSink

    return DynamoDbSink(
        client("dynamodb", **where(settings)),
        settings.rows_table,
        objects=objects(settings),
        results_bucket=settings.results_bucket,
        clock=now,
    )


def _parts(rows: Iterable[Row], layout: Layout) -> Iterator[bytes]:
    """The rows as Parquet files; what writes them is loaded with the first one, and may not be there."""
    try:
        from csvgate.parquet.writing import parts
    except ModuleNotFoundError as exc:
        problem = "Parquet needs DuckDB. Install it with: pip install 'csvgate[parquet]'"
        raise UsageError(problem) from exc
    return parts(rows, layout)
