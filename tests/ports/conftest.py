"""Every implementation of every port, so that one suite of behaviour holds for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from csvgate.aws.client import client
from csvgate.aws.s3 import S3ObjectStore
from csvgate.aws.sqs import SqsQueue
from csvgate.local.emulator import Emulator
from csvgate.memory import MemoryCatalog, MemoryObjectStore, MemoryQueue
from csvgate.ports import Catalog, CatalogView, ObjectStore, Queue
from tests.aws.provision import dynamodb_at, make_bucket, make_catalog, unique, where

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient


class AnyCatalog(Catalog, CatalogView, Protocol):
    """A catalog that is worked with and looked at."""


@pytest.fixture(params=["memory", "dynamodb"])
def catalog(request: pytest.FixtureRequest) -> AnyCatalog:
    """An empty catalog of each kind."""
    if request.param == "memory":
        return MemoryCatalog()
    emulator: Emulator = request.getfixturevalue("emulator")
    return make_catalog(dynamodb_at(emulator.endpoint_url))


class Bench(Protocol):
    """A bucket of an object store, with the hands of those who upload into it."""

    store: ObjectStore
    bucket: str

    def put(self, key: str, body: bytes) -> None:
        """A new version of the object is there."""

    def delete(self, key: str) -> None:
        """The object is gone; its versions stay."""

    def purge(self, key: str, version_id: str | None) -> None:
        """One version is gone for good."""

    def stop_versioning(self) -> None:
        """From now on one version is kept, without an id."""


class MemoryBench:
    """A bucket in memory."""

    def __init__(self) -> None:
        self.store = MemoryObjectStore()
        self.bucket = "bucket"

    def put(self, key: str, body: bytes) -> None:
        self.store.put(self.bucket, key, body)

    def delete(self, key: str) -> None:
        self.store.delete(self.bucket, key)

    def purge(self, key: str, version_id: str | None) -> None:
        self.store.purge(self.bucket, key, version_id)

    def stop_versioning(self) -> None:
        self.store.versioning = "suspended"


class S3Bench:
    """A bucket in the emulator."""

    def __init__(self, s3: S3Client) -> None:
        self.store = S3ObjectStore(s3)
        self.bucket = make_bucket(s3)
        self._s3 = s3

    def put(self, key: str, body: bytes) -> None:
        self._s3.put_object(Bucket=self.bucket, Key=key, Body=body)

    def delete(self, key: str) -> None:
        self._s3.delete_object(Bucket=self.bucket, Key=key)

    def purge(self, key: str, version_id: str | None) -> None:
        self._s3.delete_object(Bucket=self.bucket, Key=key, VersionId=version_id or "null")

    def stop_versioning(self) -> None:
        self._s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Suspended"})


@pytest.fixture(params=["memory", "s3"])
def bench(request: pytest.FixtureRequest) -> Bench:
    """An empty, versioned bucket of each kind."""
    if request.param == "memory":
        return MemoryBench()
    emulator: Emulator = request.getfixturevalue("emulator")
    return S3Bench(client("s3", **where(emulator.endpoint_url)))


class Mailbox(Protocol):
    """A queue, with the hands of those who receive from it."""

    queue: Queue

    def received(self) -> list[str]:
        """The bodies of all messages that wait."""


class MemoryMailbox:
    """A queue in memory."""

    def __init__(self) -> None:
        self.queue = MemoryQueue()

    def received(self) -> list[str]:
        return [message.body for message in self.queue.receive()]


class SqsMailbox:
    """A queue in the emulator."""

    def __init__(self, sqs: SQSClient) -> None:
        self._sqs = sqs
        self._url = sqs.create_queue(QueueName=unique("queue"))["QueueUrl"]
        self.queue = SqsQueue(sqs, self._url)

    def received(self) -> list[str]:
        answer = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
        return [message["Body"] for message in answer.get("Messages", [])]


@pytest.fixture(params=["memory", "sqs"])
def mailbox(request: pytest.FixtureRequest) -> Mailbox:
    """An empty queue of each kind."""
    if request.param == "memory":
        return MemoryMailbox()
    emulator: Emulator = request.getfixturevalue("emulator")
    return SqsMailbox(client("sqs", **where(emulator.endpoint_url)))
