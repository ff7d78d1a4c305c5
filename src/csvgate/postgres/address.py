"""DATABASE_URL and a secret in; the address of the database with who is let in, out: read anew when it has changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from csvgate.errors import UsageError

SCHEMES = ("postgresql://", "postgres://")
HOLDS = (
    'the secret of the database holds neither {"username": …, "password": …} nor {"url": …} nor an address'
    " (postgresql://…)"
)


class Address:
    """Where a database is and who is let in; `secret` reads the text of a secret, as it is then."""

    def __init__(self, database_url: str, secret: Callable[[], str] | None = None) -> None:
        self._database_url = database_url
        self._secret = secret
        self._known = "" if secret else database_url

    @property
    def may_change(self) -> bool:
        """Somebody may give it another password at any time."""
        return self._secret is not None

    def current(self) -> str:
        """The address as it was last read."""
        return self._known or self.renewed()

    def renewed(self) -> str:
        """The address as it is now."""
        if self._secret:
            self._known = with_secret(self._database_url, self._secret())
        return self._known


def with_secret(database_url: str, secret: str) -> str:
    """The address, with user and password as RDS keeps them in a secret; a secret may also be the whole address.

    UsageError where the two do not make one; it says nothing of what the secret holds.
    """
    if secret.startswith(SCHEMES):
        return secret
    held = _object(secret)
    if isinstance(url := held.get("url"), str):
        return url
    user, password = held.get("username"), held.get("password")
    if not (isinstance(user, str) and isinstance(password, str)):
        raise UsageError(HOLDS)
    if not database_url:
        message = "the secret holds user and password; DATABASE_URL has to say which database they are for"
        raise UsageError(message)
    return _joined(database_url, user, password)


def _object(secret: str) -> dict[str, Any]:
    try:
        held = json.loads(secret)
    except (ValueError, RecursionError):
        raise UsageError(HOLDS) from None
    return held if isinstance(held, dict) else {}


def _joined(database_url: str, user: str, password: str) -> str:
    try:
        return make_conninfo(database_url, user=user, password=password)
    except psycopg.ProgrammingError as exc:
        message = "DATABASE_URL is no address of a PostgreSQL; it looks like postgresql://host/database"
        raise UsageError(message) from exc
