"""Who is told of every step: nobody, unless a collector is named."""

from __future__ import annotations

import sys

import pytest

from csvgate import wiring
from csvgate.errors import UsageError
from csvgate.settings import load
from csvgate.telemetry.tracing import TRACEPARENT, UNTRACED

COLLECTOR = {"CSVGATE_TARGET": "aws", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}


def test_without_a_collector_nobody_is_told() -> None:
    assert wiring.tracer(load({"CSVGATE_TARGET": "aws"})) is UNTRACED


def test_with_a_collector_every_step_has_a_trace_and_no_step_waits_for_it() -> None:
    """Nobody answers at that port."""
    tracer = wiring.tracer(load(COLLECTOR))
    with tracer.span("inspect"):
        assert TRACEPARENT in tracer.carrier()
    assert wiring.tracer(load(COLLECTOR)) is tracer


def test_a_collector_without_its_driver_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "csvgate.telemetry.otel", None)
    with pytest.raises(UsageError, match=r"pip install 'csvgate\[otel\]'"):
        wiring.tracer(load({**COLLECTOR, "OTEL_SERVICE_NAME": "another"}))
