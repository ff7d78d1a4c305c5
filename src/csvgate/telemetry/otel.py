"""Spans in; OpenTelemetry's out, to whoever is named as exporter: the Tracer of `csvgate.telemetry.tracing`.

The only module that knows OpenTelemetry, which is the extra `otel`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import Tracer as SdkTracer
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, format_trace_id, set_span_in_context
from opentelemetry.trace import get_current_span as span_in
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from csvgate.telemetry.tracing import NOTHING, TRACEPARENT, Carrier, Fact, Kind

# Nobody waits longer for a collector that does not answer.
SECONDS = 2.0
TRACES = "/v1/traces"
PROPAGATOR = TraceContextTextMapPropagator()


@dataclass(slots=True)
class _Step:
    """A span that begins when somebody needs it: until then it may learn to which trace it belongs."""

    name: str
    kind: Kind
    parent: Context | None
    began: int = field(default_factory=time.time_ns)
    facts: dict[str, str | int] = field(default_factory=dict)
    span: Span | None = None


class OtelTracer:
    """A Tracer that tells an exporter of every step."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer: SdkTracer = provider.get_tracer("csvgate")  # type: ignore[assignment]
        self._open: ContextVar[_Step | None] = ContextVar("csvgate_step", default=None)

    @contextmanager
    def span(self, name: str, kind: Kind = "internal", *, parent: Carrier = NOTHING) -> Iterator[None]:
        """See Tracer."""
        around = self._open.get()
        context = _context(parent) or (around and set_span_in_context(self._begun(around), Context()))
        step = _Step(name, kind, context or None)
        token = self._open.set(step)
        try:
            yield
        except BaseException as exc:
            # Not its words: they might quote the file.
            self.note(error=type(exc).__name__)
            raise
        finally:
            self._open.reset(token)
            self._ended(step)

    def adopt(self, carrier: Carrier) -> None:
        """See Tracer."""
        step = self._open.get()
        if step and step.parent is None and step.span is None:
            step.parent = _context(carrier)

    def note(self, **facts: Fact) -> None:
        """See Tracer."""
        if step := self._open.get():
            step.facts |= {f"csvgate.{name}": value for name, value in facts.items() if value is not None}

    def carrier(self) -> Carrier:
        """See Tracer."""
        step = self._open.get()
        if step is None:
            return NOTHING
        told: dict[str, str] = {}
        PROPAGATOR.inject(told, set_span_in_context(self._begun(step), Context()))
        return {TRACEPARENT: told[TRACEPARENT]}

    @property
    def trace_id(self) -> str | None:
        """See Tracer."""
        step = self._open.get()
        return format_trace_id(self._begun(step).get_span_context().trace_id) if step else None

    def flush(self) -> None:
        """See Tracer."""
        self._provider.force_flush(round(SECONDS * 1000))

    def _begun(self, step: _Step) -> Span:
        if step.span is None:
            kind = SpanKind[step.kind.upper()]
            step.span = self._tracer.start_span(step.name, step.parent or Context(), kind, start_time=step.began)
        return step.span

    def _ended(self, step: _Step) -> None:
        span = self._begun(step)
        span.set_attributes(step.facts)
        if error := step.facts.get("csvgate.error"):
            span.set_attribute("error.type", error)
            span.set_status(Status(StatusCode.ERROR, str(error)))
        span.end()


def exporting(exporter: SpanExporter, service: str) -> OtelTracer:
    """Spans go to the exporter, many at a time, from a thread of its own."""
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return OtelTracer(provider)


def collected(endpoint: str, service: str) -> OtelTracer:
    """Spans go to the collector at that address, as OTLP over HTTP."""
    return exporting(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}{TRACES}", timeout=SECONDS), service)


def _context(carrier: Carrier) -> Context | None:
    """The trace that the carrier tells of; None where it tells of none, or anything else."""
    found = PROPAGATOR.extract(dict(carrier), Context()) if TRACEPARENT in carrier else None
    return found if found and span_in(found).get_span_context().is_valid else None
