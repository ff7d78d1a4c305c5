"""Uploads into the memory of one process; the addresses of parts lead nowhere, and `put_part` does what they would."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from threading import RLock

from csvgate.delivery import Arrival
from csvgate.errors import PermanentError
from csvgate.memory.objects import MemoryObjectStore
from csvgate.ports.uploads import MARK, Part, Place


class MemoryUploads:
    """See Uploads."""

    def __init__(self, objects: MemoryObjectStore) -> None:
        self.metadata: dict[str, Mapping[str, str]] = {}
        self._objects = objects
        self._numbers = count(1)
        self._begun: dict[str, dict[int, bytes]] = {}
        self._announced: dict[str, Mapping[str, str]] = {}
        self._lock = RLock()

    def pour(self, place: Place, chunks: Iterator[bytes], metadata: Mapping[str, str]) -> Arrival:
        """See Uploads."""
        body = b"".join(chunks)
        self.metadata[place.key] = metadata
        return self._objects.put(place.bucket, place.key, body, metadata)

    def begin(self, place: Place, metadata: Mapping[str, str]) -> Place:
        """See Uploads."""
        with self._lock:
            store_id = f"upload-{next(self._numbers)}"
            self._begun[store_id] = {}
        self._announced[store_id] = metadata
        return Place(bucket=place.bucket, key=place.key, store_id=store_id)

    def address(self, place: Place, number: int, size: int, seconds: int) -> str:
        """See Uploads."""
        return f"memory://{place.bucket}/{place.key}?upload={place.store_id}&part={number}&size={size}&for={seconds}"

    def put_part(self, place: Place, number: int, body: bytes) -> None:
        """What a PUT to the address of the part does."""
        self._of(place)[number] = body

    def parts(self, place: Place) -> Sequence[Part]:
        """See Uploads."""
        return [
            Part(number=number, size=len(body), etag=hashlib.md5(body, usedforsecurity=False).hexdigest())
            for number, body in sorted(self._of(place).items())
        ]

    def complete(self, place: Place, parts: Sequence[Part]) -> Arrival:
        """See Uploads."""
        with self._lock:
            bodies = self._of(place)
            told = self.metadata[place.key] = self._announced.pop(place.store_id)
            body = b"".join(bodies[part.number] for part in parts)
            arrival = self._objects.put(place.bucket, place.key, body, told)
            del self._begun[place.store_id]
        return arrival

    def made(self, place: Place, mark: str) -> Arrival | None:
        """See Uploads."""
        found = self._objects.find(place.bucket, place.key)
        if found is None or self.metadata.get(place.key, {}).get(MARK) != mark:
            return None
        return Arrival(
            bucket=place.bucket, key=place.key, version_id=found.version_id, etag=found.etag, size=found.size
        )

    def abort(self, place: Place) -> None:
        """See Uploads."""
        with self._lock:
            self._begun.pop(place.store_id, None)

    def _of(self, place: Place) -> dict[int, bytes]:
        with self._lock:
            if place.store_id not in self._begun:
                message = "there is no such upload"
                raise PermanentError(message)
            return self._begun[place.store_id]
