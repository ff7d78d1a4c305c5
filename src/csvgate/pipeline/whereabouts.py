"""A delivery in; which sinks have loaded it, out: the one truth about where rows are, of all sinks that are set up.

A feed may have had another sink before, so all are asked. Of those that no feed names, none need be there at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Never

from csvgate.core.contracts.feed import SinkKind
from csvgate.delivery import Delivery
from csvgate.errors import PermanentError, TransientError
from csvgate.load import RawCsv, Target
from csvgate.ports import Ports
from csvgate.ports.sinks import Sink

ANYWHERE = Target(table="", columns=())


def generations(delivery: Delivery, ports: Ports) -> dict[SinkKind, int]:
    """How often each sink has loaded the delivery; those that never did are left out."""
    needed = ports.sinks_in_use(delivery)
    found = {
        kind: _generation(sink, delivery.delivery_id, is_needed=kind in needed) for kind, sink in ports.sinks.items()
    }
    return {kind: generation for kind, generation in found.items() if generation}


def loaded_before(delivery: Delivery, ports: Ports) -> Delivery | None:
    """What became of the delivery in the sink that loaded it last; None if none ever did."""
    known = generations(delivery, ports)
    if not known:
        return None
    kind = max(known, key=lambda each: known[each])
    # Of a generation that it knows, a sink gives its first answer again, and asks for nothing.
    return delivery.after(
        ports.sinks[kind].load(delivery, ANYWHERE, _Unread(), known[kind]),
        known[kind],
    )


def _generation(sink: Sink, delivery_id: str, *, is_needed: bool) -> int:
    try:
        return sink.generation(delivery_id)
    except PermanentError:
        if is_needed:
            raise
        return 0


class _Unread:
    """A Content in which nobody looks."""

    row_count = 0
    rows_quarantined = 0

    def rows(self) -> Iterator[Never]:
        """Nobody has to ask."""
        message = "a sink does not know any more what it had loaded"
        raise TransientError(message)

    def raw(self) -> RawCsv | None:
        """Nobody has to ask."""
        return None
