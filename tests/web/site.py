"""An emulator in; a bucket, queues and tables of one's own in it, the service over them, and its pipeline, out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from csvgate import wiring
from csvgate.aws.client import client
from csvgate.aws.events import decode_text
from csvgate.delivery import Arrival, Delivery
from csvgate.delivery_json import from_message
from csvgate.local.emulator import Emulator
from csvgate.pipeline.story import identify, inspect_delivery, record_delivery
from csvgate.settings import Settings, load
from csvgate.web.access import SCOPES, mint
from csvgate.web.opening import tokens_of
from tests.aws.place import environment_on
from tests.aws.provision import received, where

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

CSVGATE = Path(sys.executable).parent / "csvgate"


@dataclass(frozen=True, kw_only=True)
class Site:
    """A stack without functions: whoever wants its messages worked on does it himself."""

    environment: dict[str, str]
    s3: S3Client
    sqs: SQSClient

    @property
    def settings(self) -> Settings:
        """As the service reads them."""
        return load(self.environment, Path("/nonexistent"))

    @property
    def bucket(self) -> str:
        """Where files arrive."""
        return self.environment["S3_BUCKET_NAME"]

    def with_settings(self, **more: str) -> Site:
        """The same, with some settings set."""
        return Site(environment={**self.environment, **more}, s3=self.s3, sqs=self.sqs)

    def token(self, tenant: str = "") -> str:
        """A token that may do everything."""
        text, kept = mint(name="test", scopes=frozenset(SCOPES), tenant=tenant)
        tokens_of(self.settings).keep(kept)
        return text

    def arrived(self) -> list[str]:
        """What waits in the queue of arrivals, received now."""
        return received(self.sqs, self.environment["SQS_QUEUE_URL"])

    def work_on(self, messages: list[str]) -> None:
        """Every arrival that they tell of goes the whole way."""
        ports = wiring.ports(self.settings)
        for arrival in (found for body in messages for found in decode_text(body)):
            assert isinstance(arrival, Arrival)
            inspect_delivery(identify(arrival, ports), ports)
            for body in received(self.sqs, self.environment["CSVGATE_INSPECTED_QUEUE_URL"]):
                record_delivery(from_message(body), ports)

    def deliveries(self) -> list[Delivery]:
        """What the catalog has."""
        return list(wiring.ports(self.settings).view.newest())

    @contextmanager
    def serving(self, *options: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
        """A service in a process of its own: its address, and the process, which is gone after the block."""
        command = [str(CSVGATE), "web", "--listen", "127.0.0.1:0", *options]
        given = {"PATH": os.environ["PATH"], **self.environment}
        process = subprocess.Popen(command, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            assert process.stderr is not None
            yield process.stderr.readline().decode().split()[4].rstrip(";"), process
        finally:
            process.kill()
            process.communicate()


def site_in(emulator: Emulator, data_dir: Path, *, versioned: bool = True, notifies: bool = False) -> Site:
    """A stack of one's own; its bucket tells the queue of new objects, or nobody."""
    at = where(emulator.endpoint_url)
    s3, sqs = client("s3", **at), client("sqs", **at)
    environment = environment_on(emulator.endpoint_url, versioned=versioned)
    if notifies:
        queue = environment["SQS_QUEUE_URL"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        told: Any = {"QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]}
        s3.put_bucket_notification_configuration(Bucket=environment["S3_BUCKET_NAME"], NotificationConfiguration=told)
    return Site(s3=s3, sqs=sqs, environment={**environment, "CSVGATE_DATA_DIR": str(data_dir)})
