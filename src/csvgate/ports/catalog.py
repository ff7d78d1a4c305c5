"""Who works on a delivery, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from csvgate.core.findings import Verdict
from csvgate.delivery import Arrival, Delivery, State


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """The answer to a claim: `held` by us, `finished` (replay its delivery), or `busy` elsewhere."""

    status: Literal["held", "finished", "busy"]
    delivery: Delivery | None = None
    attempts: int = 1
    busy_until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How a delivery stands to the head of its key.

    `by-sequencer`: it becomes the head if its sequencer is higher; if not, only the store can tell.
    `latest`: S3 itself called it latest while the head was `seen` (a delivery id, or None for no head).
    `older`: history only.
    """

    how: Literal["by-sequencer", "latest", "older"]
    seen: str | None = None


class Catalog(Protocol):
    """The store of deliveries: who works on one, and what became of it."""

    def claim(self, arrival: Arrival, *, owner: str, now: datetime, lease: timedelta) -> Claim:
        """One conditional write: ours until now + lease unless it is finished or someone's lease runs."""

    def release(self, delivery_id: str, *, owner: str) -> None:
        """Our claim is gone, so that the next attempt need not wait; somebody else's claim stays."""

    def hold(self, delivery_id: str, *, owner: str, until: datetime) -> bool:
        """Our claim holds until then; False if it is not ours any more: somebody may be at it since it ran out."""

    def loading(self, delivery: Delivery) -> None:
        """Whoever looks sees that its rows are on their way; nothing changes of one that is not `inspecting`."""

    def record(self, delivery: Delivery, column_names: Sequence[str], standing: Standing) -> bool:
        """Delivery, history and (as its standing allows) head and classic item, in one transaction.

        True: it is recorded, now or by an earlier call (a final delivery is never changed). False: nothing was written,
        as the head is not lower, cannot be compared, or changed: look at it, ask the store, and call again.
        """

    def lead(self, delivery: Delivery, column_names: Sequence[str], *, seen: str | None, order: str = "") -> bool:
        """A recorded delivery is the head in place of `seen`; no sequencer up to `order` (or the head's) takes it back.

        False: nothing was written, because the head is another one than was seen.
        """

    def amend(self, delivery: Delivery, column_names: Sequence[str], *, seen: Delivery) -> bool:
        """A final delivery says what its sink did since it was `seen`: its rows were taken back, or loaded again.

        True: the catalog says so now, also where the delivery leads its key, and whoever is told hears of it; head and
        history stay. False: nothing was written, because its state or its generation is not the one that was seen.
        """

    def get(self, delivery_id: str) -> Delivery | None:
        """The delivery, or None if the catalog never heard of it."""

    def head(self, bucket: str, key: str) -> Delivery | None:
        """The newest delivery of a key (it may be a deletion), or None."""


def is_as_seen(kept: Delivery, seen: Delivery) -> bool:
    """Nothing was done with the rows of a final delivery since it was seen."""
    return kept.is_final and (kept.state, kept.generation) == (seen.state, seen.generation)


class CatalogView(Protocol):
    """The catalog as people look at it."""

    def history(self, bucket: str, key: str) -> Iterator[Delivery]:
        """All deliveries of a key, newest first."""

    def newest(
        self,
        *,
        state: State | None = None,
        verdict: Verdict | None = None,
        day: str | None = None,
        until: datetime | None = None,
    ) -> Iterator[Delivery]:
        """Deliveries, newest upload first, narrowed by state, verdict and/or day (`YYYY-MM-DD`, UTC).

        until: only those that were uploaded then or before, to go on from; none that is newer is read for it.
        """

    def known(self, delivery_ids: Iterable[str]) -> dict[str, Delivery]:
        """Those of the deliveries that the catalog has, by id."""
