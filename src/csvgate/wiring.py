"""Settings in, ports and the other doors to the stack out: the one module that knows every adapter.

Adapters are imported late, so that a cold start pays only for what it uses.
"""

from __future__ import annotations

import errno
import json
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from csvgate.core.contracts.feed import NO_FEEDS, Feed, Feeds, SinkKind
from csvgate.delivery import Arrival
from csvgate.errors import UsageError
from csvgate.notices import Audience, Channel, Notifier
from csvgate.ports import Inbox, ObjectStore, Ports, Sink
from csvgate.relay import Relay
from csvgate.settings import Settings
from csvgate.variables import SETTINGS

if TYPE_CHECKING:
    from csvgate.aws.client import Where
    from csvgate.aws.logs import LogEvent
    from csvgate.postgres.answer import Answer
    from csvgate.postgres.connection import Database
    from csvgate.redrive import DeadLetters

# What the stacks say of themselves, by the name of their output, and the setting that it is.
OUTPUTS = {
    "InboundBucketName": "bucket",
    "ResultsBucketName": "results_bucket",
    "ArrivalsQueueUrl": "arrivals_queue_url",
    "ArrivalsDeadQueueUrl": "arrivals_dead_url",
    "InspectedQueueUrl": "inspected_queue_url",
    "InspectedDeadQueueUrl": "inspected_dead_url",
    "DeliveriesTopicArn": "topic_arn",
}
# Where no feeds are named, DATABASE_URL alone makes PostgreSQL the sink of all rows.
EVERYTHING = Feeds((Feed(name="csv_rows", key="**", sink="postgresql"),))
NEEDED = ("bucket", "results_bucket", "arrivals_queue_url", "inspected_queue_url")


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def complete(settings: Settings) -> Settings:
    """Settings in which nothing is missing that the stack needs: what nobody set, the deployed stacks tell."""
    if all(getattr(settings, field) for field in NEEDED):
        return settings
    from csvgate.aws.client import client
    from csvgate.aws.cloudformation import outputs

    told = outputs(client("cloudformation", **_where(settings)))
    unset = {name: field for name, field in OUTPUTS.items() if name in told and not getattr(settings, field)}
    found: dict[str, Any] = {field: told[name] for name, field in unset.items()}
    completed = replace(settings, **found)
    lacking = {field for field in NEEDED if not getattr(completed, field)}
    missing = [setting.name for setting in SETTINGS if setting.field in lacking]
    if missing:
        problem = f"No deployed stack tells {', '.join(missing)}. Deploy the stack, or set them."
        raise UsageError(problem)
    return completed


def ports(settings: Settings) -> Ports:
    """All that the pipeline needs, on AWS or whatever speaks like it."""
    from csvgate.aws.client import client
    from csvgate.aws.dynamodb_catalog import DynamoDbCatalog
    from csvgate.aws.sqs import SqsQueue

    where = _where(settings)
    catalog = DynamoDbCatalog(
        client("dynamodb", **where),
        metadata_table=settings.metadata_table,
        deliveries_table=settings.deliveries_table,
        inbound_bucket=settings.bucket,
        audience=audience(settings),
    )
    return Ports(
        objects=objects(settings),
        inspected=SqsQueue(client("sqs", **where), settings.inspected_queue_url),
        catalog=catalog,
        view=catalog,
        results_bucket=settings.results_bucket,
        clock=now,
        owner=uuid.uuid4().hex,
        lease=settings.lease,
        feeds=feeds(settings),
        sinks=_sinks(settings),
    )


def feeds(settings: Settings) -> Feeds:
    """The feeds that the settings name; without any, all rows go to the database, where there is one.

    UsageError if the file is not there or makes no sense.
    """
    if not settings.feeds:
        return EVERYTHING if settings.database_url else NO_FEEDS
    from csvgate.feeds import load_feeds

    read = _reader(settings)
    try:
        text = read(settings.feeds)
    except OSError as exc:
        problem = f"the feeds {settings.feeds!r} cannot be read: {exc.strerror or exc}"
        raise UsageError(problem) from exc
    folder = settings.feeds.rpartition("/")[0]
    return load_feeds(text, settings.feeds, lambda name: read(f"{folder}/{name}" if folder else name))


def _reader(settings: Settings) -> Callable[[str], bytes]:
    """Gives what a path or an address in a bucket names; OSError if it is not there."""
    if not settings.feeds.startswith("s3://"):
        return lambda path: Path(path).read_bytes()
    store = objects(settings)

    def read(uri: str) -> bytes:
        found = store.read(uri)
        if found is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), uri)
        return found

    return read


def _sinks(settings: Settings) -> dict[SinkKind, Sink]:
    """Where rows can go."""
    if not settings.database_url:
        return {}
    database = _database(settings.database_url)
    from csvgate.postgres.sink import PostgresSink

    return {"postgresql": PostgresSink(database)}


def objects(settings: Settings) -> ObjectStore:
    """The object store alone: for reading a file that is in a bucket, no stack is needed."""
    from csvgate.aws.client import client
    from csvgate.aws.s3 import S3ObjectStore

    return S3ObjectStore(client("s3", **_where(settings)))


def enqueue(settings: Settings) -> Callable[[Arrival], None]:
    """Puts an arrival on the arrivals queue, as the event that S3 would send."""
    from csvgate.aws.client import client
    from csvgate.aws.events import encode
    from csvgate.aws.sqs import SqsQueue

    queue = SqsQueue(client("sqs", **_where(settings)), settings.arrivals_queue_url)
    return lambda arrival: queue.send(json.dumps(encode(arrival)))


