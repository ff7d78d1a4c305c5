"""A notice on a bus: what a rule sees, and what is said when the bus does not take it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from csvgate.aws.client import client
from csvgate.aws.eventbridge import EventBus
from csvgate.errors import CsvgateError, PermanentError, TransientError
from csvgate.local.emulator import Emulator
from csvgate.telling.notices import event
from tests.aws.provision import received, unique, where
from tests.aws.test_sns import OK, REJECTED


def test_a_rule_can_ask_for_a_verdict(emulator: Emulator) -> None:
    at = where(emulator.endpoint_url)
    events, sqs = client("events", **at), client("sqs", **at)
    bus, rule = unique("bus"), unique("rule")
    queue = sqs.create_queue(QueueName=unique("queue"))["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["csvgate"], "detail": {"data": {"verdict": ["rejected"]}}}
    events.create_event_bus(Name=bus)
    events.put_rule(Name=rule, EventBusName=bus, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=rule, EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
    for notice in (OK, REJECTED):
        EventBus(events, bus).notify(notice)
    [body] = map(json.loads, received(sqs, queue))
    assert (body["detail-type"], body["detail"]) == ("Delivery rejected", event(REJECTED))


@pytest.mark.parametrize(
    ("code", "error"),
    [("InternalFailure", TransientError), ("ThrottlingException", TransientError), ("X", PermanentError)],
)
def test_an_event_that_the_bus_did_not_take_is_no_success(code: str, error: type[CsvgateError]) -> None:
    """PutEvents answers 200 all the same."""
    refusing: Any = SimpleNamespace(put_events=lambda **_: {"FailedEntryCount": 1, "Entries": [{"ErrorCode": code}]})
    with pytest.raises(error, match=code):
        EventBus(refusing, "bus").notify(OK)
