"""Spans of OpenTelemetry: which trace they are of, whose part they are, and what they say."""

from __future__ import annotations

import pytest
from opentelemetry.trace import SpanKind, StatusCode

from csvgate.tracing import NOTHING, TRACEPARENT
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