def dead_letters(settings: Settings) -> tuple[DeadLetters, ...]:
    """Where messages are that failed too often, as far as the settings name it."""
    from csvgate.aws.client import client
    from csvgate.aws.letters import of_arrivals, of_inspected
    from csvgate.aws.sqs import SqsQueue
    from csvgate.redrive import DeadLetters

    sqs = client("sqs", **_where(settings))

    stages = (
        (
            "inspect",
            settings.arrivals_dead_url,
            settings.arrivals_queue_url,
            partial(of_arrivals, bucket=settings.bucket),
        ),
        ("record", settings.inspected_dead_url, settings.inspected_queue_url, of_inspected),
    )
    return tuple(
        DeadLetters(stage=stage, inbox=SqsQueue(sqs, dead_url), source=SqsQueue(sqs, url), read=read)
        for stage, dead_url, url, read in stages
        if dead_url
    )


def audience(settings: Settings) -> Audience:
    """Whoever the settings say is to be told."""
    named: dict[Channel, str] = {
        "topic": settings.topic_arn,
        "bus": settings.event_bus,
        "webhook": settings.webhook_url,
        "slack": settings.slack_url,
        "mail": settings.smtp_url,
    }
    return Audience(
        channels=tuple(channel for channel, where in named.items() if where), people_hear=settings.tell_people
    )


def relay(settings: Settings) -> Relay:
    """What passes the word on, over every channel that the settings name."""
    from csvgate.aws.client import client
    from csvgate.aws.dynamodb_outbox import DynamoDbOutbox

    outbox = DynamoDbOutbox(client("dynamodb", **_where(settings)), settings.deliveries_table)
    notifiers = {channel: _notifier(channel, settings) for channel in audience(settings).channels}
    return Relay(outbox=outbox, notifiers=notifiers, clock=now)


def _notifier(channel: Channel, settings: Settings) -> Notifier:
    from csvgate.aws.client import client

    if channel == "topic":
        from csvgate.aws.sns import SnsTopic

        return SnsTopic(client("sns", **_where(settings)), settings.topic_arn)
    if channel == "bus":
        from csvgate.aws.eventbridge import EventBus

        return EventBus(client("events", **_where(settings)), settings.event_bus)
    if channel == "mail":
        from csvgate.mail import checked

        return checked(settings.smtp_url, settings.mail_from, settings.mail_to)
    from csvgate.webhooks import SlackWebhook, Webhook, address_of, secret_of

    reach: Literal["public", "local"] = "public" if settings.target == "aws" else "local"
    if channel == "slack":
        return SlackWebhook(url=address_of(settings.slack_url, "CSVGATE_SLACK_URL"), reach=reach)
    url, secret = address_of(settings.webhook_url, "CSVGATE_WEBHOOK_URL"), secret_of(settings.webhook_secret)
    return Webhook(url=url, secret=secret, clock=now, reach=reach)


def inboxes(settings: Settings) -> dict[Literal["inspect", "record"], Inbox]:
    """Where each stage's messages come from."""
    from csvgate.aws.client import client
    from csvgate.aws.sqs import SqsQueue

    sqs = client("sqs", **_where(settings))
    return {
        "inspect": SqsQueue(sqs, settings.arrivals_queue_url),
        "record": SqsQueue(sqs, settings.inspected_queue_url),
    }


def upload(settings: Settings) -> Callable[[Path, str, str, Callable[[int], None]], Arrival]:
    """Puts a file into a bucket under a key; tells the bytes sent as it goes, and at the end the version."""
    from csvgate.aws.client import client
    from csvgate.aws.upload import S3Upload

    return S3Upload(client("s3", **_where(settings))).put


def logs(settings: Settings) -> Callable[[datetime], Iterator[LogEvent]]:
    """What both functions logged since a moment."""
    from csvgate.aws.client import client
    from csvgate.aws.logs import events

    groups = [f"/aws/lambda/{function}" for function in (settings.inspect_function, settings.record_function)]
    reader = client("logs", **_where(settings))
    return lambda since: events(reader, groups, since=since)


def migrate(database_url: str) -> tuple[str, ...]:
    """The database is as this version needs it; the names of the migrations that it did not have before."""
    with _database(database_url) as database:
        from csvgate.postgres.migration import migrate

        return migrate(database)


def ask(database_url: str, question: str) -> Answer:
    """What the database answers."""
    with _database(database_url) as database:
        from csvgate.postgres.answer import ask

        return ask(database, question)


def _database(database_url: str) -> Database:
    """Nothing is connected yet; UsageError where the driver is not installed."""
    try:
        from csvgate.postgres.connection import Database
    except ModuleNotFoundError as exc:
        problem = "PostgreSQL needs its driver. Install it with: pip install 'csvgate[postgres]'"
        raise UsageError(problem) from exc
    return Database(database_url)


def _where(settings: Settings) -> Where:
    from csvgate.aws.client import Credentials

    credentials = None
    if settings.access_key and settings.secret_key:
        credentials = Credentials(
            access_key=settings.access_key, secret_key=settings.secret_key, session_token=settings.session_token
        )
    return {"endpoint_url": settings.endpoint_url, "region": settings.region, "credentials": credentials}
