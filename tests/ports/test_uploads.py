"""What every Uploads promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.request import Request, urlopen

import pytest

from csvgate.aws.client import client
from csvgate.aws.s3 import S3ObjectStore
from csvgate.aws.uploads import S3Uploads
from csvgate.delivery import Arrival
from csvgate.errors import PermanentError, TransientError, UsageError
from csvgate.local.emulator import Emulator
from csvgate.memory import MemoryObjectStore, MemoryUploads
from csvgate.ports.objects import ObjectStore
from csvgate.ports.uploads import MARK, MIB, MOST_PARTS, SMALLEST_PART, Place, Uploads, part_size
from tests.aws.provision import make_bucket, where


@dataclass(frozen=True, kw_only=True)
class Dock:
    """A place where uploads go, and how their parts are put there."""

    uploads: Uploads
    objects: ObjectStore
    bucket: str
    put_part: Callable[[Place, int, bytes], object]

    def place(self, key: str = "in/é b.csv") -> Place:
        return Place(bucket=self.bucket, key=key)

    def stored(self, key: str = "in/é b.csv") -> bytes | None:
        opened = self.objects.open(Arrival(bucket=self.bucket, key=key))
        return None if isinstance(opened, str) else b"".join(opened.chunks())


@pytest.fixture(params=["memory", "s3"])
def dock(request: pytest.FixtureRequest) -> Dock:
    if request.param == "memory":
        objects = MemoryObjectStore()
        uploads = MemoryUploads(objects)
        return Dock(uploads=uploads, objects=objects, bucket="bucket", put_part=uploads.put_part)
    emulator: Emulator = request.getfixturevalue("emulator")
    s3 = client("s3", **where(emulator.endpoint_url))
    real = S3Uploads(s3)

    def put_part(place: Place, number: int, body: bytes) -> None:
        request = Request(real.address(place, number, len(body), 60), data=body, method="PUT")  # noqa: S310
        with urlopen(request) as answer:  # noqa: S310  on this machine
            assert answer.status == 200

    return Dock(uploads=real, objects=S3ObjectStore(s3), bucket=make_bucket(s3), put_part=put_part)


def chunked(body: bytes, size: int = MIB) -> Iterator[bytes]:
    return (body[at : at + size] for at in range(0, len(body), size))


@pytest.mark.parametrize("size", [0, 10, SMALLEST_PART, SMALLEST_PART + 1, 2 * SMALLEST_PART + 7])
def test_a_stream_is_a_new_version_byte_by_byte(dock: Dock, size: int) -> None:
    body = bytes(range(256)) * (size // 256 + 1)
    arrival = dock.uploads.pour(dock.place(), chunked(body[:size]), {"filename": "a%20b"})
    assert dock.stored() == body[:size]
    assert (arrival.size, arrival.version_id is not None) == (size, True)


@pytest.mark.parametrize("size", [10, SMALLEST_PART + 10])
def test_of_a_stream_that_breaks_nothing_is_seen(dock: Dock, size: int) -> None:
    def broken() -> Iterator[bytes]:
        yield bytes(size)
        message = "the sender is gone"
        raise TransientError(message)

    with pytest.raises(TransientError):
        dock.uploads.pour(dock.place(), broken(), {})
    assert dock.stored() is None


def sent(dock: Dock, place: Place, bodies: Sequence[bytes]) -> None:
    for number, body in enumerate(bodies, start=1):
        dock.put_part(place, number, body)


def test_parts_that_others_send_are_one_object_when_it_is_completed(dock: Dock) -> None:
    bodies = [b"x" * SMALLEST_PART, b"end"]
    begun = dock.uploads.begin(dock.place(), {})
    sent(dock, begun, bodies)
    assert dock.stored() is None
    parts = dock.uploads.parts(begun)
    assert [(part.number, part.size) for part in parts] == [(1, SMALLEST_PART), (2, 3)]
    assert dock.uploads.complete(begun, parts).size == SMALLEST_PART + 3
    assert dock.stored() == b"".join(bodies)


def test_a_part_that_is_sent_again_takes_the_place_of_the_first(dock: Dock) -> None:
    begun = dock.uploads.begin(dock.place(), {})
    for body in (b"old", b"new!"):
        dock.put_part(begun, 1, body)
    parts = dock.uploads.parts(begun)
    dock.uploads.complete(begun, parts)
    assert (len(parts), dock.stored()) == (1, b"new!")


def test_what_was_made_is_known_by_its_mark_as_long_as_it_is_the_latest(dock: Dock) -> None:
    """So that whoever lost the answer learns of it."""

    def made() -> list[str | None]:
        found = [dock.uploads.made(dock.place(), mark) for mark in ("a", "b")]
        return [arrival.version_id if arrival else None for arrival in found]

    assert made() == [None, None]
    poured = dock.uploads.pour(dock.place(), chunked(b"x"), {MARK: "a"})
    assert made() == [poured.version_id, None]
    begun = dock.uploads.begin(dock.place(), {MARK: "b"})
    sent(dock, begun, [b"y"])
    assert made() == [poured.version_id, None]
    done = dock.uploads.complete(begun, dock.uploads.parts(begun))
    assert made() == [None, done.version_id]


def test_of_an_upload_that_is_aborted_nothing_is_left(dock: Dock) -> None:
    begun = dock.uploads.begin(dock.place(), {})
    sent(dock, begun, [b"a"])
    for _ in range(2):
        dock.uploads.abort(begun)
    with pytest.raises(PermanentError, match="no such upload"):
        dock.uploads.parts(begun)
    assert dock.stored() is None


def test_a_bucket_that_is_not_there_is_wrong_usage(emulator: Emulator) -> None:
    uploads = S3Uploads(client("s3", **where(emulator.endpoint_url)))
    with pytest.raises(UsageError, match="no bucket 'not-there'"):
        uploads.pour(Place(bucket="not-there", key="a.csv"), iter([b"a"]), {})


@pytest.mark.parametrize("size", [1, 16 * MIB * MOST_PARTS, 16 * MIB * MOST_PARTS + 1, 5 * 10**12])
def test_there_are_never_more_parts_than_s3_takes(size: int) -> None:
    assert part_size(size) >= 16 * MIB
    assert -(-size // part_size(size)) <= MOST_PARTS
