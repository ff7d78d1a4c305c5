"""Settings in; the ports of the pipeline out."""

from __future__ import annotations

import uuid

from csvgate.ports import Ports
from csvgate.settings import Settings
from csvgate.wiring.clock import now
from csvgate.wiring.doors import objects
from csvgate.wiring.feeds import feeds
from csvgate.wiring.place import where
from csvgate.wiring.sinks import sinks
from csvgate.wiring.telling import audience


def ports(settings: Settings) -> Ports:
    """All that the pipeline needs, on AWS or whatever speaks like it."""
    from csvgate.aws.client import client
    from csvgate.aws.dynamodb_catalog import DynamoDbCatalog
    from csvgate.aws.sqs import SqsQueue

    place = where(settings)
    catalog = DynamoDbCatalog(
        client("dynamodb", **place),
        metadata_table=settings.metadata_table,
        deliveries_table=settings.deliveries_table,
        inbound_bucket=settings.bucket,
        audience=audience(settings),
    )
    return Ports(
        objects=objects(settings),
        inspected=SqsQueue(client("sqs", **place), settings.inspected_queue_url),
        catalog=catalog,
        view=catalog,
        results_bucket=settings.results_bucket,
        clock=now,
        owner=uuid.uuid4().hex,
        lease=settings.lease,
        feeds=feeds(settings),
        sinks=sinks(settings),
    )
