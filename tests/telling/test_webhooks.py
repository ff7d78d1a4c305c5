"""Who is told by HTTP can tell that it was us; and nobody makes us knock where only we can."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest

from csvgate.delivery import Arrival, Delivery
from csvgate.errors import CsvgateError, PermanentError, TransientError, UsageError
from csvgate.memory import MemoryOutbox
from csvgate.telling.details import Details
from csvgate.telling.notices import Notice, event
from csvgate.telling.relay import Relay, pause
from csvgate.telling.webhooks import Reach, SlackWebhook, Webhook, address_of, post, secret_of
from tests.receipts import finding

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ARRIVAL = Arrival(bucket="in", key="<!channel> & co.csv", version_id="v1")
NOTICE = Notice(delivery=Delivery.of(ARRIVAL, "failed", at=NOW), channel="webhook")
SECRET = bytes(range(32))


@dataclass
class Receiver:
    """Somebody who listens, and remembers what came."""

    status: int = 200
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@contextmanager
def receiving(status: int = 200, port: int = 0, **headers: str) -> Iterator[Receiver]:
    receiver = Receiver(status=status)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", port), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        receiver.url = f"http://127.0.0.1:{server.server_port}/hook?a=b"
        yield receiver
        server.shutdown()


def test_the_receiver_can_verify_who_speaks_when_and_what() -> None:
    """As Standard Webhooks has it, computed here from its text."""
    with receiving() as receiver:
        Webhook(url=receiver.url, secret=SECRET, clock=lambda: NOW, reach="local").notify(NOTICE)
    [(headers, body)] = receiver.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == (NOTICE.dedup_id, str(int(NOW.timestamp())))
    assert json.loads(body) == event(NOTICE)


def test_a_receiver_that_is_down_is_told_when_it_is_up_again() -> None:
    """Everybody else is told meanwhile, and nothing is told twice."""
    with receiving() as gone:
        """Its port is free again."""
    now, outbox = [NOW], MemoryOutbox()
    outbox.add([NOTICE, replace(NOTICE, channel="slack")])
    with receiving() as other:
        webhook = Webhook(url=gone.url, secret=SECRET, clock=lambda: now[0], reach="local")
        slack = SlackWebhook(url=other.url, reach="local")
        relay = Relay(outbox=outbox, notifiers={"webhook": webhook, "slack": slack}, clock=lambda: now[0])
        assert relay.sweep() == {"sent": 1, "postponed": 1}
        assert (relay.sweep(), len(other.got)) == ({}, 1)
        with receiving(port=urlsplit(gone.url).port or 0) as again:
            now[0] += pause(0)
            assert (relay.sweep(), relay.sweep()) == ({"sent": 1}, {})
    [(headers, body)] = again.got
    assert (headers["webhook-id"], json.loads(body)) == (NOTICE.dedup_id, event(NOTICE))


def test_slack_shows_a_line_in_which_a_files_name_does_nothing() -> None:
    with receiving() as receiver:
        SlackWebhook(url=receiver.url, reach="local").notify(NOTICE)
    [(_, body)] = receiver.got
    text = json.loads(body)["text"]
    assert text.startswith("&lt;!channel&gt; &amp; co.csv failed")
    assert "<" not in text
    assert text.endswith(f"\ncsvgate show {NOTICE.delivery.delivery_id}")


def test_slack_shows_which_codes_were_found_and_nothing_else_of_the_file() -> None:
    findings = [finding(count=3, message="line 2: canary"), finding("stray-quote", "warning")]
    with receiving() as receiver:
        details = Details(read=lambda _: {"findings": findings})
        SlackWebhook(url=receiver.url, reach="local", details=details).notify(NOTICE)
    [(_, body)] = receiver.got
    assert json.loads(body)["text"].splitlines()[1] == "extra-cell 3×, stray-quote 1×"
    assert b"canary" not in body


def test_slack_leads_to_the_page_where_there_is_a_service() -> None:
    with receiving() as receiver:
        details = Details(public_url="https://csv.example")
        SlackWebhook(url=receiver.url, reach="local", details=details).notify(NOTICE)
    [(_, body)] = receiver.got
    assert json.loads(body)["text"].endswith(f"\nhttps://csv.example/deliveries/{NOTICE.delivery.delivery_id}")


@pytest.mark.parametrize(
    ("status", "error"),
    [(500, TransientError), (503, TransientError), (429, TransientError), (400, PermanentError), (410, PermanentError)],
)
def test_what_is_no_2xx_is_an_error_that_says_whether_to_try_again(status: int, error: type[CsvgateError]) -> None:
    with receiving(status) as receiver, pytest.raises(error, match=str(status)):
        post(receiver.url, {}, b"{}", "local")


def test_a_redirect_is_not_followed() -> None:
    with receiving() as elsewhere, receiving(307, Location=elsewhere.url) as receiver:
        with pytest.raises(PermanentError, match="307"):
            post(receiver.url, {}, b"{}", "local")
        assert elsewhere.got == []


def test_who_does_not_answer_may_do_so_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(TransientError, match="does not answer"):
        post(f"http://127.0.0.1:{port}/", {}, b"{}", "local")


@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://localhost/",
        "https://10.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://user:password@8.8.8.8/",
        "http://8.8.8.8/",
        "ftp://8.8.8.8/",
        "file:///etc/passwd",
    ],
)
def test_on_aws_nothing_but_https_to_the_internet_is_reached(url: str) -> None:
    with pytest.raises((PermanentError, TransientError), match=r"may not be used|not known"):
        post(url, {}, b"{}", "public")


@pytest.mark.parametrize(("url", "reach"), [("http://10.0.0.1/", "local"), ("http://127.0.0.1/", "public")])
def test_plain_http_goes_to_this_machine_only_and_from_a_local_stack_only(url: str, reach: Reach) -> None:
    with pytest.raises(PermanentError, match="may not be used"):
        post(url, {}, b"{}", reach)


def test_the_address_that_was_looked_at_is_the_one_that_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere a moment later (DNS rebinding) changes nothing; the certificate is the name's."""
    asked: list[Any] = []
    plain = socket.getaddrinfo

    def first_time_only(host: Any, *rest: Any, **more: Any) -> Any:  # noqa: ANN401  as the real one
        if host == "hook.test":
            asked.append(host)
            host = "127.0.0.1" if len(asked) == 1 else "169.254.169.254"
        return plain(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", first_time_only)
    hello = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=lambda: _hang_up(server, hello), daemon=True).start()
        with pytest.raises(TransientError, match="does not answer"):
            post(f"https://hook.test:{server.getsockname()[1]}/", {}, b"{}", "local")
    assert b"hook.test" in hello
    assert len(asked) == 1


def _hang_up(server: socket.socket, hello: bytearray) -> None:
    connection, _ = server.accept()
    with connection:
        hello.extend(connection.recv(4096))


def test_a_secret_has_the_length_that_the_standard_asks_for() -> None:
    assert secret_of(f"whsec_{base64.b64encode(SECRET).decode()}") == SECRET
    for wrong in ("", "whsec_", "whsec_c2hvcnQ=", "no base64!"):
        with pytest.raises(UsageError, match="CSVGATE_WEBHOOK_SECRET"):
            secret_of(wrong)


@pytest.mark.parametrize(
    "url", ["hook.test/token", "https://", "https://hook.test:99999/token", "ftp://hook.test/token"]
)
def test_what_is_no_address_is_wrong_usage_and_not_told(url: str) -> None:
    with pytest.raises(UsageError, match="CSVGATE_SLACK_URL") as raised:
        address_of(url, "CSVGATE_SLACK_URL")
    assert "token" not in str(raised.value)


def test_addresses_and_secrets_are_in_no_log() -> None:
    webhook = Webhook(url="https://hook.test/token", secret=SECRET, clock=lambda: NOW)
    assert "token" not in repr(webhook) + repr(replace(webhook)) + repr(SlackWebhook(url="https://x/token"))
