"""Settings in; the object store, and what people do with the stack beside the pipeline, out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from csvgate.delivery import Arrival
from csvgate.ports.objects import ObjectStore
from csvgate.ports.uploads import MIB, Place, Uploads, part_size
from csvgate.settings import Settings
from csvgate.wiring.place import where

if TYPE_CHECKING:
    from csvgate.aws.logs import LogEvent


def objects(settings: Settings) -> ObjectStore:
    """The object store alone: for reading a file that is in a bucket, no stack is needed."""
    from csvgate.aws.client import client
    from csvgate.aws.s3 import S3ObjectStore

    return S3ObjectStore(client("s3", **where(settings)))


def uploads(settings: Settings) -> Uploads:
    """The writing side of the object store, for streams and for parts that browsers send."""
    from csvgate.aws.client import client
    from csvgate.aws.uploads import S3Uploads

    return S3Uploads(client("s3", **where(settings)))


def upload(settings: Settings) -> Callable[[Path, str, str, Callable[[int], None]], Arrival]:
    """Puts a file into a bucket under a key; tells the bytes read as it goes, and at the end the version."""
    from csvgate.aws.client import client
    from csvgate.aws.uploads import S3Uploads

    s3 = client("s3", **where(settings))

    def put(file: Path, bucket: str, key: str, advance: Callable[[int], None]) -> Arrival:
        poured = S3Uploads(s3, part_bytes=part_size(file.stat().st_size))
        return poured.pour(Place(bucket=bucket, key=key), _read(file, advance), {})

    return put


def _read(file: Path, advance: Callable[[int], None]) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while chunk := opened.read(MIB):
            yield chunk
            advance(len(chunk))


def logs(settings: Settings) -> Callable[[datetime], Iterator[LogEvent]]:
    """What both functions logged since a moment."""
    from csvgate.aws.client import client
    from csvgate.aws.logs import events

    groups = [
        f"/aws/lambda/{function}" for function in (settings.inspect_function, settings.record_function) if function
    ]
    reader = client("logs", **where(settings))
    return lambda since: events(reader, groups, since=since)
