"""A delivery in; what people are told of it beside the word, out: where its whole receipt is."""

from __future__ import annotations

from dataclasses import dataclass

from csvgate.delivery import Delivery


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """Where people read receipts: `public_url` is the service as browsers find it, '' where there is none."""

    public_url: str = ""

    def whereabouts(self, delivery: Delivery) -> str:
        """The page with the whole receipt, or the command that shows it."""
        if self.public_url:
            return f"{self.public_url}/deliveries/{delivery.delivery_id}"
        return f"csvgate show {delivery.delivery_id}"


NO_DETAILS = Details()
