"""An endpoint's address in; whether it is one, and on this machine, whatever its name says, out."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit


def lacking_scheme(endpoint_url: str) -> str | None:
    """What to write instead of an address that says no protocol; None if it says one."""
    return None if "://" in endpoint_url else f"{endpoint_url!r} is no URL; write http://{endpoint_url}"


def is_loopback(endpoint_url: str) -> bool:
    """All addresses that the host name resolves to are loopback ones (127.0.0.0/8, ::1)."""
    parts = urlsplit(endpoint_url)
    addresses = _resolve(parts.hostname or "") if parts.scheme in {"http", "https"} else set()
    return bool(addresses) and all(ipaddress.ip_address(address).is_loopback for address in addresses)


def _resolve(host: str) -> set[str]:
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, None)} if host else set()
    except (OSError, UnicodeError):
        return set()
