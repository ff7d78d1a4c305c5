"""A service over a world in memory, for tests: tokens in, clients that carry them out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from csvgate.delivery import Delivery
from csvgate.memory import MemoryUploads
from csvgate.upkeep.redrive import DeadLetters
from csvgate.web.access import SCOPES, Scope, mint
from csvgate.web.app import create_app
from csvgate.web.door import Door, Limits
from csvgate.web.live import Live
from csvgate.web.pages.problem import problem_page
from csvgate.web.service import TABLE
from csvgate.web.tokens import Tokens
from tests.world import BUCKET, World


def said(answer: TestResponse) -> Any:  # noqa: ANN401
    """The JSON of an answer."""
    return json.loads(answer.text)


@dataclass
class Service:
    """A door, the application in it, and what it logged."""

    world: World = field(default_factory=World)
    log: list[dict[str, object]] = field(default_factory=list)
    upload_limit: int = 1_000_000
    dead_letters: Sequence[DeadLetters] = ()

    def __post_init__(self) -> None:
        ports = self.world.ports()
        self.tokens = Tokens(ports.objects, ports.results_bucket, ports.clock)
        self.uploads = MemoryUploads(self.world.objects)
        self.door = Door(
            ports=ports,
            bucket=BUCKET,
            tokens=self.tokens,
            uploads=self.uploads,
            clock=ports.clock,
            live=Live(ports.view, seconds=0.01),
            dead_letters=self.dead_letters,
            limits=Limits(upload=self.upload_limit, body=1_500),
        )
        self.app: Flask = create_app(self.door, TABLE, self.log.append, problem_page)

    def token(self, *scopes: Scope, tenant: str = "") -> str:
        """A token with these scopes, or with all."""
        text, kept = mint(name="test", scopes=frozenset(scopes or SCOPES), tenant=tenant)
        self.tokens.keep(kept)
        return text

    def client(self, *scopes: Scope, tenant: str = "") -> FlaskClient:
        """A client that carries such a token."""
        client = self.app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.token(*scopes, tenant=tenant)}"
        return client

    def delivered(self, key: str, body: bytes) -> Delivery:
        """The file came, and went the whole way."""
        self.world.finish(self.world.objects.put(BUCKET, key, body))
        return self.world.head(key)
