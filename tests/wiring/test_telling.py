"""Whom the settings name is told, and of a feed's deliveries whom the feed names."""

from __future__ import annotations

from pathlib import Path

from csvgate import wiring
from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.delivery import Arrival, Delivery
from csvgate.settings import load
from csvgate.telling.mail import Mail
from csvgate.telling.webhooks import SlackWebhook

LOCAL = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}


def test_a_feed_that_names_nobody_leaves_it_to_the_settings(tmp_path: Path) -> None:
    settings = load({**LOCAL, "CSVGATE_TOPIC_ARN": "arn:aws:sns:us-east-1:000000000000:told"}, tmp_path)
    feeds = Feeds(
        (Feed(name="a", key="a/*"), Feed(name="b", key="b/*", notify=()), Feed(name="c", key="c", notify=("bus",)))
    )
    audience = wiring.audience(settings, feeds)
    assert audience.channels == ("topic",)
    assert audience.by_feed == {"b": (), "c": ("bus",)}


def test_the_catalog_knows_what_the_feeds_file_says_of_it(tmp_path: Path) -> None:
    (tmp_path / "feeds.json").write_text('{"feeds": [{"name": "a", "key": "a/*", "notify": "mail:ann@example.org"}]}')
    settings = load({**LOCAL, "CSVGATE_FEEDS": str(tmp_path / "feeds.json")}, tmp_path)
    assert wiring.audience(settings, wiring.ports(settings).feeds).by_feed == {"a": ("mail:ann@example.org",)}


def test_people_hear_what_the_receipt_says_and_are_led_to_the_service(tmp_path: Path) -> None:
    mail = {
        "CSVGATE_SMTP_URL": "smtp://127.0.0.1",
        "CSVGATE_MAIL_FROM": "a@b.example",
        "CSVGATE_MAIL_TO": "c@d.example",
    }
    slack = {"CSVGATE_SLACK_URL": "https://hook.example", "CSVGATE_PUBLIC_URL": "https://csv.example"}
    notifiers = wiring.relay(load({**LOCAL, **mail, **slack}, tmp_path)).notifiers
    people = [each for each in notifiers.values() if isinstance(each, (Mail, SlackWebhook))]
    delivery = Delivery.of(Arrival(bucket="in", key="a.csv"), "failed", at=wiring.now())
    assert [each.details.public_url for each in people] == ["https://csv.example"] * 2
    assert [each.details.receipt(delivery)["filename"] for each in people] == ["a.csv"] * 2
