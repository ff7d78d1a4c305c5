"""Arrivals that were put in; their deliveries out, each as soon as nothing more will happen to it."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from csvgate.delivery import Arrival, Delivery
from csvgate.errors import PermanentError
from csvgate.ports.catalog import CatalogView

ID_LENGTH = 10
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.5
# Upload times are told by the store's clock, to the second.
CLOCK_SKEW = timedelta(seconds=5)

Sleep = Callable[[float], None]


def followed(
    arrivals: Sequence[Arrival], view: CatalogView, *, since: datetime, timeout: float, sleep: Sleep = time.sleep
) -> Iterator[Delivery]:
    """The delivery of each arrival, in the order in which they end; PermanentError when time is over.

    since: when the first of them was put; it tells deliveries of a bucket without versions from older ones.
    """
    pending, waited, pause = list(arrivals), 0.0, FIRST_PAUSE
    while pending:
        ended = _ended(pending, view, since)
        yield from ended.values()
        pending = [arrival for arrival in pending if arrival not in ended]
        if pending and waited >= timeout:
            raise PermanentError(_late(pending, timeout))
        if pending:
            sleep(pause)
            waited, pause = waited + pause, FIRST_PAUSE if ended else min(pause * 1.5, LONGEST_PAUSE)


def _ended(pending: Sequence[Arrival], view: CatalogView, since: datetime) -> dict[Arrival, Delivery]:
    known = view.known(arrival.delivery_id for arrival in pending if arrival.version_id)
    found = {
        arrival: known.get(arrival.delivery_id) if arrival.version_id else _of_upload(arrival, view, since)
        for arrival in pending
    }
    return {arrival: delivery for arrival, delivery in found.items() if delivery and is_over(delivery)}


def is_over(delivery: Delivery) -> bool:
    """Nothing more happens to it unless somebody acts."""
    return delivery.is_final or delivery.state == "failed"


def _of_upload(arrival: Arrival, view: CatalogView, since: datetime) -> Delivery | None:
    """Without a version id, the identity is in the event that only the pipeline sees: look for the upload instead."""
    for delivery in view.history(arrival.bucket, arrival.key):
        if delivery.upload_timestamp < since - CLOCK_SKEW:
            return None
        if delivery.arrival.etag == arrival.etag:
            return delivery
    return None


def _late(pending: Sequence[Arrival], timeout: float) -> str:
    """They are uploaded and may still get a receipt: to put them again would be another delivery."""
    first = pending[0]
    others = f" and {len(pending) - 1} more" if len(pending) > 1 else ""
    name = first.delivery_id[:ID_LENGTH] if first.version_id else shlex.quote(first.key)
    follow = f"csvgate show {name} follows it, csvgate logs says what happened"
    return f"{first.key!r}{others} is uploaded, but has no receipt after {timeout:g} seconds; {follow}"
