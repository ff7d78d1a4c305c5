"""Messages in; the same messages out, each until it is deleted or received too often."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from threading import Condition

from csvgate.memory.objects import EPOCH
from csvgate.ports.queues import Message
from csvgate.telemetry.tracing import NOTHING, Carrier

AT_ONCE = timedelta(0)
LONG = timedelta(days=1)


def at_rest() -> datetime:
    """A clock that stands still: what is hidden stays so until it is given back."""
    return EPOCH


@dataclass(kw_only=True, slots=True)
class MemoryQueue:
    """SQS in memory, both ends of it; a message that was received too often is dead when it would come again."""

    max_receives: int = 5
    clock: Callable[[], datetime] = at_rest
    dead: list[Message] = field(default_factory=list)
    _waiting: deque[Message] = field(default_factory=deque)
    _in_flight: dict[str, tuple[Message, datetime]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)
    _changed: Condition = field(default_factory=Condition)

    def send(self, body: str, attributes: Carrier = NOTHING) -> None:
        """See Queue."""
        with self._changed:
            name = f"message-{next(self._numbers)}"
            self._waiting.append(Message(message_id=name, body=body, receive_count=0, attributes=attributes))
            self._changed.notify()

    def receive(self, *, limit: int = 10, wait: timedelta = AT_ONCE, hidden: timedelta = LONG) -> tuple[Message, ...]:
        """See Inbox."""
        with self._changed:
            self._changed.wait_for(self._has_some, wait.total_seconds())
            taken = [self._waiting.popleft() for _ in range(min(limit, len(self._waiting)))]
            counted = tuple(map(_received_once_more, taken))
            until = self.clock() + hidden
            self._in_flight.update((message.message_id, (message, until)) for message in counted)
            return counted

    def hide(self, message: Message, duration: timedelta) -> None:
        """See Inbox."""
        with self._changed:
            if self._holds(message):
                self._in_flight[message.message_id] = (message, self.clock() + duration)
                self._changed.notify()

    def delete(self, message: Message) -> None:
        """See Inbox."""
        with self._changed:
            if self._holds(message):
                del self._in_flight[message.message_id]

    def give_back(self, message: Message) -> None:
        """The message can be received again, or is dead if it was received too often."""
        self.hide(message, AT_ONCE)

    def __len__(self) -> int:
        """How many messages wait or are in flight."""
        with self._changed:
            self._has_some()
            return len(self._waiting) + len(self._in_flight)

    def _holds(self, message: Message) -> bool:
        """Nobody else has received it since."""
        return self._in_flight.get(message.message_id, (None, None))[0] == message

    def _has_some(self) -> bool:
        """Whether one can be received; those whose time is up come again, or are dead."""
        now = self.clock()
        for message, until in [*self._in_flight.values()]:
            if until <= now:
                del self._in_flight[message.message_id]
                (self.dead if message.receive_count >= self.max_receives else self._waiting).append(message)
        return bool(self._waiting)


def _received_once_more(message: Message) -> Message:
    number = message.receive_count + 1
    return replace(message, receive_count=number, handle=f"{message.message_id}/{number}")
