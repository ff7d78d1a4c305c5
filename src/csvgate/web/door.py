"""Everything that the service opens: the ports of the stack, who may come in, and how much may come at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from csvgate.delivery import Arrival
from csvgate.ports import Ports
from csvgate.ports.uploads import Uploads
from csvgate.telemetry.metrics import Metrics
from csvgate.upkeep.redrive import DeadLetters
from csvgate.web.crowd import Crowd
from csvgate.web.live import Live
from csvgate.web.rates import Rate
from csvgate.web.tokens import Tokens

GIBIBYTE = 1 << 30
UPLOADS_PER_MINUTE = 6_000


def ignore(_: Arrival) -> None:
    """The bucket tells of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What one request may ask for; bytes, unless it says otherwise."""

    upload: int = 5 * GIBIBYTE
    body: int = 64 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """What the service works with; `is_local`: it stands on this machine and speaks plain HTTP to browsers, too."""

    ports: Ports
    bucket: str
    tokens: Tokens
    uploads: Uploads
    clock: Callable[[], datetime]
    live: Live
    dead_letters: Sequence[DeadLetters] = ()
    # Where the bucket tells nobody of new objects, the service does.
    announce: Callable[[Arrival], object] = ignore
    limits: Limits = Limits()
    # What one token may upload in a minute.
    upload_rate: Rate = field(default_factory=lambda: Rate(UPLOADS_PER_MINUTE))
    byte_rate: Rate | None = None
    crowd: Crowd = field(default_factory=Crowd)
    metrics: Metrics = field(default_factory=Metrics)
    is_local: bool = True
    # Where browsers send the parts of large files, if not here: `https://host`.
    upload_origin: str = ""
    # Where browsers find the service, if not under the name by which they ask for it: `https://host`, of a proxy.
    public_url: str = ""
