"""`csvgate worker` as a process of its own over the queues of an emulator: stopped, killed, two at once, poisoned."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from csvgate import wiring
from csvgate.aws.client import client
from csvgate.aws.events import encode
from csvgate.delivery import Arrival, Delivery
from csvgate.local.emulator import Emulator
from csvgate.settings import load
from tests.aws.place import environment_on
from tests.aws.provision import unique, where
from tests.telling.test_webhooks import SECRET, receiving
from tests.waiting import until
from tests.world import CLEAN

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

CSVGATE = Path(sys.executable).parent / "csvgate"
# Takes long enough to be seen at work.
LONG = b"id,name,amount\n" + b"".join(b"%d,name %d,%d.%02d\n" % (n, n % 999, n, n % 100) for n in range(400_000))


@dataclass(frozen=True, kw_only=True)
class Site:
    """A bucket, queues and tables of its own, and the environment that names them."""

    environment: dict[str, str]
    s3: S3Client
    sqs: SQSClient

    def put(self, key: str, body: bytes) -> Arrival:
        bucket = self.environment["S3_BUCKET_NAME"]
        version = self.s3.put_object(Bucket=bucket, Key=key, Body=body)["VersionId"]
        return Arrival(bucket=bucket, key=key, version_id=version)

    def send(self, body: str) -> None:
        self.sqs.send_message(QueueUrl=self.environment["SQS_QUEUE_URL"], MessageBody=body)

    def arrive(self, key: str, body: bytes) -> None:
        self.send(json.dumps(encode(self.put(key, body))))

    def deliveries(self) -> list[Delivery]:
        return list(wiring.ports(load(self.environment)).view.newest())

    def recorded(self) -> list[str]:
        return sorted(delivery.arrival.key for delivery in self.deliveries() if delivery.state == "recorded")

    def waiting(self, variable: str) -> int:
        """How many messages are in a queue, in flight or not."""
        found = self.sqs.get_queue_attributes(QueueUrl=self.environment[variable], AttributeNames=["All"])["Attributes"]
        return int(found["ApproximateNumberOfMessages"]) + int(found["ApproximateNumberOfMessagesNotVisible"])

    @contextmanager
    def worker(self, *options: str) -> Iterator[subprocess.Popen[str]]:
        """A worker that runs until the block ends, at the latest."""
        command = [str(CSVGATE), "worker", "all", "--listen", "127.0.0.1:0", *options]
        given = {**os.environ, **self.environment}
        started = subprocess.Popen(
            command, env=given, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/"
        )
        try:
            yield started
        finally:
            started.kill()
            started.communicate()


@pytest.fixture
def site(emulator: Emulator) -> Site:
    at = where(emulator.endpoint_url)
    s3, sqs = client("s3", **at), client("sqs", **at)
    dead = sqs.create_queue(QueueName=unique("dead"))["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "3"})
    environment = environment_on(emulator.endpoint_url)
    sqs.set_queue_attributes(QueueUrl=environment["SQS_QUEUE_URL"], Attributes={"RedrivePolicy": redrive})
    patience = {"CSVGATE_LEASE_SECONDS": "3", "CSVGATE_RETRY_SECONDS": "1", "CSVGATE_MAX_RECEIVE_COUNT": "3"}
    return Site(s3=s3, sqs=sqs, environment={**environment, "CSVGATE_ARRIVALS_DEAD_URL": dead, **patience})


def address(worker: subprocess.Popen[str]) -> str:
    assert worker.stderr is not None
    return worker.stderr.readline().split()[2].rstrip(";")


def status(url: str) -> int:
    try:
        with urlopen(url) as answer:  # noqa: S310  our own address
            return int(answer.status)
    except HTTPError as refused:
        with refused:
            return refused.code
    except OSError:
        return 0


def test_two_workers_share_the_files_and_poison_ends_in_the_dead_letter_queue(site: Site) -> None:
    for number in range(12):
        site.arrive(f"{number:02}.csv", CLEAN)
    site.put("just a key.csv", CLEAN)
    for body in ('{"Records": "poison"}', '{"file_key": "just a key.csv"}'):
        site.send(body)
    with site.worker("--concurrency", "2"), site.worker() as second:
        where_it_listens = address(second)
        until(lambda: status(f"{where_it_listens}/readyz") == 200)
        until(lambda: len(site.recorded()) == 13)
        until(lambda: site.waiting("CSVGATE_ARRIVALS_DEAD_URL") == 1)
        assert b"csvgate_queue_up{" in urlopen(f"{where_it_listens}/metrics").read()  # noqa: S310
    assert len(site.deliveries()) == 13


def test_a_worker_that_is_told_to_stop_in_the_middle_of_a_file_leaves_nothing_half_done(site: Site) -> None:
    site.arrive("long.csv", LONG)
    with site.worker() as worker:
        until(lambda: [delivery.state for delivery in site.deliveries()] == ["inspecting"])
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=20) == 0
    with site.worker():
        until(lambda: site.recorded() == ["long.csv"])
    assert len(site.deliveries()) == 1


def test_what_died_is_put_back_and_finished_and_a_receiver_hears_of_it(site: Site) -> None:
    """A message came before its object, and was tried in vain; the person who uploads it late redrives it."""
    site.send('{"file_key": "late.csv"}')
    with site.worker():
        until(lambda: site.waiting("CSVGATE_ARRIVALS_DEAD_URL") == 1)
    site.put("late.csv", CLEAN)
    command = [str(CSVGATE), "redrive", "late.csv", "--json"]
    done = subprocess.run(command, env={**os.environ, **site.environment}, capture_output=True, check=True, cwd="/")
    assert json.loads(done.stdout)["redriven"] == 1
    with receiving() as receiver:
        secret = f"whsec_{base64.b64encode(SECRET).decode()}"
        site.environment.update(CSVGATE_WEBHOOK_URL=receiver.url, CSVGATE_WEBHOOK_SECRET=secret)
        with site.worker():
            until(lambda: receiver.got)
    [(_, body)] = receiver.got
    assert (json.loads(body)["subject"], json.loads(body)["data"]["state"]) == ("late.csv", "recorded")


@pytest.mark.long
def test_a_worker_that_is_killed_in_the_middle_of_a_file_is_followed_by_one_that_finishes_it(site: Site) -> None:
    site.arrive("long.csv", LONG)
    for _ in range(2):
        with site.worker():
            until(lambda: "inspecting" in [delivery.state for delivery in site.deliveries()])
    with site.worker():
        until(lambda: site.recorded() == ["long.csv"])
    assert len(site.deliveries()) == 1
    assert site.waiting("SQS_QUEUE_URL") == 0
