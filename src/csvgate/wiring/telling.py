"""Settings in; who is to be told, and what passes the word on, out."""

from __future__ import annotations

from functools import partial
from typing import Literal

from csvgate.core.contracts.feed import NO_FEEDS, Channel, Feeds
from csvgate.settings import Settings
from csvgate.telling.details import Details
from csvgate.telling.notices import Audience, Notifier, Outbox
from csvgate.telling.relay import Relay
from csvgate.wiring.clock import now
from csvgate.wiring.database import shared
from csvgate.wiring.doors import objects
from csvgate.wiring.place import where
from csvgate.wiring.tracing import tracer


def audience(settings: Settings, feeds: Feeds = NO_FEEDS) -> Audience:
    """Whoever the settings say is to be told, or, of its own deliveries, a feed."""
    return Audience(
        channels=_there(settings),
        people_hear=settings.tell_people,
        by_feed={feed.name: feed.notify for feed in feeds.feeds if feed.notify is not None},
    )


def relay(settings: Settings) -> Relay:
    """What passes the word on, over every channel that the settings name."""
    notifiers = {channel: _notifier(channel, settings) for channel in _there(settings)}
    return Relay(outbox=outbox(settings), notifiers=notifiers, clock=now, tracer=tracer(settings))


def outbox(settings: Settings) -> Outbox:
    """What has to be said, where the catalog wrote it."""
    if settings.catalog == "postgresql":
        connected = shared(settings)
        from csvgate.postgres.outbox import PostgresOutbox

        return PostgresOutbox(connected)
    from csvgate.aws.client import client
    from csvgate.aws.dynamodb_outbox import DynamoDbOutbox

    return DynamoDbOutbox(client("dynamodb", **where(settings)), settings.deliveries_table)


def _there(settings: Settings) -> tuple[Channel, ...]:
    """The channels that the settings name."""
    named: dict[Channel, str] = {
        "topic": settings.topic_arn,
        "bus": settings.event_bus,
        "webhook": settings.webhook_url,
        "slack": settings.slack_url,
        "mail": settings.smtp_url,
    }
    return tuple(channel for channel, where in named.items() if where)


def _notifier(channel: Channel, settings: Settings) -> Notifier:
    from csvgate.aws.client import client

    if channel == "topic":
        from csvgate.aws.sns import SnsTopic

        return SnsTopic(client("sns", **where(settings)), settings.topic_arn)
    if channel == "bus":
        from csvgate.aws.eventbridge import EventBus

        return EventBus(client("events", **where(settings)), settings.event_bus)
    if channel == "mail":
        from csvgate.telling.mail import checked

        return checked(settings.smtp_url, settings.mail_from, settings.mail_to, _details(settings))
    from csvgate.telling.webhooks import SlackWebhook, Webhook, address_of, secret_of

    reach: Literal["public", "local"] = "public" if settings.target == "aws" else "local"
    if channel == "slack":
        return SlackWebhook(
            url=address_of(settings.slack_url, "CSVGATE_SLACK_URL"), reach=reach, details=_details(settings)
        )
    url, secret = address_of(settings.webhook_url, "CSVGATE_WEBHOOK_URL"), secret_of(settings.webhook_secret)
    return Webhook(url=url, secret=secret, clock=now, reach=reach)


def _details(settings: Settings) -> Details:
    """What the receipt of a delivery says, as the pages show it, and where they are."""
    from csvgate.pipeline.story import receipt_of

    return Details(read=partial(receipt_of, objects=objects(settings)), public_url=settings.public_url)
