"""Between the stages: messages, at least once and in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from csvgate.telemetry.tracing import NOTHING, Carrier


class Queue(Protocol):
    """A queue of text messages, at least once and in any order (SQS)."""

    def send(self, body: str, attributes: Carrier = NOTHING) -> None:
        """The message is in the queue, at least once, and the attributes with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A message as a consumer received it, for the n-th time; `handle` stands for this very receive."""

    message_id: str
    body: str
    receive_count: int = 1
    handle: str = ""
    attributes: Carrier = field(default_factory=dict)


class Inbox(Protocol):
    """The other end of a queue: what one consumer received is hidden from others, until it is deleted or time is up."""

    def receive(self, *, limit: int, wait: timedelta, hidden: timedelta) -> Sequence[Message]:
        """Up to ten of the messages, hidden for so long; none, if none came while we waited."""

    def hide(self, message: Message, duration: timedelta) -> None:
        """The message stays hidden for so long from now; with zero it is given back at once."""

    def delete(self, message: Message) -> None:
        """The message is done with; it may come again all the same."""
