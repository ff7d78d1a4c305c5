"""A client, an event of the SDK and a handler in: inside the block the handler hears, and may answer, the event."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.client import BaseClient


@contextmanager
def hooked(client: BaseClient, event: str, handler: Callable[..., Any]) -> Iterator[None]:
    """The shared client is as before when the block is left."""
    client.meta.events.register_first(event, handler)
    try:
        yield
    finally:
        client.meta.events.unregister(event, handler)
