"""Mail by a real SMTP conversation, with a server of the tests, about files that were inspected."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from csvgate.delivery import Arrival, Delivery
from csvgate.errors import CsvgateError, PermanentError, TransientError, UsageError
from csvgate.pipeline.story import receipt_of
from csvgate.telling.details import Details
from csvgate.telling.mail import checked
from csvgate.telling.notices import Notice
from tests.pipeline.test_loading import feeds
from tests.world import BUCKET, Fault, World

ROOT = Path(__file__).parents[2]
SERVICE = "https://csvgate.example.com"
ARRIVAL = Arrival(bucket="in", key="in/ü\r\nBcc: eve@example.org\r\n.csv", version_id="v1")
NOTICE = Notice(delivery=Delivery.of(ARRIVAL, "failed", at=datetime(2026, 1, 1, tzinfo=UTC)), channel="mail")


class Inbox:
    """Takes mail, or answers as it was told to."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.got: list[Any] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: ANN401, N802
        self.got.append(envelope)
        return self.answer


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def server(answer: str = "250 OK") -> Iterator[tuple[str, Inbox]]:
    inbox = Inbox(answer)
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}", inbox
    finally:
        controller.stop()


def told(notice: Notice, details: Details) -> str:
    """The text of the mail, as it came."""
    with server() as (url, inbox):
        checked(url, "csvgate@example.org", "ann@example.org", details).notify(notice)
    [envelope] = inbox.got
    text: str = message_from_bytes(envelope.content, policy=policy.default).get_content()
    return text.replace("\r\n", "\n")


def told_of(world: World, arrival: Arrival, error: type[CsvgateError] | None = None) -> str:
    """The text of the mail about a delivery; reading what was found may go wrong."""
    delivery = world.catalog.get(arrival.delivery_id)
    assert delivery
    fault = Fault(at=1, error=error) if error else None
    read = partial(receipt_of, objects=world.ports(fault).objects)
    return told(Notice(delivery=delivery, channel="mail"), Details(read=read, public_url=SERVICE))


def test_everybody_gets_a_mail_that_says_what_and_where() -> None:
    with server() as (url, inbox):
        checked(url, "csvgate@example.org", "ann@example.org, bob@example.org").notify(NOTICE)
    [envelope] = inbox.got
    assert envelope.rcpt_tos == ["ann@example.org", "bob@example.org"]
    mail = message_from_bytes(envelope.content, policy=policy.default)
    assert "failed" in mail["Subject"]
    assert mail["Bcc"] is None
    assert NOTICE.delivery.delivery_id in mail.get_content()
    assert mail["Message-ID"] == f"<{NOTICE.delivery.delivery_id}.failed@csvgate>"


def test_where_there_is_a_service_it_leads_there() -> None:
    text = told(NOTICE, Details(public_url="https://csv.example"))
    assert text.endswith(f"\n\nhttps://csv.example/deliveries/{NOTICE.delivery.delivery_id}\n")


def test_it_says_what_is_wrong_as_the_reference_shows_it() -> None:
    world = World()
    arrival = world.objects.put("csvgate-inbound", "in/sensors.csv", (ROOT / "samples/sensors.csv").read_bytes())
    world.finish(arrival)
    text = told_of(world, arrival).replace(arrival.delivery_id, "<delivery_id>")
    assert f"```text\n{text}```" in (ROOT / "docs/reference/notices.md").read_text(encoding="utf-8")


def test_it_says_how_a_file_breaks_its_contract_and_nothing_that_stands_in_it() -> None:
    world = World(feeds=feeds())
    arrival = world.objects.put(BUCKET, "in/sales/a.csv", b"id,name,amount\n1,Ada,canary\n2,Joan,7\ncanary,Al,\n")
    world.finish(arrival)
    text = told_of(world, arrival)
    assert "error type-error, 2×: lines 2 and 4\n" in text
    assert "\n\n2 rows put aside: " in text
    assert not any(written in text for written in ("canary", "amount", "Ada"))


@pytest.mark.parametrize("error", [TransientError, PermanentError, None])
def test_a_receipt_that_cannot_be_read_holds_no_mail_up(error: type[CsvgateError] | None) -> None:
    """A store that does not answer, a damaged document, and one that was erased: it says what the notice knows."""
    world = World()
    arrival = world.objects.put(BUCKET, "in/a.csv", b"a,b\n1\n")
    world.finish(arrival)
    if error is None:
        world.objects.erase_documents("csvgate-results", "")
    said, where, link = told_of(world, arrival, error).strip().split("\n\n")
    assert (said, where) == ("a.csv recorded (warning), 1 row, 2 columns", f"s3://{BUCKET}/in/a.csv")
    assert link == f"{SERVICE}/deliveries/{arrival.delivery_id}"


def test_whom_a_feed_names_gets_it_alone() -> None:
    with server() as (url, inbox):
        mail = checked(url, "csvgate@example.org", "ann@example.org, bob@example.org")
        mail.notify(replace(NOTICE, channel="mail:team@example.org"))
    assert [envelope.rcpt_tos for envelope in inbox.got] == [["team@example.org"]]


@pytest.mark.parametrize(("answer", "error"), [("451 later", TransientError), ("550 no", PermanentError)])
def test_a_server_that_refuses_says_whether_to_try_again(answer: str, error: type[CsvgateError]) -> None:
    with server(answer) as (url, _), pytest.raises(error, match=answer[:3]):
        checked(url, "csvgate@example.org", "ann@example.org").notify(NOTICE)


def test_a_server_that_is_not_there_may_come_back() -> None:
    with server() as (url, _):
        gone = checked(url, "csvgate@example.org", "ann@example.org")
    with pytest.raises(TransientError, match="does not answer"):
        gone.notify(NOTICE)


def test_a_password_goes_to_a_server_that_asks_for_one_or_nowhere() -> None:
    with server() as (url, inbox):
        mail = checked(url, "csvgate@example.org", "ann@example.org")
        named = replace(mail, url=url.replace("//", "//ann:hidden@"))
        with pytest.raises(PermanentError, match="log in"):
            named.notify(NOTICE)
    assert inbox.got == []
    assert "hidden" not in repr(named)


@pytest.mark.parametrize(
    ("url", "sender", "recipients"),
    [("http://x", "a@b", "c@d"), ("smtp://", "a@b", "c@d"), ("smtp://x", "", "c@d"), ("smtp://x", "a@b", " , ")],
)
def test_mail_without_all_that_it_needs_is_wrong_usage(url: str, sender: str, recipients: str) -> None:
    with pytest.raises(UsageError, match="CSVGATE_MAIL_TO"):
        checked(url, sender, recipients)
