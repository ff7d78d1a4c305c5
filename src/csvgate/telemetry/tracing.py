"""Steps in, spans of one trace out; and what takes the trace along to the next step, wherever that is done.

Whoever wants to see traces hands a Tracer in (csvgate.telemetry.otel); else all of this does nothing.
Format: W3C Trace Context, `traceparent`. X-Ray's own header is passed on as it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, Protocol

# What goes along with a message, an object or a notice.
Carrier = Mapping[str, str]
NOTHING: Carrier = MappingProxyType({})
TRACEPARENT: Final = "traceparent"
XRAY: Final = "AWSTraceHeader"
# `server` answers a request, `producer` and `consumer` are at the two ends of a queue, `client` calls somebody else.
Kind = Literal["server", "producer", "consumer", "client", "internal"]
Fact = str | int | None


class Tracer(Protocol):
    """Who knows which step belongs to which; per thread, there is one span at most that is open innermost."""

    def span(self, name: str, kind: Kind = "internal", *, parent: Carrier = NOTHING) -> AbstractContextManager[object]:
        """The block is a step of the trace that the carrier tells of, or else a part of the step around it."""

    def adopt(self, carrier: Carrier) -> None:
        """The step that is open is one of that trace; nothing changes if it knows already to which it belongs."""

    def note(self, **facts: Fact) -> None:
        """The step that is open says this of itself; with an `error`, it failed. No cell of a file is ever said."""

    def carrier(self) -> Carrier:
        """What takes the trace of the step that is open along; nothing where there is none."""

    @property
    def trace_id(self) -> str | None:
        """The trace of the step that is open, as logs tell it."""

    def flush(self) -> None:
        """What was seen so far is told: this process may be frozen, or end, at any time."""


class Untraced:
    """A Tracer that sees nothing."""

    def span(self, name: str, kind: Kind = "internal", *, parent: Carrier = NOTHING) -> AbstractContextManager[object]:
        """See Tracer."""
        del name, kind, parent
        return nullcontext()

    def adopt(self, carrier: Carrier) -> None:
        """See Tracer."""

    def note(self, **facts: Fact) -> None:
        """See Tracer."""

    def carrier(self) -> Carrier:
        """See Tracer."""
        return NOTHING

    @property
    def trace_id(self) -> str | None:
        """See Tracer."""
        return None

    def flush(self) -> None:
        """See Tracer."""


UNTRACED = Untraced()


class Sender(Protocol):
    """What takes messages with something that goes along: a Queue."""

    def send(self, body: str, attributes: Carrier = NOTHING) -> None:
        """See Queue."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamped:
    """The same queue; with every message goes the trace of the step that is open, and what came along before it."""

    queue: Sender
    tracer: Tracer
    came: Carrier = field(default_factory=dict)

    def send(self, body: str, attributes: Carrier = NOTHING) -> None:
        """See Queue."""
        kept = {XRAY: self.came[XRAY]} if XRAY in self.came else {}
        self.queue.send(body, {**kept, **self.tracer.carrier(), **attributes})
