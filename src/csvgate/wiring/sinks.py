"""Settings in; where rows can go, out."""

from __future__ import annotations

from csvgate.core.contracts.feed import SinkKind
from csvgate.ports import Sink
from csvgate.settings import Settings
from csvgate.wiring.database import shared


def sinks(settings: Settings) -> dict[SinkKind, Sink]:
    """Where rows can go."""
    if not settings.database_url:
        return {}
    connected = shared(settings.database_url)
    from csvgate.postgres.sink import PostgresSink

    return {"postgresql": PostgresSink(connected)}
