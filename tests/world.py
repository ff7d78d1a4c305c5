"""A small world in memory for the tests that tell the whole story: a bucket, both queues, a catalog, and a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Literal

from csvgate.aws.events import Decoded
from csvgate.core.contracts.feed import NO_FEEDS, Feeds, SinkKind
from csvgate.delivery import Arrival, Delivery
from csvgate.delivery_json import from_message
from csvgate.errors import CsvgateError
from csvgate.memory import MemoryCatalog, MemoryObjectStore, MemoryQueue
from csvgate.memory.sink import MemorySink
from csvgate.pipeline.story import identify, inspect_delivery, record_delivery
from csvgate.ports import Ports
from csvgate.ports.sinks import Sink

BUCKET = "test-bucket"
CLEAN = b"id,name\n1,Ada\n2,Grace\n"
NOT_CSV = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
LEASE = timedelta(seconds=90)


def arrivals(decoded: Iterable[Decoded]) -> list[Arrival]:
    """The arrivals of an event in which nothing is wrong."""
    return [arrival for arrival in decoded if isinstance(arrival, Arrival)]


class Killed(BaseException):
    """The process ends here and now, as with kill -9: no handler runs."""


@dataclass
class Fault:
    """The n-th call of any port goes wrong, before it has done its work or just after."""

    at: int
    error: type[BaseException]
    when: Literal["before", "after"] = "before"
    calls: int = 0

    def around(self, port: Any) -> Any:  # noqa: ANN401  a stand-in for every port
        return _Faulty(port, self)


class _Faulty:
    def __init__(self, port: Any, fault: Fault) -> None:  # noqa: ANN401
        self._port, self._fault = port, fault

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: object, **kwargs: object) -> Any:  # noqa: ANN401
            self._fault.calls += 1
            struck = self._fault.calls == self._fault.at
            if struck and self._fault.when == "before":
                raise self._fault.error
            answer = getattr(self._port, name)(*args, **kwargs)
            if struck:
                raise self._fault.error
            return answer

        return call


@dataclass
class World:
    """Everything that one stack has; `tick` passes the time."""

    objects: MemoryObjectStore = field(default_factory=MemoryObjectStore)
    arrivals: MemoryQueue = field(default_factory=MemoryQueue)
    inspected: MemoryQueue = field(default_factory=MemoryQueue)
    catalog: MemoryCatalog = field(default_factory=MemoryCatalog)
    sink: Sink = field(default_factory=MemorySink)
    others: dict[SinkKind, Sink] = field(default_factory=dict)
    feeds: Feeds = NO_FEEDS
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def tick(self, delta: timedelta) -> None:
        self.now += delta

    def ports(self, fault: Fault | None = None, *, owner: str = "test") -> Ports:
        around: Callable[[Any], Any] = fault.around if fault else lambda port: port
        sinks: dict[SinkKind, Sink] = {"postgresql": self.sink, **self.others}
        return Ports(
            objects=around(self.objects),
            inspected=around(self.inspected),
            catalog=around(self.catalog),
            view=around(self.catalog),
            results_bucket="csvgate-results",
            clock=lambda: self.now,
            owner=owner,
            lease=LEASE,
            feeds=self.feeds,
            sinks={kind: around(sink) for kind, sink in sinks.items()},
            load_outboxes={kind: around(sink.outbox) for kind, sink in sinks.items() if isinstance(sink, MemorySink)},
        )

    def deliver(self, arrival: Arrival, fault: Fault | None = None) -> bool:
        """The event is handed to the inspect stage; False if it has to come again."""
        ports = self.ports(fault)
        return self._survives(lambda: inspect_delivery(identify(arrival, ports), ports))

    def record_all(self, fault: Fault | None = None) -> None:
        """Whatever waits for the record stage is handed to it once; what fails waits again."""
        for message in self.inspected.receive(limit=1_000):
            if self._survives(partial(self._record, message.body, fault)):
                self.inspected.delete(message)
            else:
                self.inspected.give_back(message)

    def finish(self, *arrivals: Arrival) -> None:
        """The events are delivered one after the other, each until it is through."""
        for arrival in arrivals:
            for attempt in range(5):
                if self.deliver(arrival):
                    break
                self.tick(LEASE)
                assert attempt < 4, f"{arrival.key} never gets through"
            self.record_all()

    def history(self, key: str) -> list[Delivery]:
        return list(self.catalog.history(BUCKET, key))

    def head(self, key: str) -> Delivery:
        head = self.catalog.head(BUCKET, key)
        assert head is not None, f"{key} has no head"
        return head

    def _record(self, body: str, fault: Fault | None) -> None:
        record_delivery(from_message(body), self.ports(fault))

    def _survives(self, step: Callable[[], object]) -> bool:
        try:
            step()
        except (CsvgateError, Killed):
            return False
        return True


def unversioned() -> World:
    """One whose bucket keeps no versions."""
    return World(objects=MemoryObjectStore(versioning="off"))
