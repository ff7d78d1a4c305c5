"""A delivery in; what people are told of it beside the word, out: what was found, and where its whole receipt is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from csvgate.delivery import Delivery
from csvgate.errors import CsvgateError
from csvgate.report.words import Receipt


def unread(_: Delivery) -> Receipt:
    """Nothing is known beside the word."""
    return {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """What reads a receipt, and where people do: `public_url` is the service as browsers find it, '' without one."""

    read: Callable[[Delivery], Receipt] = unread
    public_url: str = ""

    def receipt(self, delivery: Delivery) -> Receipt:
        """All that is known; nothing where it is damaged, or its store does not answer.

        Whoever is not told does not look, so less at once is better than all of it later: it ends with where all is.
        """
        try:
            return self.read(delivery)
        except CsvgateError:
            return {}

    def whereabouts(self, delivery: Delivery) -> str:
        """The page with the whole receipt, or the command that shows it."""
        if self.public_url:
            return f"{self.public_url}/deliveries/{delivery.delivery_id}"
        return f"csvgate show {delivery.delivery_id}"


NO_DETAILS = Details()
