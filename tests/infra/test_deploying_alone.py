"""Each template deploys by itself and without parameters, as people do who know only one; and together they work."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from csvgate.aws.client import client
from csvgate.local import cloudformation, package, templates
from csvgate.local import emulator as embedded
from csvgate.local.cloudformation import Plan
from csvgate.local.emulator import Emulator
from csvgate.local.services import CREDENTIALS, REGION, Services
from tests.waiting import until

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An empty emulator."""
    with embedded.start(tmp_path_factory.mktemp("own"), port=0) as running:
        yield running


def deploy(emulator: Emulator, name: str, **parameters: str) -> dict[str, str]:
    """The template alone; its outputs."""
    plan = Plan(stack=f"my-{name}", template=templates.read(name), parameters=parameters)
    return cloudformation.apply(Services.at(emulator.endpoint_url).cloudformation, plan)


def received(sqs: SQSClient, url: str, count: int) -> list[dict[str, Any]]:
    """The first messages of a queue, decoded."""
    found: list[dict[str, Any]] = []

    def are_there() -> bool:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", [])
        found.extend(json.loads(message["Body"]) for message in messages)
        return len(found) >= count

    until(are_there)
    return found


@pytest.mark.parametrize("name", templates.ALL)
def test_it_deploys_into_an_empty_account(own: Emulator, name: str) -> None:
    """And again, without a change."""
    outputs = deploy(own, name)
    assert outputs
    assert deploy(own, name) == outputs


def test_the_stack_of_the_bucket_tells_of_which_keys_the_bucket_tells(own: Emulator) -> None:
    """Only where it is not all of them."""
    assert "KeyPrefix" not in deploy(own, "s3")
    assert deploy(own, "s3", KeyPrefix="in/")["KeyPrefix"] == "in/"


def test_a_bucket_first_and_queues_later_still_meet(own: Emulator) -> None:
    """The bucket tells EventBridge, and the rule beside the queues passes on what comes and goes."""
    bucket = deploy(own, "s3")["InboundBucketName"]
    queue = deploy(own, "sqs")["ArrivalsQueueUrl"]
    s3 = Services.at(own.endpoint_url).s3
    s3.put_object(Bucket=bucket, Key="a.csv", Body=b"a\n1\n")
    s3.delete_object(Bucket=bucket, Key="a.csv")
    sqs = client("sqs", endpoint_url=own.endpoint_url, region=REGION, credentials=CREDENTIALS)
    assert [event["detail-type"] for event in received(sqs, queue, 2)] == ["Object Created", "Object Deleted"]


def aws(emulator: Emulator, *words: str) -> None:
    """The AWS CLI, as a person types it."""
    given = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}
    command = [str(Path(sys.executable).with_name("aws")), *words, "--endpoint-url", emulator.endpoint_url]
    subprocess.run(command, check=True, capture_output=True, env=given, timeout=120)


@pytest.mark.long
def test_the_stacks_are_created_one_by_one_with_the_cli_and_a_file_goes_through_them(
    own: Emulator, tmp_path: Path
) -> None:
    """Buckets, queues and the database first; but for the addresses of an emulator's queues nothing is said to them."""
    services = Services.at(own.endpoint_url)
    code = "csvgate-code-000000000000-us-east-1"
    services.s3.create_bucket(Bucket=code)
    services.s3.upload_file(str(package.build(tmp_path / "code.zip")), code, "csvgate-lambda.zip")
    queue = f"ParameterValue={own.endpoint_url}/000000000000/csvgate"
    where = [f"ParameterKey={name}QueueUrl,{queue}-{name.lower()}" for name in ("Arrivals", "Inspected")]
    for name in ("s3", "sqs", "rds", "dynamodb", "pipeline", "dashboard"):
        given = ["--parameters", *where, "--capabilities", "CAPABILITY_IAM"] if name == "pipeline" else []
        body = f"file://{templates.path(name)}"
        aws(own, "cloudformation", "create-stack", "--stack-name", f"csvgate-{name}", "--template-body", body, *given)
        aws(own, "cloudformation", "wait", "stack-create-complete", "--stack-name", f"csvgate-{name}")
    services.s3.put_object(Bucket="csvgate-arrivals-000000000000-us-east-1", Key="a.csv", Body=b"a,b\n1,2\n")
    found = until(lambda: services.dynamodb.scan(TableName="MetadataTable")["Items"])
    assert [(item["FileName"]["S"], item["row_count"]["N"]) for item in found] == [("a.csv", "1")]
