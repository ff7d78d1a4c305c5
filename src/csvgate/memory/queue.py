"""Messages in; the same messages out, each until it is deleted or received too often."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from threading import RLock


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A message as a consumer receives it: for the n-th time."""

    message_id: str
    body: str
    receive_count: int = 1


@dataclass(kw_only=True, slots=True)
class MemoryQueue:
    """SQS in memory: who receives a message hides it until it is deleted or given back; too many receives kill it."""

    max_receives: int = 5
    dead: list[Message] = field(default_factory=list)
    _waiting: deque[Message] = field(default_factory=deque)
    _in_flight: dict[str, Message] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)
    _lock: RLock = field(default_factory=RLock)

    def send(self, body: str) -> None:
        """See Queue."""
        with self._lock:
            self._waiting.append(Message(message_id=f"message-{next(self._numbers)}", body=body, receive_count=0))

    def receive(self, limit: int = 10) -> tuple[Message, ...]:
        """The next messages are in flight: nobody else receives them."""
        with self._lock:
            taken = [self._waiting.popleft() for _ in range(min(limit, len(self._waiting)))]
            counted = tuple(replace(message, receive_count=message.receive_count + 1) for message in taken)
            self._in_flight.update((message.message_id, message) for message in counted)
            return counted

    def delete(self, message_id: str) -> None:
        """The message is done with; unknown ids are no error."""
        with self._lock:
            self._in_flight.pop(message_id, None)

    def give_back(self, message_id: str) -> None:
        """The message can be received again, or is dead if it was received too often."""
        with self._lock:
            message = self._in_flight.pop(message_id)
            (self.dead if message.receive_count >= self.max_receives else self._waiting).append(message)

    def __len__(self) -> int:
        """How many messages wait or are in flight."""
        return len(self._waiting) + len(self._in_flight)
