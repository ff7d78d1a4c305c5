"""Settings in; who is told of every step, out. OpenTelemetry is imported only where a collector is named."""

from __future__ import annotations

import functools

from csvgate.errors import UsageError
from csvgate.settings import Settings
from csvgate.telemetry.tracing import UNTRACED, Tracer


def tracer(settings: Settings) -> Tracer:
    """The same one for everything in this process; UsageError where a collector is named and its driver is missing."""
    return _collected(settings.traces_endpoint, settings.service_name) if settings.traces_endpoint else UNTRACED


@functools.cache
def _collected(endpoint: str, service: str) -> Tracer:
    try:
        from csvgate.telemetry.otel import collected
    except ModuleNotFoundError as exc:
        problem = "OTEL_EXPORTER_OTLP_ENDPOINT needs OpenTelemetry. Install it with: pip install 'csvgate[otel]'"
        raise UsageError(problem) from exc
    return collected(endpoint, service)
