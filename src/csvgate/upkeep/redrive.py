"""Dead letters in; those that are wanted back in the queue that they came from, and what was found, out.

Received, sent, deleted, in this order: whoever is killed in between has sent a message twice, which changes nothing.
Done here and not by SQS, which can neither choose nor be asked for it everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from csvgate.delivery import Arrival
from csvgate.errors import UndecodableEvent
from csvgate.pipeline.story import identify
from csvgate.ports import Ports
from csvgate.ports.queues import Inbox, Message, Queue

BATCH = 10
# A queue that is asked only for a moment may say that it is empty when it is not.
WAIT = timedelta(seconds=1)
# What is not wanted stays out of the way while the rest is read.
HIDDEN = timedelta(minutes=5)
NAMED = 1_000
SHORTEST = 4


# What a dead message is about, and what to send to have it done again.
Letter = tuple[Sequence[Arrival], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class DeadLetters:
    """A dead-letter queue, and the queue before it; `read` raises UndecodableEvent for what is no message of ours."""

    stage: str
    inbox: Inbox
    source: Queue
    read: Callable[[str], Letter]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """Which letters are wanted: by key or how an id begins, and by words of the reason; all, if neither is given.

    Of letters that are about other keys than those that begin with `prefix`, nothing is said, not even how many.
    """

    names: frozenset[str] = frozenset()
    reason: str = ""
    prefix: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Redriven:
    """How many letters were sent again, were not wanted, or cannot be read; and the first of those that were sent."""

    redriven: int
    left: int
    unreadable: int
    first: tuple[dict[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """As `csvgate redrive --json` shows it."""
        counts = {"redriven": self.redriven, "left": self.left, "unreadable": self.unreadable}
        return {**counts, "first": list(self.first)}


def redrive(queues: Sequence[DeadLetters], wish: Wish, ports: Ports) -> Redriven:
    """What is wanted of the dead letters is on its way again; the others are where they were."""
    found = [outcome for queue in queues for outcome in _emptied(queue, wish, ports)]
    sent = [outcome for outcome in found if isinstance(outcome, dict)]
    return Redriven(
        redriven=len(sent), left=found.count("left"), unreadable=found.count("unreadable"), first=tuple(sent[:NAMED])
    )


def _emptied(queue: DeadLetters, wish: Wish, ports: Ports) -> Iterator[dict[str, Any] | str]:
    """What became of each letter; what was kept is given back at the end, whatever happens.

    All are read before the first is sent: what fails again at once would else come back, and be sent for ever.
    """
    kept: dict[str, Message] = {}
    try:
        while messages := _fresh(queue, kept):
            kept.update((message.message_id, message) for message in messages)
        for message in list(kept.values()):
            outcome = _sent(message, queue, wish, ports)
            if not isinstance(outcome, str):
                del kept[message.message_id]
            yield outcome
    finally:
        for message in kept.values():
            queue.inbox.hide(message, timedelta(0))


def _fresh(queue: DeadLetters, kept: dict[str, Message]) -> list[Message]:
    """Letters that were not seen before: when one comes again, we have been through all of them."""
    received = queue.inbox.receive(limit=BATCH, wait=WAIT, hidden=HIDDEN)
    kept.update((message.message_id, message) for message in received if message.message_id in kept)
    return [message for message in received if kept.get(message.message_id) is not message]


def _sent(message: Message, queue: DeadLetters, wish: Wish, ports: Ports) -> dict[str, Any] | str:
    """The letter, sent again; or why it was not."""
    try:
        arrivals, body = queue.read(message.body)
    except UndecodableEvent:
        return "foreign" if wish.prefix else "unreadable"
    if not all(arrival.key.startswith(wish.prefix) for arrival in arrivals):
        return "foreign"
    about = [_about(arrival, ports) for arrival in arrivals]
    wanted = next((each for each in about if _is_wanted(each, wish)), None)
    if wanted is None:
        return "left"
    queue.source.send(body, message.attributes)
    queue.inbox.delete(message)
    return {"stage": queue.stage, **wanted}


def _about(arrival: Arrival, ports: Ports) -> dict[str, Any]:
    known = identify(arrival, ports)
    delivery = ports.catalog.get(known.delivery_id)
    return {"key": known.key, "delivery_id": known.delivery_id, "reason": (delivery.reason if delivery else None) or ""}


def _begins(delivery_id: str, name: str) -> bool:
    """Lists show the beginnings of ids; of fewer digits than four none is meant."""
    return len(name) >= SHORTEST and delivery_id.startswith(name)


def _is_wanted(about: dict[str, Any], wish: Wish) -> bool:
    named = not wish.names or about["key"] in wish.names or any(_begins(about["delivery_id"], it) for it in wish.names)
    return named and wish.reason.casefold() in about["reason"].casefold()
