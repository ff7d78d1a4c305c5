"""Messages that are being worked on in; the same messages kept hidden from others, as long as they are, out.

Which is what SQS wants of a worker that takes longer than a message stays hidden: ChangeMessageVisibility, in time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from threading import Lock

from csvgate.errors import CsvgateError
from csvgate.ports.queues import Inbox, Message

AT_ONCE = timedelta(0)


@dataclass(kw_only=True, slots=True)
class Hands:
    """What the threads of a worker hold of one inbox; a message is hidden for `hidden` from each heartbeat on."""

    inbox: Inbox
    hidden: timedelta
    complain: Callable[[CsvgateError], object]
    _held: dict[str, Message] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, limit: int, wait: timedelta) -> tuple[Message, ...]:
        """The next messages are held; none if none came."""
        messages = tuple(self.inbox.receive(limit=limit, wait=wait, hidden=self.hidden))
        with self._lock:
            self._held.update((message.message_id, message) for message in messages)
        return messages

    def finish(self, message: Message) -> None:
        """The message is done with; if nobody can be told, it comes again and is found to be done."""
        self._let_go(message)
        self._told(lambda: self.inbox.delete(message))

    def give_back(self, message: Message, after: timedelta = AT_ONCE) -> None:
        """The message comes again, after a while; if nobody can be told, when its time is up."""
        self._let_go(message)
        self._told(lambda: self.inbox.hide(message, after))

    def beat(self) -> None:
        """All that is held stays hidden for another while."""
        for message in self.held():
            self._told(partial(self.inbox.hide, message, self.hidden))

    def drop_all(self) -> None:
        """All that is still held is given back at once."""
        for message in self.held():
            self.give_back(message)

    def held(self) -> tuple[Message, ...]:
        """What is being worked on, or waits for it."""
        with self._lock:
            return tuple(self._held.values())

    def _let_go(self, message: Message) -> None:
        with self._lock:
            self._held.pop(message.message_id, None)

    def _told(self, step: Callable[[], None]) -> None:
        """The step, or a complaint: the queue brings again what it was not told of."""
        try:
            step()
        except CsvgateError as exc:
            self.complain(exc)
