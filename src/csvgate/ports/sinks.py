"""Where rows go, each once, and what the catalog has to hear of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from csvgate.delivery import Delivery
from csvgate.load import Content, Load, Stored, Target


class Sink(Protocol):
    """Where rows go, each once, however often it is said."""

    def load(self, delivery: Delivery, target: Target, content: Content, generation: int = 1) -> Load:
        """All rows of the delivery are in the target, or none is.

        A generation that was loaded before, or an earlier one, changes nothing: the answer is the first one again.
        A later one takes the place of the rows that were there, at one stroke; where it would replace what is newer, it
        is `superseded`, and nothing has changed.
        TransientError: nobody may know whether it happened; the next call finds out. PermanentError: nothing happened.
        """

    def undo(self, delivery_id: str) -> int:
        """The delivery's rows are gone, and what it had replaced is back if it is still there; how many rows went."""

    def count(self, delivery_id: str) -> int:
        """How many rows of the delivery readers see."""

    def generation(self, delivery_id: str) -> int:
        """How often the delivery was loaded; 0 if it never was."""

    def loads(self) -> Iterator[Stored]:
        """What was loaded of every delivery, its newest generation; not seen: replaced, undone or superseded."""

    def mend(self, delivery_id: str) -> bool:
        """Readers see of the delivery what the sink's ledger says, as far as that can be; whether they had not."""

    def forget(self, delivery_id: str) -> int:
        """No row of the delivery is here, seen or not, and of what it was only that it was; how many rows went.

        As after an undo, no generation that was loaded before comes back. What a killed load left goes, too.
        """


class LoadOutbox(Protocol):
    """What a sink did and the catalog may not have heard of; it is written in the sink's own transaction.

    Of each delivery it has what was done last, as the catalog is to have it.
    """

    def of(self, delivery_id: str) -> Delivery | None:
        """What was done last with the delivery; None if it is closed, or nothing was done."""

    def due(self, before: datetime) -> Iterator[Delivery]:
        """All that was done until then, and is not closed."""

    def close(self, delivery: Delivery) -> None:
        """The catalog has this, and so what was done before it; closing again changes nothing."""
