"""Settings in; the stack that is meant out, as ports: where files arrive, what became of them, what was logged."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from csvgate import settings, wiring
from csvgate.delivery import Arrival
from csvgate.errors import PermanentError
from csvgate.ports import Ports
from csvgate.ports.objects import ObjectStore
from csvgate.settings import Settings
from csvgate.telling.notices import Outbox

if TYPE_CHECKING:
    from csvgate.aws.logs import LogEvent
    from csvgate.upkeep.redrive import DeadLetters

CONNECT_SECONDS = 2.0

Advance = Callable[[int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """One stack, as the commands need it."""

    bucket: str
    key_prefix: str = ""
    ports: Ports
    upload: Callable[[Path, str, str, Advance], Arrival]
    logs: Callable[[datetime], Iterator[LogEvent]]
    enqueue: Callable[[Arrival], None]
    words: Outbox
    dead_letters: Sequence[DeadLetters] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """Where files are put; nothing else of the stack need be there, such as its database."""

    bucket: str
    upload: Callable[[Path, str, str, Advance], Arrival]


def door_of() -> Door:
    """The session's bucket; where there is no session, no more than this is opened."""
    given = click.get_current_context().obj
    if isinstance(given, Session):
        return Door(bucket=given.bucket, upload=given.upload)
    known = wiring.complete(reachable(settings.load()))
    return Door(bucket=known.bucket, upload=wiring.upload(known))


def session_of() -> Session:
    """The session that the caller handed in (tests do), else the one of the stack that the settings mean."""
    given = click.get_current_context().obj
    return given if isinstance(given, Session) else opened(settings.load())


def objects_of() -> ObjectStore:
    """The session's object store; where there is no session, no more than this is opened."""
    given = click.get_current_context().obj
    return given.ports.objects if isinstance(given, Session) else wiring.objects(reachable(settings.load()))


def opened(chosen: Settings) -> Session:
    """The stack that the settings mean; PermanentError if it does not answer."""
    known = wiring.prepared(wiring.complete(reachable(chosen)))
    return Session(
        bucket=known.bucket,
        key_prefix=known.key_prefix,
        ports=wiring.ports(known),
        upload=wiring.upload(known),
        logs=wiring.logs(known),
        enqueue=wiring.enqueue(known),
        words=wiring.outbox(known),
        dead_letters=wiring.dead_letters(known),
    )


def reachable(chosen: Settings) -> Settings:
    """The same settings, if something listens where they point: a stack that is not up is the usual mistake."""
    if chosen.target != "local" or chosen.endpoint_url is None:
        return chosen
    parts = urlsplit(chosen.endpoint_url)
    try:
        socket.create_connection((parts.hostname, parts.port or 80), timeout=CONNECT_SECONDS).close()
    except OSError as exc:
        problem = f"nothing answers at {chosen.endpoint_url}; csvgate up starts the local stack"
        raise PermanentError(problem) from exc
    return chosen
