"""Events as AWS sends them in, arrivals out: whatever the wrapping, each version once and under its real key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.aws import events
from csvgate.delivery import Arrival, ArrivalKind
from csvgate.errors import UndecodableEvent

EVENTS = Path(__file__).parent.parent / "events"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
KINDS: tuple[ArrivalKind, ...] = ("created", "deleted", "purged")
ARRIVALS = st.builds(
    Arrival,
    bucket=st.just("test-bucket"),
    key=TEXT,
    version_id=st.none() | st.text("abcXYZ019._", min_size=1),
    etag=st.none() | st.text("0123456789abcdef-", min_size=1),
    size=st.none() | st.integers(min_value=0, max_value=2**50),
    sequencer=st.none() | st.text("123456789ABCDEF", min_size=1, max_size=32),
    time=st.none() | st.datetimes(timezones=st.just(UTC)),
    kind=st.just("created"),
)


def read(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / name).read_text(encoding="utf-8"))
    return event


def expected(name: str) -> list[Arrival]:
    written = json.loads((EVENTS / "expected" / name).read_text(encoding="utf-8"))
    return [
        Arrival(**part | ({"time": datetime.fromisoformat(part["time"])} if "time" in part else {})) for part in written
    ]


def said(decoded: Sequence[events.Decoded]) -> str:
    """Why the only part could not be decoded."""
    [refused] = decoded
    assert isinstance(refused, UndecodableEvent)
    return str(refused)


@pytest.mark.parametrize("name", sorted(path.name for path in EVENTS.glob("*.json")))
def test_an_event_of_aws_tells_of_its_arrivals(name: str) -> None:
    assert events.decode(read(name)) == expected(name)


@given(ARRIVALS)
def test_what_is_encoded_is_decoded(arrival: Arrival) -> None:
    assert events.decode(events.encode(arrival)) == [arrival]


@given(ARRIVALS, st.sampled_from(KINDS[1:]))
def test_removals_are_decoded_as_what_they_were(arrival: Arrival, kind: ArrivalKind) -> None:
    removal = Arrival(bucket=arrival.bucket, key=arrival.key, version_id=arrival.version_id, kind=kind)
    assert events.decode(events.encode(removal)) == [removal]


@given(TEXT)
def test_a_key_of_eventbridge_is_taken_as_it_stands(key: str) -> None:
    event = read("eventbridge_created.json")
    event["detail"]["object"]["key"] = key
    [arrival] = events.decode(event)
    assert isinstance(arrival, Arrival)
    assert arrival.key == key


def test_a_batch_of_sqs_is_told_from_other_events() -> None:
    messages = events.queued(read("sqs_batch.json"))
    assert messages is not None
    assert [message.receive_count for message in messages] == [1, 5, 1, 1]
    assert events.decode_text(messages[0].body) == expected("s3_put.json")
    assert events.queued(read("s3_put.json")) is None


def test_zeros_are_no_sequencer() -> None:
    event = read("s3_put.json")
    event["Records"][0]["s3"]["object"]["sequencer"] = "0"
    [arrival] = events.decode(event)
    assert isinstance(arrival, Arrival)
    assert arrival.order == ""


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("s3", "object", "key"), "secret%FF", "`key` is not url-encoded UTF-8"),
        (("s3", "object", "key"), None, "`key` is missing or empty"),
        (("s3", "object", "key"), ["secret"], "`key` is no text"),
        (("s3", "object", "key"), "secret\ud800.csv", "`key` holds half a surrogate pair"),
        (("s3", "object", "size"), "secret", "`size` is no number of bytes"),
        (("s3", "bucket"), "secret", "`bucket` is missing or no object"),
        (("eventTime",), "secret", "the event's time is not ISO 8601"),
        (("eventTime",), "0001-01-01T00:00:00+10:00", "the event's time is not ISO 8601"),
        (("eventSource",), "aws:dynamodb", "`eventSource` is not S3"),
    ],
)
def test_a_wrong_event_is_refused_by_the_name_of_what_is_wrong(
    path: tuple[str, ...], value: object, complaint: str
) -> None:
    event = read("s3_put.json")
    part = event["Records"][0]
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = value
    assert said(events.decode(event)) == complaint


def test_a_wrong_record_stands_in_its_place_and_the_others_are_decoded() -> None:
    first, last = Arrival(bucket="b", key="a.csv"), Arrival(bucket="b", key="b.csv")
    wrong = {"s3": {"bucket": {"name": "b"}, "object": {"key": "%ff.csv"}}}
    records = [*events.encode(first)["Records"], wrong, *events.encode(last)["Records"]]
    decoded = events.decode_text(json.dumps({"Message": json.dumps({"Records": records})}))
    assert [decoded[0], decoded[2]] == [first, last]
    assert said(decoded[1:2]) == "`key` is not url-encoded UTF-8"


@pytest.mark.parametrize("kind", ["SubscriptionConfirmation", "UnsubscribeConfirmation"])
def test_what_sns_says_of_the_subscription_tells_of_no_arrival(kind: str) -> None:
    told = {"Type": kind, "Message": "You have chosen to subscribe to the topic"}
    assert events.decode(told) == events.decode({"Records": [{"Sns": told}]}) == []


@pytest.mark.parametrize(
    "text", ["", "no JSON", "[" * 100_000, "7", "[]", "{}", '{"Records": 1}', '{"Records": [1]}', '{"detail": {}}']
)
def test_what_is_no_event_is_refused(text: str) -> None:
    assert said(events.decode_text(text))


def test_endless_wrapping_is_refused() -> None:
    text = "{}"
    for _ in range(10):
        text = json.dumps({"Message": text})
    assert said(events.decode_text(text)) == "the event is wrapped too deeply"


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda part: (
            st.lists(part)
            | st.dictionaries(
                st.sampled_from(
                    ["Records", "s3", "object", "bucket", "key", "name", "detail", "Message", "Sns", "body"]
                ),
                part,
            )
        ),
    )
)
def test_any_json_is_decoded_or_refused(payload: object) -> None:
    assert all(isinstance(decoded, Arrival) or str(decoded) for decoded in events.decode(payload))


STAMP = {"stringValue": "00-1-2-01"}


@pytest.mark.parametrize("stamp", [STAMP, {"binaryValue": "AA=="}, {"stringValue": 7}, "text", None])
def test_what_tells_of_a_trace_is_read_and_never_a_reason_to_refuse(stamp: object) -> None:
    attributes = {"ApproximateReceiveCount": "1", "AWSTraceHeader": "Root=1-5759e988-bd862e3fe1be46a994272793"}
    record = {"eventSource": "aws:sqs", "messageId": "m", "body": "", "attributes": attributes}
    [message] = events.queued({"Records": [{**record, "messageAttributes": {"traceparent": stamp}}]}) or ()
    assert message.attributes["AWSTraceHeader"] == attributes["AWSTraceHeader"]
    assert message.attributes.get("traceparent") == ("00-1-2-01" if stamp == STAMP else None)
