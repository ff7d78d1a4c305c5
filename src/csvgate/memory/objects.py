"""Objects in, their versions and the arrivals that S3 would notify out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import RLock
from typing import Literal

from csvgate.delivery import Arrival, ArrivalKind
from csvgate.errors import NoSuchBucket
from csvgate.ports.objects import Document, ObjectVersion, OpenObject
from csvgate.telemetry.tracing import NOTHING, Carrier

Versioning = Literal["enabled", "suspended", "off"]
# When the first object is put, unless there is a clock.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stored:
    """One version as the store keeps it."""

    version: ObjectVersion
    body: bytes
    metadata: Carrier


class MemoryObjectStore:
    """S3 in memory: versions, delete markers, sequencers; what it would notify is in `arrivals`.

    `versioning` may be switched at any time; `clock` gives the upload times (a second apart if left out).
    """

    def __init__(self, *, versioning: Versioning = "enabled", clock: Callable[[], datetime] | None = None) -> None:
        ticks = count()
        self.versioning: Versioning = versioning
        self.arrivals: list[Arrival] = []
        self._clock = clock or (lambda: EPOCH + timedelta(seconds=next(ticks)))
        self._numbers = count(1)
        self._keys: dict[tuple[str, str], list[_Stored]] = {}
        self._dropped: set[str] = set()
        self._documents: dict[str, bytes] = {}
        self._lock = RLock()

    def put(self, bucket: str, key: str, body: bytes, metadata: Carrier = NOTHING) -> Arrival:
        """The object has a new current version; the answer is the event that S3 would send."""
        with self._lock:
            return self._notify(self._add(bucket, key, body, metadata), "created")

    def delete(self, bucket: str, key: str) -> Arrival:
        """The key has no current version; where versions are kept, a delete marker says so."""
        with self._lock:
            if self.versioning == "off":
                self._keys.pop((bucket, key), None)
                return self._notify(_absent(bucket, key, None, self._clock()), "deleted")
            return self._notify(self._add(bucket, key, None), "deleted")

    def purge(self, bucket: str, key: str, version_id: str | None) -> Arrival:
        """One version is gone for good; the newest of the others is the current one."""
        with self._lock:
            self._drop(bucket, key, version_id)
            return self._notify(_absent(bucket, key, version_id, self._clock()), "purged")

    def drop(self, bucket: str) -> None:
        """The bucket is gone, and all that was in it."""
        with self._lock:
            self._dropped.add(bucket)
            self._keys = {place: history for place, history in self._keys.items() if place[0] != bucket}

    def find(self, bucket: str, key: str, version_id: str | None = None) -> ObjectVersion | None:
        """See ObjectStore."""
        stored = self._stored(bucket, key, version_id)
        return None if stored is None or stored.version.is_delete_marker else stored.version

    def open(self, arrival: Arrival) -> OpenObject | Literal["vanished", "superseded"]:
        """See ObjectStore."""
        stored = self._stored(arrival.bucket, arrival.key, arrival.version_id)
        if stored is None or stored.version.is_delete_marker:
            return "vanished"
        if arrival.version_id is None and arrival.etag not in (None, stored.version.etag):
            return "superseded"
        return OpenObject(version=stored.version, chunks=lambda: _cut(stored.body), metadata=stored.metadata)

    def extract(self, arrival: Arrival, start: int, size: int) -> bytes | None:
        """See ObjectStore."""
        opened = self.open(arrival)
        return None if isinstance(opened, str) else b"".join(opened.chunks())[start : start + size]

    def versions(self, bucket: str, prefix: str = "") -> Iterator[ObjectVersion]:
        """See ObjectStore."""
        with self._lock:
            if bucket in self._dropped:
                raise NoSuchBucket(bucket)
            keys = sorted(key for home, key in self._keys if home == bucket and key.startswith(prefix))
            listed = [stored.version for key in keys for stored in reversed(self._keys[bucket, key])]
        return iter(listed)

    def write(self, bucket: str, key: str, body: bytes, content_type: str) -> str:  # noqa: ARG002 (kept by S3 only)
        """See ObjectStore."""
        uri = f"s3://{bucket}/{key}"
        with self._lock:
            self._documents[uri] = body
        return uri

    def read(self, uri: str, *, last: int | None = None) -> bytes | None:
        """See ObjectStore."""
        with self._lock:
            body = self._documents.get(uri)
        return body if body is None or last is None else body[-last:]

    def see(self, uri: str) -> Document | None:
        """See ObjectStore."""
        with self._lock:
            body = self._documents.get(uri)
        return None if body is None else Document(body=body, tag=_etag(body))

    def swap(self, uri: str, body: bytes, content_type: str, *, seen: Document | None) -> bool:  # noqa: ARG002 (as in write)
        """See ObjectStore."""
        with self._lock:
            there = self.see(uri)
            is_same = (there and there.tag) == (seen and seen.tag)
            if is_same:
                self._documents[uri] = body
        return is_same

    def remove(self, uri: str) -> None:
        """See ObjectStore."""
        with self._lock:
            self._documents.pop(uri, None)

    def documents(self, bucket: str, prefix: str = "") -> Iterator[str]:
        """See ObjectStore."""
        with self._lock:
            return iter(sorted(uri for uri in self._documents if uri.startswith(f"s3://{bucket}/{prefix}")))

    def erase(self, arrival: Arrival) -> bool:
        """See ObjectStore."""
        with self._lock:
            history = self._keys.get((arrival.bucket, arrival.key), [])
            found = next((s.version for s in history if s.version.version_id == arrival.version_id), None)
            is_other = arrival.version_id is None and found and arrival.etag not in (None, found.etag)
            if found is None or found.is_delete_marker or is_other:
                return False
            if arrival.version_id is None and self.versioning != "enabled":
                self.delete(arrival.bucket, arrival.key)
            else:
                self.purge(arrival.bucket, arrival.key, arrival.version_id)
            return True

    def erase_documents(self, bucket: str, prefix: str, holding: str = "") -> int:
        """See ObjectStore. Of documents there is one version."""
        with self._lock:
            found = [uri for uri in self.documents(bucket, prefix) if holding in uri]
            for uri in found:
                self.remove(uri)
        return len(found)

    def _stored(self, bucket: str, key: str, version_id: str | None) -> _Stored | None:
        with self._lock:
            history = self._keys.get((bucket, key), [])
            wanted = history[-1:] if version_id is None else [s for s in history if s.version.version_id == version_id]
            return wanted[0] if wanted else None

    def _add(self, bucket: str, key: str, body: bytes | None, metadata: Carrier = NOTHING) -> ObjectVersion:
        """The current version of the key is this one; without a body, a delete marker."""
        version_id = f"version-{next(self._numbers)}" if self.versioning == "enabled" else None
        if version_id is None:
            self._drop(bucket, key, None)
        version = ObjectVersion(
            bucket=bucket,
            key=key,
            version_id=version_id,
            etag=None if body is None else _etag(body),
            size=len(body or b""),
            last_modified=self._clock().replace(microsecond=0),
            is_latest=True,
            is_delete_marker=body is None,
        )
        older = [replace(s, version=replace(s.version, is_latest=False)) for s in self._keys.get((bucket, key), [])]
        self._keys[bucket, key] = [*older, _Stored(version=version, body=body or b"", metadata=metadata)]
        return version

    def _drop(self, bucket: str, key: str, version_id: str | None) -> None:
        left = [s for s in self._keys.pop((bucket, key), []) if s.version.version_id != version_id]
        if left:
            newest = replace(left[-1], version=replace(left[-1].version, is_latest=True))
            self._keys[bucket, key] = [*left[:-1], newest]

    def _notify(self, version: ObjectVersion, kind: ArrivalKind) -> Arrival:
        arrival = Arrival(
            bucket=version.bucket,
            key=version.key,
            version_id=version.version_id,
            etag=version.etag,
            size=version.size if kind == "created" else None,
            # Trailing zeros carry no meaning, so leaving them out gives the unequal lengths that S3 may send.
            sequencer=f"{next(self._numbers):018X}".rstrip("0"),
            time=version.last_modified,
            kind=kind,
        )
        self.arrivals.append(arrival)
        return arrival


def _absent(bucket: str, key: str, version_id: str | None, when: datetime) -> ObjectVersion:
    return ObjectVersion(
        bucket=bucket, key=key, version_id=version_id, etag=None, size=0, last_modified=when, is_latest=False
    )


def _etag(body: bytes) -> str:
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


def _cut(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), CHUNK_BYTES):
        yield body[start : start + CHUNK_BYTES]
