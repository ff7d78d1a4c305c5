"""A file that is put is the newest version of its object, and the answer says which."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from csvgate.aws import upload
from csvgate.aws.client import client
from csvgate.aws.s3 import S3ObjectStore
from csvgate.aws.upload import MAX_PARTS, PART_SIZE, S3Upload, part_size
from csvgate.errors import UsageError
from csvgate.local.emulator import Emulator
from tests.aws.provision import make_bucket, where

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


@pytest.fixture
def s3(emulator: Emulator) -> S3Client:
    """A client of the emulator."""
    return client("s3", **where(emulator.endpoint_url))


def test_the_answer_names_exactly_the_version_that_was_made(s3: S3Client, tmp_path: Path) -> None:
    """Also where the same key is put again at once."""
    bucket, file = make_bucket(s3), tmp_path / "a.csv"
    arrivals = []
    for body in (b"a\n1\n", b"a\n2\n"):
        file.write_bytes(body)
        arrivals.append(S3Upload(s3).put(file, bucket, "in/a b+ü.csv", lambda _: None))
    opened = S3ObjectStore(s3).open(arrivals[0])
    assert not isinstance(opened, str)
    assert b"".join(opened.chunks()) == b"a\n1\n"
    assert arrivals[0].delivery_id != arrivals[1].delivery_id


def test_a_large_file_goes_in_parts_and_tells_its_progress(
    s3: S3Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All bytes arrive, in order."""
    monkeypatch.setattr(upload, "PART_SIZE", 6 << 20)
    bucket, file, sent = make_bucket(s3), tmp_path / "large.csv", list[int]()
    file.write_bytes(bytes(range(256)) * (60 << 10))
    arrival = S3Upload(s3).put(file, bucket, "large.csv", sent.append)
    opened = S3ObjectStore(s3).open(arrival)
    assert not isinstance(opened, str)
    assert b"".join(opened.chunks()) == file.read_bytes()
    assert (len(sent), sum(sent), arrival.version_id is not None) == (3, 15 << 20, True)


def test_a_bucket_that_is_not_there_is_wrong_usage(s3: S3Client, tmp_path: Path) -> None:
    """The message names the bucket."""
    (tmp_path / "a.csv").write_bytes(b"a\n")
    with pytest.raises(UsageError, match="no bucket 'not-there'"):
        S3Upload(s3).put(tmp_path / "a.csv", "not-there", "a.csv", lambda _: None)


@pytest.mark.parametrize("size", [1, PART_SIZE * MAX_PARTS, PART_SIZE * MAX_PARTS + 1, 5 * 10**12])
def test_there_are_never_more_parts_than_s3_takes(size: int) -> None:
    """And none is smaller than usual but the last."""
    assert part_size(size) >= PART_SIZE
    assert -(-size // part_size(size)) <= MAX_PARTS
