"""The same story with AWS's own doors: what the settings name is what the stages work with."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from csvgate import wiring
from csvgate.aws.client import client
from csvgate.aws.events import decode_text, encode
from csvgate.delivery import Arrival
from csvgate.delivery_json import from_message
from csvgate.errors import UsageError
from csvgate.lambdas import answer_arrivals, answer_inspected
from csvgate.local.emulator import Emulator
from csvgate.pipeline.story import identify, inspect_delivery, receipt_of, record_delivery
from csvgate.ports import Ports
from csvgate.settings import Settings, load
from csvgate.stages.call import Call
from csvgate.upkeep.reconcile import reconcile
from csvgate.upkeep.reconciliation import Order
from tests.aws.provision import dynamodb_at, make_bucket, make_tables, received, unique, where
from tests.world import CLEAN, NOT_CSV, arrivals


@dataclass(frozen=True, kw_only=True)
class Place:
    """A small stack of its own in the emulator, without functions: the test calls the stages."""

    settings: Settings
    ports: Ports
    inspected: Callable[[], list[str]]
    arrivals: Callable[[], list[str]]

    def put(self, key: str, body: bytes, folder: Path) -> Arrival:
        file = folder / "file.csv"
        file.write_bytes(body)
        return wiring.upload(self.settings)(file, self.settings.bucket, key, lambda _: None)

    def finish(self, *arrivals: Arrival) -> None:
        for arrival in arrivals:
            inspect_delivery(identify(arrival, self.ports), self.ports)
            for message in self.inspected():
                record_delivery(from_message(message), self.ports)


@pytest.fixture
def place(emulator: Emulator, tmp_path: Path) -> Place:
    at = where(emulator.endpoint_url)
    s3, sqs = client("s3", **at), client("sqs", **at)
    queues = [sqs.create_queue(QueueName=unique(name))["QueueUrl"] for name in ("arrivals", "inspected")]
    tables = make_tables(dynamodb_at(emulator.endpoint_url))
    settings = load(
        {
            "AWS_ENDPOINT_URL": emulator.endpoint_url,
            "S3_BUCKET_NAME": make_bucket(s3),
            "CSVGATE_RESULTS_BUCKET": make_bucket(s3, versioned=False),
            "SQS_QUEUE_URL": queues[0],
            "CSVGATE_INSPECTED_QUEUE_URL": queues[1],
            "CSVGATE_METADATA_TABLE": tables["metadata_table"],
            "CSVGATE_DELIVERIES_TABLE": tables["deliveries_table"],
        },
        tmp_path,
    )
    return Place(
        settings=settings,
        ports=wiring.ports(settings),
        arrivals=lambda: received(sqs, queues[0]),
        inspected=lambda: received(sqs, queues[1]),
    )


def test_versions_in_the_wrong_order_keep_the_newer_head(place: Place, tmp_path: Path) -> None:
    older, newer = (place.put("in/a +ä%.csv", CLEAN * size, tmp_path) for size in (1, 2))
    first, second = replace(older, sequencer="0A"), replace(newer, sequencer="0B")
    place.finish(second, first, second)
    head = place.ports.catalog.head(older.bucket, older.key)
    assert head is not None
    assert head.delivery_id == newer.delivery_id
    history = place.ports.view.history(older.bucket, older.key)
    assert {delivery.delivery_id for delivery in history} == {older.delivery_id, newer.delivery_id}
    assert receipt_of(head, place.ports.objects)["column_names"] == ["id", "name"]


def test_without_sequencers_s3_says_which_version_is_the_latest(place: Place, tmp_path: Path) -> None:
    older, newer = (place.put("a.csv", CLEAN * size, tmp_path) for size in (1, 2))
    place.finish(newer, older, Arrival(bucket=older.bucket, key=older.key))
    head = place.ports.catalog.head(older.bucket, older.key)
    assert head is not None
    assert head.delivery_id == newer.delivery_id


def test_reconcile_puts_what_was_never_seen_on_the_arrivals_queue(place: Place, tmp_path: Path) -> None:
    arrival = place.put("a +ä%.csv", NOT_CSV, tmp_path)
    order = Order(bucket=arrival.bucket, grace=timedelta(0))
    assert reconcile(order, place.ports, wiring.enqueue(place.settings)).missing.count == 1
    [message] = place.arrivals()
    place.finish(*arrivals(decode_text(message)))
    assert reconcile(order, place.ports, wiring.enqueue(place.settings)).agrees


def test_both_stages_answer_batches_of_sqs(place: Place, tmp_path: Path) -> None:
    arrival = place.put("a.csv", CLEAN, tmp_path)
    call = Call(ports=place.ports)
    batch = [{"messageId": "m", "body": json.dumps(encode(arrival)), "eventSource": "aws:sqs"}]
    assert answer_arrivals({"Records": batch}, call) == {"batchItemFailures": []}
    batch = [{"messageId": "m", "body": body, "eventSource": "aws:sqs"} for body in place.inspected()]
    assert answer_inspected({"Records": batch}, call) == {"batchItemFailures": []}
    assert answer_arrivals(encode(arrival), call)["receipts"][0]["state"] == "recorded"


def test_what_nobody_set_is_told_by_the_deployed_stacks(emulator: Emulator, tmp_path: Path) -> None:
    told = {name: unique("told") for name in wiring.OUTPUTS}
    template = {
        "Resources": {"Nothing": {"Type": "AWS::CloudFormation::WaitConditionHandle"}},
        "Outputs": {name: {"Value": value} for name, value in told.items()},
    }
    cloudformation = client("cloudformation", **where(emulator.endpoint_url))
    stack = unique("csvgate-told")
    cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(template))
    at = {"AWS_ENDPOINT_URL": emulator.endpoint_url}
    found, mine = (wiring.complete(load({**at, **own}, tmp_path)) for own in ({}, {"S3_BUCKET_NAME": "mine"}))
    cloudformation.delete_stack(StackName=stack)
    assert (found.bucket, found.key_prefix) == (told["InboundBucketName"], told["KeyPrefix"])
    assert (mine.bucket, mine.key_prefix, mine.arrivals_queue_url) == ("mine", "", told["ArrivalsQueueUrl"])


def test_where_no_stack_is_deployed_it_says_what_is_missing(emulator: Emulator, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="CSVGATE_INSPECTED_QUEUE_URL"):
        wiring.complete(load({"AWS_ENDPOINT_URL": emulator.endpoint_url}, tmp_path))


def test_without_the_driver_a_database_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """A base installation has none, and DATABASE_URL may be there for something else."""
    monkeypatch.setitem(sys.modules, "csvgate.postgres.connection", None)
    with pytest.raises(UsageError, match=r"pip install 'csvgate\[postgres\]'"):
        wiring.migrate("postgresql://127.0.0.1:9/db")
