"""Settings in; the ports of the pipeline out."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from csvgate.core.contracts.feed import NO_FEEDS, Feeds
from csvgate.ports import Ports
from csvgate.settings import Settings
from csvgate.wiring.clock import now
from csvgate.wiring.database import shared
from csvgate.wiring.doors import objects
from csvgate.wiring.feeds import feeds
from csvgate.wiring.place import where
from csvgate.wiring.sinks import load_outboxes, sinks
from csvgate.wiring.telling import audience
from csvgate.wiring.tracing import tracer

if TYPE_CHECKING:
    from csvgate.aws.dynamodb_catalog import DynamoDbCatalog
    from csvgate.postgres.catalog import PostgresCatalog


def ports(settings: Settings) -> Ports:
    """All that the pipeline needs, on AWS or whatever speaks like it."""
    from csvgate.aws.client import client
    from csvgate.aws.sqs import SqsQueue

    found = feeds(settings)
    known = catalog(settings, found)
    return Ports(
        objects=objects(settings),
        inspected=SqsQueue(client("sqs", **where(settings)), settings.inspected_queue_url),
        catalog=known,
        view=known,
        results_bucket=settings.results_bucket,
        clock=now,
        owner=uuid.uuid4().hex,
        lease=settings.lease,
        feeds=found,
        sinks=sinks(settings),
        load_outboxes=load_outboxes(settings, found),
        tracer=tracer(settings),
    )


def catalog(settings: Settings, feeds: Feeds = NO_FEEDS) -> PostgresCatalog | DynamoDbCatalog:
    """Where deliveries are recorded, as the settings choose."""
    if settings.catalog == "postgresql":
        connected = shared(settings)
        from csvgate.postgres.catalog import PostgresCatalog

        return PostgresCatalog(connected, audience(settings, feeds))
    from csvgate.aws.client import client
    from csvgate.aws.dynamodb_catalog import DynamoDbCatalog

    return DynamoDbCatalog(
        client("dynamodb", **where(settings)),
        metadata_table=settings.metadata_table,
        deliveries_table=settings.deliveries_table,
        inbound_bucket=settings.bucket,
        audience=audience(settings, feeds),
    )
