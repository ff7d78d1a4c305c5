"""A notice on a topic: what a queue that subscribes to it, with a filter, gets to see."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from csvgate.aws.client import client
from csvgate.aws.sns import SnsTopic
from csvgate.delivery import Arrival, Delivery
from csvgate.errors import PermanentError
from csvgate.local.emulator import Emulator
from csvgate.telling.notices import Notice, event
from tests.aws.provision import received, unique, where

ARRIVAL = Arrival(bucket="in", key="ü\n.csv", version_id="v1")
OK = Notice(
    delivery=replace(Delivery.of(ARRIVAL, "recorded", at=datetime(2026, 1, 1, tzinfo=UTC)), verdict="ok"),
    channel="topic",
)
REJECTED = replace(OK, delivery=replace(OK.delivery, state="rejected", verdict="rejected"))


def test_a_subscriber_gets_what_its_filter_lets_through(emulator: Emulator) -> None:
    at = where(emulator.endpoint_url)
    sns, sqs = client("sns", **at), client("sqs", **at)
    topic = sns.create_topic(Name=unique("topic"))["TopicArn"]
    queue = sqs.create_queue(QueueName=unique("queue"))["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    wanted = {"FilterPolicy": json.dumps({"verdict": ["rejected"]}), "RawMessageDelivery": "true"}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=wanted)
    for notice in (OK, REJECTED):
        SnsTopic(sns, topic).notify(notice)
    assert [json.loads(body) for body in received(sqs, queue)] == [event(REJECTED)]


def test_a_topic_that_is_not_there_is_a_permanent_error(emulator: Emulator) -> None:
    sns = client("sns", **where(emulator.endpoint_url))
    with pytest.raises(PermanentError):
        SnsTopic(sns, "arn:aws:sns:us-east-1:000000000000:none").notify(OK)
