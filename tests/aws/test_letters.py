"""What a dead message is about, in whatever envelope."""

from __future__ import annotations

import json

import pytest

from csvgate.aws.events import encode
from csvgate.aws.letters import of_arrivals, of_inspected
from csvgate.delivery import Arrival
from csvgate.errors import UndecodableEvent

ARRIVAL = Arrival(bucket="in", key="a b.csv", version_id="v1")
EVENT = encode(ARRIVAL)


def test_an_event_is_sent_again_as_it_is() -> None:
    assert of_arrivals(json.dumps(EVENT), "in") == ([ARRIVAL], json.dumps(EVENT))


def test_the_event_within_lambdas_envelope_is_sent_again_without_it() -> None:
    envelope = {"version": "1.0", "requestContext": {"condition": "RetriesExhausted"}, "requestPayload": EVENT}
    assert of_arrivals(json.dumps(envelope), "in") == ([ARRIVAL], json.dumps(EVENT))


def test_a_message_with_just_a_key_is_one_of_ours() -> None:
    assert of_arrivals('{"key": "a.csv"}', "in") == ([Arrival(bucket="in", key="a.csv")], '{"key": "a.csv"}')


@pytest.mark.parametrize("body", ["", "{", "5", '{"Records": "poison"}', '{"requestPayload": 5}'])
def test_what_is_no_message_of_ours_is_told(body: str) -> None:
    with pytest.raises(UndecodableEvent):
        of_arrivals(body, "in")
    with pytest.raises(UndecodableEvent):
        of_inspected(body)
