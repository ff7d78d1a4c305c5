"""Settings in; what tells the queue of an upload, where the bucket tells nobody, out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from csvgate.delivery import Arrival
from csvgate.errors import AccessRefused
from csvgate.settings import Settings
from csvgate.wiring.place import where
from csvgate.wiring.queues import enqueue

Told = Callable[[str], bool]


def announce(settings: Settings) -> Callable[[Arrival], object]:
    """What is to be called with each upload, as the settings say."""
    if settings.announce == "never":
        return lambda _: None
    send = enqueue(settings)
    return send if settings.announce == "always" else _Announcer(settings, send)


@dataclass(slots=True)
class _Announcer:
    """Asks the bucket once whom it tells, with the first upload."""

    settings: Settings
    send: Callable[[Arrival], None]
    told: Told | None = None

    def __call__(self, arrival: Arrival) -> None:
        """Somebody is told of the arrival: by the bucket, else by us."""
        told = self.told = self.told or _ask(self.settings)
        if not told(arrival.key):
            self.send(arrival)


def _ask(settings: Settings) -> Told:
    """Whoever may not know sends: to tell twice does no harm, and not to tell would."""
    from csvgate.aws.client import client
    from csvgate.aws.notifications import told_of

    try:
        return told_of(client("s3", **where(settings)), settings.bucket)
    except AccessRefused:
        return lambda _: False
