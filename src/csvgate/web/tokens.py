"""Tokens as documents in the results bucket: a token's text in, what its holder may do out.

Every server of a service sees the same tokens, and a token that was revoked counts nowhere after a few seconds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from csvgate.delivery_json import instant
from csvgate.ports.objects import ObjectStore
from csvgate.web.access import SCOPES, Token, parts

FOLDER = "tokens/"
# How long a revoked token may still count.
REMEMBERED = timedelta(seconds=10)
# Ids that do not exist are remembered too, and cannot fill the memory.
MOST_REMEMBERED = 10_000


class Tokens:
    """The tokens of one service."""

    def __init__(self, objects: ObjectStore, bucket: str, clock: Callable[[], datetime]) -> None:
        self._objects = objects
        self._bucket = bucket
        self._clock = clock
        self._seen: dict[str, tuple[datetime, Token | None]] = {}

    def keep(self, token: Token) -> None:
        """The token counts from now on, as it is now."""
        body = json.dumps(_written(token), separators=(",", ":")).encode()
        self._objects.write(self._bucket, f"{FOLDER}{token.token_id}.json", body, "application/json")
        self._seen.pop(token.token_id, None)

    def holder(self, text: str) -> Token | None:
        """The token of that text, if it counts."""
        named = parts(text)
        token = self._known(named[0]) if named else None
        return token if named and token and token.is_valid(named[1], self._clock()) else None

    def counts(self, token_id: str) -> bool:
        """Whether that token still opens anything: for what lasts longer than a request."""
        token = self._known(token_id)
        return token is not None and token.counts(self._clock())

    def get(self, token_id: str) -> Token | None:
        """What is kept of a token."""
        document = self._objects.read(f"s3://{self._bucket}/{FOLDER}{token_id}.json")
        return _read(json.loads(document)) if document else None

    def all(self) -> Iterator[Token]:
        """Every token that was made, also those that no longer count."""
        for uri in self._objects.documents(self._bucket, FOLDER):
            if token := self.get(uri.rpartition("/")[2].removesuffix(".json")):
                yield token

    def _known(self, token_id: str) -> Token | None:
        now = self._clock()
        seen = self._seen.get(token_id)
        if seen and now - seen[0] < REMEMBERED:
            return seen[1]
        if len(self._seen) >= MOST_REMEMBERED:
            self._seen.clear()
        token = self.get(token_id)
        self._seen[token_id] = (now, token)
        return token


def _written(token: Token) -> dict[str, Any]:
    return {
        "token_id": token.token_id,
        "digest": token.digest,
        "name": token.name,
        "scopes": sorted(token.scopes),
        "tenant": token.tenant,
        "expires_at": instant(token.expires_at) if token.expires_at else None,
        "revoked": token.revoked,
    }


def _read(document: dict[str, Any]) -> Token:
    expires_at, scopes = document["expires_at"], frozenset(SCOPES) & set(document["scopes"])
    moment = datetime.fromisoformat(expires_at) if expires_at else None
    return Token(**{**document, "scopes": scopes, "expires_at": moment})
