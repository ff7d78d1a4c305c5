"""A notice in; an HTTP request to somebody's own address out: signed for programs, as text for Slack.

Who may name an address could reach what only we can reach: on AWS it has to be HTTPS, and no host may lead to a private
address, also not by a redirect (none is followed) or by a name that leads elsewhere a moment later.
Signature: Standard Webhooks 1.0.0, symmetric.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from csvgate.errors import PermanentError, TransientError, UsageError
from csvgate.report.advice import codes
from csvgate.telling.details import NO_DETAILS, Details
from csvgate.telling.notices import Notice, event, place, sentence

TIMEOUT_SECONDS = 10.0
SECRET_PREFIX = "whsec_"  # noqa: S105  how a secret begins
USER_AGENT = "csvgate"
# Answers that say "later"; every 5xx does, too.
LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
# IPv4 addresses in the clothes of IPv6, which a gateway would undress.
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# `public`: HTTPS to addresses of the internet only. `local`: also HTTP to this machine.
Reach = Literal["public", "local"]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhook:
    """An address that is told with a signature, by which it knows who speaks and that it is no repetition of old."""

    url: str = field(repr=False)
    secret: bytes = field(repr=False)
    clock: Callable[[], datetime]
    reach: Reach = "public"

    def notify(self, notice: Notice) -> None:
        """The receiver has answered with 2xx."""
        body = json.dumps(event(notice)).encode()
        moment = str(int(self.clock().timestamp()))
        headers = {
            "Content-Type": "application/cloudevents+json",
            "webhook-id": notice.dedup_id,
            "webhook-timestamp": moment,
            "webhook-signature": signature(self.secret, notice.dedup_id, moment, body),
        }
        post(self.url, headers, body, self.reach)


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackWebhook:
    """A channel of Slack, or of what takes the same: `{"text": …}`."""

    url: str = field(repr=False)
    reach: Reach = "public"
    details: Details = NO_DETAILS

    def notify(self, notice: Notice) -> None:
        """The channel shows a line about the delivery, one about what was found, and where to look."""
        delivery = notice.delivery
        found = codes(self.details.receipt(delivery))
        lines = (sentence(delivery), found, place(delivery), self.details.whereabouts(delivery))
        text = "\n".join(map(_unmarked, filter(None, lines)))
        post(self.url, {"Content-Type": "application/json"}, json.dumps({"text": text}).encode(), self.reach)


def secret_of(text: str) -> bytes:
    """The secret's bytes; UsageError if it is none."""
    try:
        secret = base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        secret = b""
    if not 24 <= len(secret) <= 64:  # noqa: PLR2004  as the standard has it
        problem = "CSVGATE_WEBHOOK_SECRET has to be 24 to 64 bytes in Base64, with whsec_ before them"
        raise UsageError(problem)
    return secret


def address_of(url: str, setting: str) -> str:
    """The same address; UsageError if it is none, which names the setting and not the address: it may hold a token."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        problem = f"{setting} has to be an address that begins with https://"
        raise UsageError(problem)
    return url


def signature(secret: bytes, name: str, moment: str, body: bytes) -> str:
    """The signature of one request; whoever knows the secret can compute the same."""
    digest = hmac.new(secret, f"{name}.{moment}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def post(url: str, headers: Mapping[str, str], body: bytes, reach: Reach) -> None:
    """The receiver has answered with 2xx; TransientError if it may do so later."""
    parts = urlsplit(url)
    connection = _connection(parts, _vetted(parts, reach))
    try:
        connection.request("POST", _target(parts), body, {**headers, "User-Agent": USER_AGENT})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as exc:
        problem = f"the receiver at {parts.hostname} does not answer: {type(exc).__name__}"
        raise TransientError(problem) from exc
    finally:
        connection.close()
    _judge(status, parts)


def _judge(status: int, parts: SplitResult) -> None:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    problem = f"the receiver at {parts.hostname} answered with {status}"
    raise (TransientError if status in LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR else PermanentError)(problem)


def _vetted(parts: SplitResult, reach: Reach) -> str:
    """The address to connect to; PermanentError if any that the host has may not be reached."""
    addresses = _resolved(parts)
    is_loopback = all(address.is_loopback for address in addresses)
    is_allowed = all(map(_is_public, addresses)) if reach == "public" else True
    if parts.scheme == "https" and is_allowed and not parts.username:
        return str(addresses[0])
    if (parts.scheme, reach) == ("http", "local") and is_loopback:
        return str(addresses[0])
    problem = f"the address of the receiver at {parts.hostname} may not be used: it is not public, or not HTTPS"
    raise PermanentError(problem)


def _resolved(parts: SplitResult) -> list[Address]:
    try:
        found = socket.getaddrinfo(parts.hostname or "", None, type=socket.SOCK_STREAM)
    except UnicodeError as exc:
        problem = "the address of a receiver is no URL"
        raise PermanentError(problem) from exc
    except OSError as exc:
        problem = f"the name of the receiver {parts.hostname} is not known"
        raise TransientError(problem) from exc
    return [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]


def _is_public(address: Address) -> bool:
    inner = address.ipv4_mapped or address.sixtofour if isinstance(address, ipaddress.IPv6Address) else None
    return address.is_global and not address.is_multicast and address not in NAT64 and inner is None


def _connection(parts: SplitResult, address: str) -> http.client.HTTPConnection:
    if parts.scheme == "http":
        return http.client.HTTPConnection(address, parts.port, timeout=TIMEOUT_SECONDS)
    return _Secure(parts.hostname or "", address, parts.port)


class _Secure(http.client.HTTPSConnection):
    """TLS to the very address that was looked at, with the certificate of the name."""

    def __init__(self, host: str, address: str, port: int | None) -> None:
        self._trusted = ssl.create_default_context()
        super().__init__(host, port, timeout=TIMEOUT_SECONDS, context=self._trusted)
        self._address = address

    def connect(self) -> None:
        """The socket is open, and the certificate is that of the host."""
        plain = socket.create_connection((self._address, self.port), TIMEOUT_SECONDS)
        self.sock = self._trusted.wrap_socket(plain, server_hostname=self.host)


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _unmarked(text: str) -> str:
    """Slack's own escapes: nobody is mentioned and nothing is linked by a file's name."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
