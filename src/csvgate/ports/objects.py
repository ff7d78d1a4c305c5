"""Where files arrive, and where documents about them are kept: object versions and their bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from csvgate.delivery import Arrival
from csvgate.telemetry.tracing import Carrier


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectVersion:
    """One version of an object as the store lists it."""

    bucket: str
    key: str
    version_id: str | None
    etag: str | None
    size: int
    last_modified: datetime
    is_latest: bool
    is_delete_marker: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenObject:
    """An object version that can be read from its first byte, as often as needed.

    `chunks()` yields exactly `version.size` bytes or raises TransientError; a dropped connection
    is resumed, never taken for the end. `metadata` is what its sender said of it.
    """

    version: ObjectVersion
    chunks: Callable[[], Iterator[bytes]]
    metadata: Carrier = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A document as it was when it was seen; its `tag` is another one as soon as its body is."""

    body: bytes
    tag: str


class ObjectStore(Protocol):
    """Where files arrive (S3); read only, but for the results bucket, and for whoever erases a delivery."""

    def find(self, bucket: str, key: str, version_id: str | None = None) -> ObjectVersion | None:
        """The version asked for, or the latest; None if there is none (or it is a delete marker), or no bucket."""

    def open(self, arrival: Arrival) -> OpenObject | Literal["vanished", "superseded"]:
        """The bytes of exactly this arrival: by version id, else only while the etag is unchanged."""

    def extract(self, arrival: Arrival, start: int, size: int) -> bytes | None:
        """So many bytes of exactly this arrival, or fewer at its end; None if it is gone, or another one by now."""

    def versions(self, bucket: str, prefix: str = "") -> Iterator[ObjectVersion]:
        """All versions and delete markers below a prefix, newest first within a key; NoSuchBucket if it is gone."""

    def write(self, bucket: str, key: str, body: bytes, content_type: str) -> str:
        """Store a document; the answer is its `s3://` address. Writing the same key again replaces it."""

    def read(self, uri: str, *, last: int | None = None) -> bytes | None:
        """A document that was stored, or no more than its last so many bytes; or None."""

    def see(self, uri: str) -> Document | None:
        """A document with what tells whether it is still the same; or None."""

    def swap(self, uri: str, body: bytes, content_type: str, *, seen: Document | None) -> bool:
        """One conditional write: the document is there in place of the one that was seen (None: of none).

        False: somebody else was faster, or an earlier try of this very call; nothing was written now.
        """

    def remove(self, uri: str) -> None:
        """There is no such document, whether or not there was one."""

    def documents(self, bucket: str, prefix: str = "") -> Iterator[str]:
        """The addresses of all documents whose keys begin so, in the order of their keys."""

    def erase(self, arrival: Arrival) -> bool:
        """The bytes of exactly this arrival are gone for good: by version id, else only while the etag is unchanged.

        False: they were gone before, or are another one's by now.
        """

    def erase_documents(self, bucket: str, prefix: str, holding: str = "") -> int:
        """No document whose key begins so, and holds that, is there, in no version; how many versions went."""
