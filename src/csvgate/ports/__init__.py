"""What the pipeline needs from the outside, as small Protocols, and the values that cross them.

May import the core, never an adapter. Every Protocol has an in-memory twin in `csvgate.memory`;
one suite of behaviour (`tests/ports/`) holds all implementations to the same promises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from csvgate.core.contracts.feed import NO_FEEDS, Feeds, SinkKind
from csvgate.delivery import Delivery
from csvgate.ports.catalog import Catalog, CatalogView
from csvgate.ports.objects import ObjectStore
from csvgate.ports.queues import Queue
from csvgate.ports.sinks import LoadOutbox, Sink
from csvgate.telemetry.tracing import UNTRACED, Tracer


@dataclass(frozen=True, kw_only=True, slots=True)
class Ports:
    """All that the pipeline's story needs, handed in by `csvgate.wiring` or by a test."""

    objects: ObjectStore
    inspected: Queue
    catalog: Catalog
    view: CatalogView
    results_bucket: str
    clock: Callable[[], datetime]
    owner: str
    lease: timedelta
    feeds: Feeds = NO_FEEDS
    sinks: Mapping[SinkKind, Sink] = field(default_factory=dict)
    load_outboxes: Mapping[str, LoadOutbox] = field(default_factory=dict)
    tracer: Tracer = UNTRACED

    def sinks_in_use(self, delivery: Delivery | None = None) -> dict[str, Sink]:
        """The sinks that feeds name, and the one where the delivery is: of the others, none need be there at all."""
        named = {feed.sink for feed in self.feeds.feeds} | ({delivery.sink} if delivery else set())
        return {kind: sink for kind, sink in self.sinks.items() if kind in named}
