"""Spans of OpenTelemetry: which trace they are of, whose part they are, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.trace import SpanKind, StatusCode

from csvgate.telemetry.otel import collected
from csvgate.telemetry.tracing import NOTHING, TRACEPARENT
from tests.tracing import Seen

ELSEWHERE = {TRACEPARENT: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
TRACE = "0af7651916cd43dd8448eb211c80319c"


def test_a_step_in_a_step_is_its_part() -> None:
    seen = Seen()
    with seen.tracer.span("record", "consumer"), seen.tracer.span("load", "client"):
        pass
    assert seen.hops == [("record", None), ("load", "record")]
    assert [span.kind for span in seen.spans] == [SpanKind.CONSUMER, SpanKind.CLIENT]


def test_what_came_along_is_the_parent_whatever_is_around() -> None:
    seen = Seen()
    with seen.tracer.span("sweep"), seen.tracer.span("tell", parent=ELSEWHERE):
        assert seen.tracer.trace_id == TRACE
    assert len(seen.traces) == 2


def test_a_step_may_learn_to_which_trace_it_belongs() -> None:
    seen = Seen()
    with seen.tracer.span("inspect"):
        seen.tracer.adopt(ELSEWHERE)
        assert seen.tracer.carrier()[TRACEPARENT].startswith(f"00-{TRACE}-")


def test_a_step_that_knows_it_does_not_change_its_mind() -> None:
    seen = Seen()
    with seen.tracer.span("inspect", parent=ELSEWHERE):
        seen.tracer.adopt({TRACEPARENT: "00-" + "1" * 32 + "-" + "2" * 16 + "-01"})
        assert seen.tracer.trace_id == TRACE


@pytest.mark.parametrize("stamp", ["", "nonsense", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", "\n\x1b[2J"])
def test_what_tells_of_no_trace_begins_a_new_one(stamp: str) -> None:
    seen = Seen()
    with seen.tracer.span("inspect", parent={TRACEPARENT: stamp}):
        seen.tracer.adopt({TRACEPARENT: stamp})
    assert seen.hops == [("inspect", None)]


def test_outside_of_every_step_nothing_goes_along() -> None:
    seen = Seen()
    seen.tracer.adopt(ELSEWHERE)
    seen.tracer.note(state="loaded")
    assert (seen.tracer.carrier(), seen.tracer.trace_id, seen.spans) == (NOTHING, None, [])


def test_a_step_that_failed_says_how_and_quotes_nothing() -> None:
    seen = Seen()
    with pytest.raises(ValueError, match="canary"), seen.tracer.span("load"):
        raise ValueError("canary-4711")  # noqa: EM101  the words that must not be told
    [span] = seen.spans
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "ValueError")
    assert "canary" not in span.to_json()


def test_facts_are_told_by_name_and_unknown_ones_are_not() -> None:
    seen = Seen()
    with seen.tracer.span("record"):
        seen.tracer.note(state="loaded", rows=2, feed=None)
    assert seen.facts("record") == {"csvgate.state": "loaded", "csvgate.rows": 2}


@contextmanager
def collector() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """Whoever takes OTLP over HTTP, at an address, and what came."""
    came: list[ExportTraceServiceRequest] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            came.append(ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", came
        server.shutdown()


def test_a_collector_is_told_by_the_end_of_a_call() -> None:
    with collector() as (endpoint, came):
        tracer = collected(f"{endpoint}/", "gate")
        with tracer.span("inspect", "consumer", parent=ELSEWHERE):
            tracer.note(rows=2)
        tracer.flush()
    [told] = came[0].resource_spans
    [span] = told.scope_spans[0].spans
    assert (span.name, span.trace_id.hex()) == ("inspect", TRACE)
    assert ("service.name", "gate") in [(each.key, each.value.string_value) for each in told.resource.attributes]
