"""One file from upload to notification: one trace, every hop, each with the right parent."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from csvgate.aws.events import decode_text, encode
from csvgate.aws.letters import of_inspected
from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.errors import PermanentError, TransientError
from csvgate.memory import MemoryCatalog, MemoryNotifier, MemoryQueue
from csvgate.memory.uploads import MemoryUploads
from csvgate.ports.queues import Message
from csvgate.ports.uploads import Place
from csvgate.stages.call import Call
from csvgate.stages.chores import spoken
from csvgate.stages.messages import inspect_message, record_message
from csvgate.telemetry.tracing import TRACEPARENT, UNTRACED, XRAY, Stamped
from csvgate.telling.notices import Audience, event
from csvgate.telling.relay import Relay
from csvgate.upkeep.redrive import DeadLetters, Wish, redrive
from tests.tracing import Seen
from tests.world import BUCKET, CLEAN, Fault, World, arrivals

FEEDS = Feeds((Feed(name="sales", key="*", sink="postgresql", table="sales"),))
HOPS = [("upload", None), ("inspect", "upload"), ("record", "inspect"), ("load", "record"), ("tell", "record")]


class Traced:
    """A world in which every step is seen, and somebody is told."""

    def __init__(self, fault: Fault | None = None) -> None:
        self.seen, self.told = Seen(), MemoryNotifier()
        self.world = World(feeds=FEEDS, catalog=MemoryCatalog(Audience(channels=("webhook",))))
        ports = replace(self.world.ports(fault), tracer=self.seen.tracer)
        self.relay = Relay(
            outbox=self.world.catalog.outbox,
            notifiers={"webhook": self.told},
            clock=lambda: self.world.now,
            tracer=self.seen.tracer,
        )
        call = Call(ports=ports)
        self.call = replace(call, tell=spoken(self.relay, call).tell)

    def uploaded(self, *, announced: bool) -> Message:
        """The message about a file that came by the service: of the bucket, or of the service itself."""
        with self.seen.tracer.span("upload", "server"):
            uploads = MemoryUploads(self.world.objects)
            place = Place(bucket=BUCKET, key="a.csv")
            arrival = uploads.pour(place, iter([CLEAN]), self.seen.tracer.carrier())
            queue: Any = Stamped(queue=self.world.arrivals, tracer=self.seen.tracer)
            (queue if announced else self.world.arrivals).send(json.dumps(encode(arrival)))
        [message] = self.world.arrivals.receive()
        return message

    def finish(self, message: Message) -> None:
        """Both stages do their work."""
        assert inspect_message(message, self.call)
        for passed in self.world.inspected.receive():
            assert record_message(passed, self.call)


@pytest.mark.parametrize("announced", [False, True])
def test_one_file_is_one_trace_with_every_hop(announced: bool) -> None:  # noqa: FBT001
    """Whether its bucket tells of it, so that the object itself says where it comes from, or the service does."""
    traced = Traced()
    traced.finish(traced.uploaded(announced=announced))
    assert traced.seen.hops == HOPS
    assert len(traced.seen.traces) == 1
    assert (len(traced.told.told), traced.world.head("a.csv").state) == (1, "loaded")


def test_every_hop_says_of_which_file_it_is() -> None:
    traced = Traced()
    traced.finish(traced.uploaded(announced=False))
    delivery = traced.world.head("a.csv")
    for name in ("inspect", "record", "tell"):
        assert traced.seen.facts(name)["csvgate.delivery_id"] == delivery.delivery_id
    assert traced.seen.facts("record")["csvgate.state"] == "loaded"
    assert traced.seen.facts("load") == {"csvgate.sink": "postgresql", "csvgate.table": "sales", "csvgate.rows": 2}
    assert all("Grace" not in span.to_json() for span in traced.seen.spans)


def test_what_is_told_later_is_of_the_same_trace() -> None:
    """Also by a sweep of another process."""
    traced = Traced()
    traced.call = replace(traced.call, tell=lambda _: None)
    traced.finish(traced.uploaded(announced=False))
    traced.relay.sweep()
    assert traced.seen.hops == HOPS
    [notice] = traced.told.told
    assert event(notice)["traceparent"].split("-")[1] == f"{traced.seen.traces.pop():032x}"


def test_the_log_names_the_trace(capsys: pytest.CaptureFixture[str]) -> None:
    traced = Traced()
    traced.finish(traced.uploaded(announced=False))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["trace_id"] for line in lines} == {f"{traced.seen.traces.pop():032x}"}


@pytest.mark.parametrize("error", [TransientError, PermanentError])
def test_a_hop_that_failed_says_so(error: type[Exception]) -> None:
    traced = Traced(Fault(at=2, error=error))
    assert not inspect_message(traced.uploaded(announced=False), traced.call)
    assert traced.seen.facts("inspect")["error.type"] == error.__name__


def test_that_somebody_else_is_at_it_is_no_failure_of_a_hop() -> None:
    traced = Traced()
    message = traced.uploaded(announced=False)
    [arrival] = arrivals(decode_text(message.body))
    now, lease = traced.world.now, timedelta(hours=1)
    traced.world.catalog.claim(arrival, owner="somebody else", now=now, lease=lease)
    assert not inspect_message(message, traced.call)
    assert "error.type" not in traced.seen.facts("inspect")


def test_the_trace_goes_to_the_dead_letters_and_back() -> None:
    traced = Traced()
    assert inspect_message(traced.uploaded(announced=False), traced.call)
    [message], dead = traced.world.inspected.receive(), MemoryQueue()
    nowhere = replace(traced.call.ports, sinks={})
    assert record_message(message, replace(traced.call, ports=nowhere, dead=dead))
    letters = DeadLetters(stage="record", inbox=dead, source=traced.world.inspected, read=of_inspected)
    assert redrive([letters], Wish(), traced.call.ports).redriven == 1
    [again] = traced.world.inspected.receive()
    assert (again.body, again.attributes) == (message.body, message.attributes)


@pytest.mark.parametrize("came", [{}, {XRAY: "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"}])
def test_the_header_of_x_ray_goes_along_as_it_came(came: dict[str, str]) -> None:
    world = World()
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    message = Message(message_id="m", body=json.dumps(encode(arrival)), attributes={**came, TRACEPARENT: "nonsense"})
    assert inspect_message(message, Call(ports=world.ports()))
    [passed] = world.inspected.receive()
    assert passed.attributes == came


def test_without_a_tracer_nothing_is_said() -> None:
    with UNTRACED.span("inspect"):
        UNTRACED.adopt({TRACEPARENT: "nonsense"})
        UNTRACED.note(state="loaded")
        UNTRACED.flush()
        assert (UNTRACED.carrier(), UNTRACED.trace_id) == ({}, None)


def test_nobody_pays_for_opentelemetry_who_does_not_trace() -> None:
    """A cold start of a function imports none of it."""
    code = "import sys, csvgate.lambdas; print([name for name in sys.modules if 'opentelemetry' in name])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
