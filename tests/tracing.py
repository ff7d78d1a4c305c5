"""A tracer whose spans a test can look at."""

from __future__ import annotations

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from csvgate.telemetry.otel import OtelTracer


class Seen:
    """A tracer, and what it has seen, in the order in which the spans began."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.tracer = OtelTracer(provider)

    @property
    def spans(self) -> list[ReadableSpan]:
        return sorted(self._exporter.get_finished_spans(), key=lambda span: span.start_time or 0)

    @property
    def traces(self) -> set[int]:
        return {span.context.trace_id for span in self.spans}

    @property
    def hops(self) -> list[tuple[str, str | None]]:
        """The name of each span, and that of its parent."""
        names = {span.context.span_id: span.name for span in self.spans}
        return [(span.name, names.get(span.parent.span_id) if span.parent else None) for span in self.spans]

    def facts(self, name: str) -> dict[str, object]:
        """What the span of that name says of itself."""
        [found] = [span for span in self.spans if span.name == name]
        return dict(found.attributes or {})
