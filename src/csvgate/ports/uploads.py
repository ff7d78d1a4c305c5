"""What puts files into the bucket from elsewhere than a disk: a stream, or a browser that sends the parts itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from csvgate.delivery import Arrival

MIB = 1024 * 1024
# The name under which an object's metadata say by which request it came.
MARK = "request"
# What S3 takes: no part but the last is smaller than 5 MiB, and there are 10,000 at most.
SMALLEST_PART, MOST_PARTS = 5 * MIB, 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where an upload goes; `store_id` is the store's own name of an upload in parts."""

    bucket: str
    key: str
    store_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One part of an upload, as the store has it; numbers begin with 1, `size` is in bytes."""

    number: int
    size: int
    etag: str


class Uploads(Protocol):
    """The writing side of the object store."""

    def pour(self, place: Place, chunks: Iterator[bytes], metadata: Mapping[str, str]) -> Arrival:
        """All chunks are a new version of the object, which the answer names; no more than a part is held in memory.

        Whatever the chunks raise goes through, and nothing of them is left.
        """

    def begin(self, place: Place, metadata: Mapping[str, str]) -> Place:
        """An upload in parts can be made there; nothing is seen of it until it is completed."""

    def address(self, place: Place, number: int, size: int, seconds: int) -> str:
        """Where to PUT that part, of exactly so many bytes, for so many seconds, without credentials."""

    def parts(self, place: Place) -> Sequence[Part]:
        """The parts that are there, by number; PermanentError if there is no such upload (any more)."""

    def complete(self, place: Place, parts: Sequence[Part]) -> Arrival:
        """The parts are a new version of the object, which the answer names."""

    def made(self, place: Place, mark: str) -> Arrival | None:
        """The latest version of the object, if its metadata have this MARK: what became of a call that was lost."""

    def abort(self, place: Place) -> None:
        """Nothing is left of the upload, whether or not there was one."""


def part_size(size: int, smallest: int = 16 * MIB) -> int:
    """How long all parts but the last are: `smallest`, unless that gave more parts than S3 takes."""
    return max(smallest, -(-size // MOST_PARTS))
