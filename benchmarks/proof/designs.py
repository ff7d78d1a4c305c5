"""An embedded AWS and PostgreSQL in; the two pipelines, each with a queue and a database of its own, out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from benchmarks.proof import usual
from csvgate.aws.client import Where, client
from csvgate.local.postgres import DATABASE, Postgres
from csvgate.local.services import CREDENTIALS, REGION, Services

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

BUCKET, RESULTS = "proof-inbound", "proof-results"
# What a worker had in hand that was killed comes again after so long, with either of them.
HIDDEN_SECONDS, LEASE_SECONDS = 4, 3
FIELDS = (
    ("order_id", "string"),
    ("customer", "string"),
    ("ordered_on", "date"),
    ("quantity", "integer"),
    ("amount", "number"),
    ("note", "string"),
)
FEED = {
    "name": "orders",
    "key": "in/*",
    "contract": {"fields": [{"name": name, "type": kind} for name, kind in FIELDS]},
    "sink": "postgresql",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Design:
    """A pipeline: how one of its workers is started, and which queues are empty when all is done."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    queues: Sequence[str]
    sqs: SQSClient

    def start(self) -> subprocess.Popen[str]:
        """A worker; its first line on standard error says that it is at work."""
        streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(self.command, env=self.environment, cwd="/", **streams)  # type: ignore[call-overload, no-any-return]  # by name

    def left(self) -> int:
        """The messages that are not done with; nothing goes back to an earlier queue."""
        return sum(map(self._messages, self.queues))

    def _messages(self, url: str) -> int:
        counts = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        waiting, taken = counts["ApproximateNumberOfMessages"], counts["ApproximateNumberOfMessagesNotVisible"]
        return int(waiting) + int(taken)


def make_usual(endpoint_url: str, server: Postgres) -> Design:
    """The usual pipeline, with its tables."""
    database_url = _database(server, "usual")
    with psycopg.connect(database_url) as connection:
        connection.execute(usual.TABLES)
    sqs = client("sqs", **_where(endpoint_url))
    queue = _queue(sqs, "usual")
    environment = {**_environment(endpoint_url), "SQS_QUEUE_URL": queue, "DATABASE_URL": database_url}
    return Design(
        name="usual", command=[sys.executable, usual.__file__], environment=environment, queues=[queue], sqs=sqs
    )


def make_csvgate(endpoint_url: str, server: Postgres, folder: Path) -> Design:
    """`csvgate worker`, with what it needs."""
    sqs = client("sqs", **_where(endpoint_url))
    queues = [_queue(sqs, "arrivals"), _queue(sqs, "inspected")]
    feeds = folder / "feeds.yaml"
    feeds.write_text(json.dumps({"feeds": [FEED]}))
    environment = {
        **_environment(endpoint_url),
        "S3_BUCKET_NAME": BUCKET,
        "CSVGATE_RESULTS_BUCKET": RESULTS,
        "SQS_QUEUE_URL": queues[0],
        "CSVGATE_INSPECTED_QUEUE_URL": queues[1],
        "DATABASE_URL": _database(server, "csvgate"),
        "CSVGATE_CATALOG": "postgresql",
        "CSVGATE_FEEDS": str(feeds),
        "CSVGATE_LEASE_SECONDS": str(LEASE_SECONDS),
        "CSVGATE_RETRY_SECONDS": "1",
        # There is no dead-letter queue here, for neither of them: a message comes until it is done.
        "CSVGATE_MAX_RECEIVE_COUNT": "1000",
    }
    csvgate = str(Path(sys.executable).with_name("csvgate"))
    subprocess.run([csvgate, "migrate"], env=environment, cwd="/", stdout=subprocess.DEVNULL, check=True)
    command = [csvgate, "worker", "all", "--listen", "127.0.0.1:0"]
    return Design(name="csvgate", command=command, environment=environment, queues=queues, sqs=sqs)


def make_buckets(services: Services) -> None:
    """The bucket of the uploads keeps every version."""
    for bucket in (BUCKET, RESULTS):
        services.s3.create_bucket(Bucket=bucket)
    services.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})


def _environment(endpoint_url: str) -> dict[str, str]:
    """What both are told, and no more: no credentials of whoever runs this."""
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": CREDENTIALS.access_key,
        "AWS_SECRET_ACCESS_KEY": CREDENTIALS.secret_key,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def _where(endpoint_url: str) -> Where:
    return {"endpoint_url": endpoint_url, "region": REGION, "credentials": CREDENTIALS}


def _queue(sqs: SQSClient, name: str) -> str:
    attributes = {"VisibilityTimeout": str(HIDDEN_SECONDS)}
    return sqs.create_queue(QueueName=f"proof-{name}", Attributes=attributes)["QueueUrl"]  # type: ignore[arg-type]


def _database(server: Postgres, name: str) -> str:
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return server.database_url.replace(f"/{DATABASE}?", f"/{name}?")
