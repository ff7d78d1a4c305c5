"""Each template deploys by itself and without parameters, as people do who know only one of them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from csvgate.aws.client import client
from csvgate.local import cloudformation, templates
from csvgate.local import emulator as embedded
from csvgate.local.cloudformation import Plan
from csvgate.local.emulator import Emulator
from csvgate.local.services import CREDENTIALS, REGION, Services

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An empty emulator."""
    with embedded.start(tmp_path_factory.mktemp("own"), port=0) as running:
        yield running


def deploy(emulator: Emulator, name: str) -> dict[str, str]:
    """The template alone; its outputs."""
    services = Services.at(emulator.endpoint_url)
    return cloudformation.apply(services.cloudformation, Plan(stack=f"my-{name}", template=templates.read(name)))


def received(sqs: SQSClient, url: str, count: int) -> list[dict[str, Any]]:
    """The first messages of a queue, decoded."""
    deadline, found = time.monotonic() + 10, list[dict[str, Any]]()
    while len(found) < count and time.monotonic() < deadline:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", [])
        found += [json.loads(message["Body"]) for message in messages]
    return found


@pytest.mark.parametrize("name", templates.NAMES)
def test_it_deploys_into_an_empty_account(own: Emulator, name: str) -> None:
    """And again, without a change."""
    outputs = deploy(own, name)
    assert outputs
    assert deploy(own, name) == outputs


def test_a_bucket_first_and_queues_later_still_meet(own: Emulator) -> None:
    """The bucket tells EventBridge, and the rule beside the queues passes on what comes and goes."""
    bucket = deploy(own, "s3")["InboundBucketName"]
    queue = deploy(own, "sqs")["ArrivalsQueueUrl"]
    s3 = Services.at(own.endpoint_url).s3
    s3.put_object(Bucket=bucket, Key="a.csv", Body=b"a\n1\n")
    s3.delete_object(Bucket=bucket, Key="a.csv")
    sqs = client("sqs", endpoint_url=own.endpoint_url, region=REGION, credentials=CREDENTIALS)
    assert [event["detail-type"] for event in received(sqs, queue, 2)] == ["Object Created", "Object Deleted"]
