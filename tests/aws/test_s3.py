"""What S3 can do to a reader, beyond what every object store does: connections that break, and refusals."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from csvgate.aws.client import client
from csvgate.aws.s3 import CHUNK, CONNECTIONS_PER_READ, S3ObjectStore
from csvgate.delivery import Arrival
from csvgate.errors import AccessRefused, PermanentError, TransientError
from csvgate.local.emulator import Emulator
from csvgate.ports.objects import OpenObject
from tests.aws.hooks import hooked
from tests.aws.provision import make_bucket, unique, where
from tests.aws.torn_s3 import TornS3, serving

ARRIVAL = Arrival(bucket="bucket", key="k", etag="one")


@pytest.fixture
def torn() -> Iterator[TornS3]:
    with serving(TornS3(body=os.urandom(3 * CHUNK + 17))) as s3:
        yield s3


def opened(torn: TornS3, arrival: Arrival = ARRIVAL) -> OpenObject:
    answer = S3ObjectStore(client("s3", **where(torn.endpoint_url))).open(arrival)
    assert isinstance(answer, OpenObject)
    return answer


def test_one_request_gives_the_facts_and_the_body(torn: TornS3) -> None:
    answer = opened(torn)
    assert [len(chunk) for chunk in answer.chunks()] == [CHUNK, CHUNK, CHUNK, 17]
    assert (answer.version.size, answer.version.etag, torn.ranges) == (len(torn.body), "one", [None])


def test_to_read_again_is_to_ask_again(torn: TornS3) -> None:
    answer = opened(torn)
    assert [b"".join(answer.chunks()) for _ in range(2)] == [torn.body] * 2
    assert torn.ranges == [None, None]


@pytest.mark.usefixtures("no_pauses")
def test_a_read_that_breaks_is_taken_up_where_it_broke(torn: TornS3) -> None:
    torn.cuts = [CHUNK + 5, 0, CHUNK, CHUNK - 1]
    assert b"".join(opened(torn).chunks()) == torn.body
    assert torn.ranges[0] is None
    assert [str(part)[:6] for part in torn.ranges[1:]] == ["bytes="] * 4


@pytest.mark.usefixtures("no_pauses")
def test_a_body_that_never_comes_whole_is_a_transient_error_and_never_a_shorter_file(torn: TornS3) -> None:
    torn.cuts = [5] * 100
    with pytest.raises(TransientError, match=rf"of {len(torn.body)} bytes"):
        list(opened(torn).chunks())
    assert len(torn.ranges) == CONNECTIONS_PER_READ


@pytest.mark.usefixtures("no_pauses")
def test_an_object_that_changes_while_it_is_read_is_never_mixed(torn: TornS3) -> None:
    torn.cuts = [CHUNK]
    chunks = opened(torn).chunks()
    next(chunks)
    torn.etag = "two"
    with pytest.raises(TransientError, match="replaced or removed"):
        list(chunks)


def test_an_object_that_changed_before_is_superseded(torn: TornS3) -> None:
    torn.etag = "two"
    assert S3ObjectStore(client("s3", **where(torn.endpoint_url))).open(ARRIVAL) == "superseded"


def test_what_the_role_may_not_read_is_refused_and_not_vanished(torn: TornS3) -> None:
    torn.denied = True
    with pytest.raises(AccessRefused):
        opened(torn)


def test_a_reader_that_stops_early_gives_its_connection_back(torn: TornS3) -> None:
    for _ in range(100):
        chunks = opened(torn).chunks()
        next(chunks)
        chunks.close()  # type: ignore[attr-defined]  # a generator
    assert len(torn.ranges) == 100


def test_a_results_bucket_that_is_not_there_is_a_permanent_error(emulator: Emulator) -> None:
    store = S3ObjectStore(client("s3", **where(emulator.endpoint_url)))
    with pytest.raises(PermanentError, match="NoSuchBucket"):
        store.write(unique("bucket"), "k", b"{}", "application/json")


def test_of_what_came_in_the_same_second_the_latest_is_listed_first(emulator: Emulator) -> None:
    s3 = client("s3", **where(emulator.endpoint_url))
    bucket = make_bucket(s3)
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    s3.delete_object(Bucket=bucket, Key="k")
    with hooked(s3, "after-call.s3.ListObjectVersions", in_the_same_second):
        listed = list(S3ObjectStore(s3).versions(bucket))
    assert [version.is_latest for version in listed] == [True, False]


def in_the_same_second(parsed: dict[str, Any], **_: object) -> None:
    """S3 itself lists to the second, the emulator to the millisecond."""
    for entry in parsed["Versions"] + parsed["DeleteMarkers"]:
        entry["LastModified"] = datetime(2026, 1, 1, tzinfo=UTC)


def test_all_pages_of_versions_are_listed_in_order(emulator: Emulator) -> None:
    s3 = client("s3", **where(emulator.endpoint_url))
    bucket = make_bucket(s3)
    for number in range(24):
        s3.put_object(Bucket=bucket, Key=f"k{number % 8}", Body=b"x" * (number // 8))
    with hooked(s3, "provide-client-params.s3.ListObjectVersions", lambda params, **_: {**params, "MaxKeys": 5}):
        listed = [(version.key, version.size) for version in S3ObjectStore(s3).versions(bucket)]
    assert listed == [(f"k{key}", size) for key in range(8) for size in (2, 1, 0)]
