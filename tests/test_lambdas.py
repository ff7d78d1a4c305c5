"""Events in, answers out: only what failed comes again, nothing takes its batch along, and the log says it all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from csvgate import lambdas
from csvgate.aws.events import encode
from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.delivery import Arrival
from csvgate.delivery_json import to_message
from csvgate.errors import TransientError, UndecodableEvent
from csvgate.lambdas import answer_arrivals, answer_inspected
from csvgate.pipeline.story import inspect_delivery
from csvgate.settings import load
from csvgate.stages.call import Call
from csvgate.telling.relay import Relay
from tests.world import BUCKET, CLEAN, NOT_CSV, Fault, Killed, World

Event = dict[str, Any]
SETTINGS = load({"CSVGATE_TARGET": "aws", "S3_BUCKET_NAME": BUCKET})


def batch(*bodies: str, receives: int = 1) -> Event:
    """The event with which Lambda hands messages of SQS over."""
    attributes = {"ApproximateReceiveCount": str(receives)}
    return {
        "Records": [
            {"messageId": f"m{number}", "body": body, "attributes": attributes, "eventSource": "aws:sqs"}
            for number, body in enumerate(bodies)
        ]
    }


def body(arrival: Arrival) -> str:
    return json.dumps(encode(arrival))


def failed(answer: Event) -> list[str]:
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


def call_of(world: World, fault: Fault | None = None, **facts: Any) -> Call:  # noqa: ANN401
    return Call(ports=world.ports(fault), **facts)


def inspected(world: World, *contents: bytes) -> list[str]:
    """Messages for the record stage."""
    arrivals = [world.objects.put(BUCKET, f"{number}.csv", content) for number, content in enumerate(contents)]
    return [to_message(inspect_delivery(arrival, world.ports())) for arrival in arrivals]


def logged(capsys: pytest.CaptureFixture[str]) -> list[Event]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_poison_message_does_not_take_its_batch_along() -> None:
    world = World()
    bodies = [body(world.objects.put(BUCKET, f"{number}.csv", CLEAN)) for number in range(9)]
    bodies.insert(4, "no event at all")
    assert failed(answer_arrivals(batch(*bodies), call_of(world))) == ["m4"]
    world.record_all()
    assert {delivery.state for delivery in world.catalog.newest()} == {"recorded"}
    assert len(list(world.catalog.newest())) == 9


def test_a_file_that_kills_the_function_does_not_take_those_before_it_along() -> None:
    world = World()
    bodies = [body(world.objects.put(BUCKET, key, CLEAN)) for key in ("a.csv", "b.csv")]
    with pytest.raises(Killed):
        answer_arrivals(batch(*bodies), call_of(world, Fault(at=6, error=Killed)))
    world.record_all()
    assert [delivery.arrival.key for delivery in world.catalog.newest() if delivery.is_final] == ["a.csv"]


def test_a_poison_message_is_reported_until_it_is_dead() -> None:
    world = World()
    world.arrivals.send("no event at all")
    while messages := world.arrivals.receive():
        receives = messages[0].receive_count
        assert failed(answer_arrivals(batch(messages[0].body, receives=receives), call_of(world))) == ["m0"]
        world.arrivals.give_back(messages[0])
    assert [message.receive_count for message in world.arrivals.dead] == [5]
    assert list(world.catalog.newest()) == []


def test_a_message_with_several_records_fails_if_one_does_and_the_others_are_through() -> None:
    world = World()
    events = [encode(world.objects.put(BUCKET, f"{number}.csv", CLEAN)) for number in range(3)]
    body = json.dumps({"Records": [record for event in events for record in event["Records"]]})
    assert failed(answer_arrivals(batch(body), call_of(world, Fault(at=2, error=TransientError)))) == ["m0"]
    assert len(world.inspected) == 2
    world.record_all()
    assert failed(answer_arrivals(batch(body, receives=2), call_of(world))) == []
    world.record_all()
    assert [delivery.attempts for delivery in world.catalog.newest()] == [1, 1, 2]


def test_a_record_that_cannot_be_decoded_does_not_take_its_message_along(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    first, last = (encode(world.objects.put(BUCKET, key, CLEAN))["Records"] for key in ("a.csv", "b.csv"))
    wrong = {"s3": {"bucket": {"name": BUCKET}, "object": {"key": "%ff.csv"}}}
    message = json.dumps({"Records": [*first, wrong, *last]})
    assert failed(answer_arrivals(batch(message, receives=5), call_of(world))) == ["m0"]
    world.record_all()
    assert {delivery.arrival.key: delivery.state for delivery in world.catalog.newest()} == {
        "a.csv": "recorded",
        "b.csv": "recorded",
    }
    assert [line["message_id"] for line in logged(capsys) if line.get("error") == "UndecodableEvent"] == ["m0"]


def test_what_is_no_csv_is_acknowledged() -> None:
    world = World()
    assert failed(answer_arrivals(batch(body(world.objects.put(BUCKET, "a.csv", NOT_CSV))), call_of(world))) == []
    [message] = world.inspected.receive()
    assert failed(answer_inspected(batch(message.body), call_of(world))) == []
    assert world.head("a.csv").state == "rejected"


@pytest.mark.parametrize("error", [TransientError("S3 is slow"), MemoryError(), ValueError("a secret cell")])
def test_the_last_receive_that_fails_leaves_a_reason_in_the_catalog(error: Exception) -> None:
    world = World()
    event = batch(body(world.objects.put(BUCKET, "a.csv", CLEAN)), receives=5)

    def fail(_: Arrival) -> None:
        raise error

    world.objects.open = fail  # type: ignore[method-assign, assignment]  # a store that always fails
    assert failed(answer_arrivals(event, call_of(world))) == ["m0"]
    world.record_all()
    head = world.head("a.csv")
    assert head.state == "failed"
    assert head.reason
    assert "secret" not in head.reason


def test_a_busy_delivery_comes_again_and_is_never_called_failed() -> None:
    world = World()
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    world.deliver(arrival)
    assert failed(answer_arrivals(batch(body(arrival), receives=5), call_of(world))) == ["m0"]
    assert len(world.inspected) == 1
    world.record_all()
    assert [delivery.state for delivery in world.history("a.csv")] == ["recorded"]


def test_a_catalog_that_throttles_gives_one_receipt_after_retries() -> None:
    world = World()
    event = batch(body(world.objects.put(BUCKET, "a.csv", CLEAN)))
    for _ in range(3):
        assert failed(answer_arrivals(event, call_of(world, Fault(at=1, error=TransientError)))) == ["m0"]
    assert failed(answer_arrivals(event, call_of(world))) == []
    [message] = world.inspected.receive()
    for at in (1, 2):
        throttled = call_of(world, Fault(at=at, error=TransientError))
        assert failed(answer_inspected(batch(message.body), throttled)) == ["m0"]
    assert failed(answer_inspected(batch(message.body), call_of(world))) == []
    assert [delivery.state for delivery in world.history("a.csv")] == ["recorded"]


def test_a_delivery_that_cannot_be_recorded_is_failed_with_a_reason_and_finished_by_a_redrive() -> None:
    world = World()
    [message] = inspected(world, CLEAN)
    fault = Fault(at=1, error=TransientError)
    assert failed(answer_inspected(batch(message, receives=5), call_of(world, fault))) == ["m0"]
    assert world.head("0.csv").state == "failed"
    assert failed(answer_inspected(batch(message), call_of(world))) == []
    assert world.head("0.csv").state == "recorded"


def test_one_bad_delivery_does_not_take_the_others_along() -> None:
    world = World()
    good, bad = inspected(world, CLEAN, CLEAN)
    bad = bad.replace("csvgate-results", "nowhere")
    assert failed(answer_inspected(batch(good, bad, "{}"), call_of(world))) == ["m1", "m2"]


@pytest.mark.parametrize("stage", [answer_arrivals, answer_inspected])
def test_what_there_is_no_time_for_comes_again(stage: Callable[[Event, Call], Event]) -> None:
    world = World()
    call = call_of(world, deadline=world.now)
    bodies = inspected(world, CLEAN) if stage is answer_inspected else [body(world.objects.put(BUCKET, "a", CLEAN))]
    assert failed(stage(batch(*bodies), call)) == ["m0"]
    assert failed(stage(batch(*bodies), replace(call, deadline=world.now + timedelta(seconds=1)))) in ([], ["m0"])


@pytest.mark.parametrize("stage", [answer_arrivals, answer_inspected])
def test_what_was_never_tried_is_never_called_failed(stage: Callable[[Event, Call], Event]) -> None:
    world = World()
    bodies = inspected(world, CLEAN) if stage is answer_inspected else [body(world.objects.put(BUCKET, "a", CLEAN))]
    world.inspected.receive()
    assert failed(stage(batch(*bodies, receives=5), call_of(world, deadline=world.now))) == ["m0"]
    world.record_all()
    assert list(world.catalog.newest(state="failed")) == []


def test_a_short_invocation_keeps_back_a_fifth_of_its_time() -> None:
    class Context:
        def get_remaining_time_in_millis(self) -> int:
            return 3_000

    now = World().now
    assert lambdas._deadline(Context(), now) == now + timedelta(seconds=2.4)
    assert lambdas._deadline(None, now) is None


def test_an_invocation_with_a_plain_event_answers_with_whole_receipts() -> None:
    world = World()
    arrivals = [world.objects.put(BUCKET, key, CLEAN) for key in ("a +ä.csv", "b.csv")]
    event = {"Records": [record for arrival in arrivals for record in encode(arrival)["Records"]]}
    first, second = answer_arrivals(event, call_of(world))["receipts"]
    assert [first["key"], second["key"]] == ["a +ä.csv", "b.csv"]
    assert (first["column_names"], first["row_count"], first["state"]) == (["id", "name"], 2, "inspected")
    world.record_all()
    assert answer_arrivals(event, call_of(world))["receipts"][0] == {**first, "state": "recorded"}


def test_an_invocation_that_fails_is_told_so_after_all_its_records_were_tried() -> None:
    world = World()
    arrivals = [world.objects.put(BUCKET, key, CLEAN) for key in ("a.csv", "b.csv")]
    event = {"Records": [record for arrival in arrivals for record in encode(arrival)["Records"]]}
    with pytest.raises(TransientError):
        answer_arrivals(event, call_of(world, Fault(at=1, error=TransientError)))
    world.record_all()
    assert {delivery.arrival.key: delivery.state for delivery in world.catalog.newest()} == {
        "a.csv": "failed",
        "b.csv": "recorded",
    }


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
def test_an_invocation_by_hand_that_is_repeated_leaves_one_delivery(at: int) -> None:
    world = World()
    arrival = world.objects.put(BUCKET, "a.csv", CLEAN)
    event = encode(Arrival(bucket=BUCKET, key="a.csv"))
    with pytest.raises(TransientError):
        answer_arrivals(event, call_of(world, Fault(at=at, error=TransientError)))
    world.record_all()
    answer_arrivals(event, call_of(world))
    world.record_all()
    assert [(d.delivery_id, d.state) for d in world.history("a.csv")] == [(arrival.delivery_id, "recorded")]


def test_an_invocation_with_a_record_that_cannot_be_decoded_fails_after_the_others_were_tried() -> None:
    world = World()
    wrong = {"s3": {"bucket": {"name": BUCKET}, "object": {"key": "%ff.csv"}}}
    event = encode(world.objects.put(BUCKET, "a.csv", CLEAN))
    with pytest.raises(UndecodableEvent, match="`key`"):
        answer_arrivals({"Records": [wrong, *event["Records"]]}, call_of(world))
    world.record_all()
    assert world.head("a.csv").state == "recorded"


def test_a_test_event_has_no_receipts() -> None:
    assert answer_arrivals({"Event": "s3:TestEvent", "Bucket": BUCKET}, call_of(World())) == {"receipts": []}


def test_the_record_stage_takes_nothing_but_a_batch() -> None:
    with pytest.raises(UndecodableEvent):
        answer_inspected({"Records": []}, call_of(World()))


@pytest.mark.parametrize(
    ("wide", "left_out"),
    [((), ()), (("columns",), ("columns",)), (("column_names", "columns"), ("columns", "findings", "column_names"))],
)
def test_an_answer_that_is_too_large_leaves_out_the_widest_parts_and_says_so(
    wide: tuple[str, ...], left_out: tuple[str, ...]
) -> None:
    whole = {"key": "wide.csv", "column_names": ["a"], "columns": [], "findings": []}
    receipt = {**whole, **dict.fromkeys(wide, "x" * lambdas.LARGEST_ANSWER)}
    [fitting] = lambdas._fitting([receipt])["receipts"]
    assert tuple(fitting.pop("left_out", ())) == left_out
    assert set(fitting) == set(whole) - set(left_out)


def test_an_answer_can_be_written_as_utf8_whatever_the_bytes_of_the_file() -> None:
    world = World()
    event = encode(world.objects.put(BUCKET, "a.csv", b"id,na\xff\xfeme\n" + b"1,\xc3\xa4\n" * 100))
    assert json.dumps(answer_arrivals(event, call_of(world)), ensure_ascii=False).encode()


def test_the_log_is_one_line_of_json_per_step_whatever_the_key_holds(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    key = 'in/new\nline "quoted"\x1b[31m \u2028.csv'
    event = batch(body(world.objects.put(BUCKET, key, b"id\ncanary-4711\n")), "poison")
    answer_arrivals(event, call_of(world, function="process_csv", request_id="r-1"))
    through, poison = logged(capsys)
    assert (through["key"], through["state"], through["function"]) == (key, "inspected", "process_csv")
    assert (through["stage"], through["message"]) == ("inspect", "a delivery is inspected")
    assert (poison["error"], poison["message_id"], poison["request_id"]) == ("UndecodableEvent", "m1", "r-1")
    assert "canary" not in json.dumps([through, poison])


def test_the_record_stage_says_once_what_became_of_a_delivery(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    answer_inspected(batch(*inspected(world, CLEAN, NOT_CSV)), call_of(world))
    lines = [(line["state"], line["verdict"], line["key"]) for line in logged(capsys)]
    assert lines == [("recorded", "ok", "0.csv"), ("rejected", "rejected", "1.csv")]


def test_an_unexpected_error_is_told_by_its_place_and_not_by_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    event = batch(body(world.objects.put(BUCKET, "a.csv", CLEAN)))
    answer_arrivals(event, call_of(world, Fault(at=2, error=ZeroDivisionError)))
    [line] = logged(capsys)
    assert line["level"] == "error"
    assert line["reason"].startswith("unexpected ZeroDivisionError at world.py:")


@pytest.fixture
def wired(monkeypatch: pytest.MonkeyPatch) -> World:
    """The world in which the handlers work, in place of what the environment names."""
    world = World(feeds=Feeds((Feed(name="daily", key="daily/*", expect_every=timedelta(days=1)),)))
    relay = Relay(outbox=world.catalog.outbox, notifiers={}, clock=lambda: world.now)
    made = lambdas._Wired(settings=SETTINGS, ports=world.ports(), relay=relay)
    monkeypatch.setattr(lambdas, "_wired", lambda: made)
    return world


def figures(capsys: pytest.CaptureFixture[str]) -> Event:
    """All that the lines for CloudWatch say."""
    lines = [line for line in logged(capsys) if "_aws" in line]
    return {name: value for line in lines for name, value in line.items()}


def test_the_handlers_figures_are_in_the_log(wired: World, capsys: pytest.CaptureFixture[str]) -> None:
    lambdas.on_arrival(batch(body(wired.objects.put(BUCKET, "a.csv", CLEAN)), "poison", receives=5))
    told = figures(capsys)
    assert (told["bucket"], told["inspected_rows_total"], told["dead_letters_total"]) == (BUCKET, 2, 1)
    lambdas.on_inspected(batch(*(message.body for message in wired.inspected.receive())))
    told = figures(capsys)
    assert (told["stage"], told["state"], told["messages_total"]) == ("record", "recorded", 1)
    assert told["receipt_seconds"] >= 0


def test_the_figures_of_a_call_that_fails_are_in_the_log(wired: World, capsys: pytest.CaptureFixture[str]) -> None:
    event = encode(wired.objects.put(BUCKET, "a.csv", CLEAN))
    wrong = {"s3": {"bucket": {"name": BUCKET}, "object": {"key": "%ff.csv"}}}
    with pytest.raises(UndecodableEvent):
        lambdas.on_arrival({"Records": [wrong, *event["Records"]]})
    assert figures(capsys)["deliveries_total"] == 1


def test_the_schedule_says_what_waits_and_who_is_silent(wired: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert lambdas.on_schedule({}) == {"replayed": 0, "notices": {}}
    told = figures(capsys)
    assert (told["outbox_waiting"], told["feed_overdue"], told["feed"]) == (0, 1, "daily")


@pytest.mark.parametrize(("named", "versions"), [({}, 1), ({"prefix": "in/2"}, 0), ({"prefix": ""}, 2)])
def test_the_schedule_compares_what_its_event_names_or_else_the_settings(
    wired: World, monkeypatch: pytest.MonkeyPatch, named: Event, versions: int
) -> None:
    made = replace(lambdas._wired(), settings=replace(SETTINGS, region="eu-central-1", key_prefix="in/"))
    monkeypatch.setattr(lambdas, "_wired", lambda: made)
    wired.finish(*(wired.objects.put(BUCKET, key, CLEAN) for key in ("in/1.csv", "theirs.csv")))
    assert lambdas.on_schedule({"reconcile": True, **named})["reconciled"]["versions"] == versions
