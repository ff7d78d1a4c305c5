"""A bucket is asked whom it tells of new objects."""

from __future__ import annotations

from typing import Any

import pytest

from csvgate.aws.client import client
from csvgate.aws.notifications import told_of
from csvgate.errors import CsvgateError
from csvgate.local.emulator import Emulator
from tests.aws.provision import make_bucket, unique, where

KEYS = ("in/a.csv", "in/a.txt", "out/a.csv")
CREATED = ["s3:ObjectCreated:*"]
EITHER_WAY = ["s3:ObjectCreated:Put", "s3:ObjectCreated:CompleteMultipartUpload"]
ONLY_CSV_IN = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}, {"Name": "suffix", "Value": ".csv"}]}}


def told(emulator: Emulator, **configuration: Any) -> list[str]:  # noqa: ANN401  as the API takes it
    """Of which keys a bucket tells somebody that is configured so."""
    s3 = client("s3", **where(emulator.endpoint_url))
    bucket = make_bucket(s3)
    if configuration:
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=configuration)  # type: ignore[arg-type]
    is_told = told_of(s3, bucket)
    return [key for key in KEYS if is_told(key)]


@pytest.mark.parametrize(
    ("events", "narrowed", "expected"),
    [
        (CREATED, {}, list(KEYS)),
        (EITHER_WAY, {}, list(KEYS)),
        (CREATED, {"Filter": ONLY_CSV_IN}, ["in/a.csv"]),
        (["s3:ObjectCreated:Put"], {}, []),
        (["s3:ObjectRemoved:*"], {}, []),
    ],
)
def test_a_queue_is_told_of_the_keys_and_events_that_it_wants(
    emulator: Emulator, events: list[str], narrowed: dict[str, Any], expected: list[str]
) -> None:
    sqs = client("sqs", **where(emulator.endpoint_url))
    url = sqs.create_queue(QueueName=unique("told"))["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    assert told(emulator, QueueConfigurations=[{"QueueArn": arn, "Events": events, **narrowed}]) == expected


def test_eventbridge_is_told_of_everything_and_without_notifications_nobody_is(emulator: Emulator) -> None:
    assert told(emulator, EventBridgeConfiguration={}) == list(KEYS)
    assert told(emulator) == []


def test_a_bucket_that_is_not_there_is_an_error_of_ours(emulator: Emulator) -> None:
    with pytest.raises(CsvgateError):
        told_of(client("s3", **where(emulator.endpoint_url)), "not-there")
