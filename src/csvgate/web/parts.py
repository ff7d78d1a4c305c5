"""Uploads in parts, as documents in the results bucket: what was begun, by whom, and how it is cut.

Any server of the service can go on with an upload, and whoever began it finds it again after a reload.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus

from csvgate.ports.uploads import MOST_PARTS, Part, Place, part_size
from csvgate.web.access import digest
from csvgate.web.operations import Asked
from csvgate.web.problems import NotFound, Problem

FOLDER = "uploads/"


@dataclass(frozen=True, kw_only=True, slots=True)
class InParts:
    """An upload in parts; all parts but the last have `part_size` bytes. `told`: the answer, once it is completed."""

    upload_id: str
    token_id: str
    name: str
    bucket: str
    key: str
    store_id: str
    size: int
    part_size: int
    told: Mapping[str, object] | None = None

    @property
    def mark(self) -> str:
        """What the object's metadata say of it; whoever reads them cannot go on with the upload."""
        return mark_of(self.upload_id)

    @property
    def place(self) -> Place:
        """Where it goes."""
        return Place(bucket=self.bucket, key=self.key, store_id=self.store_id)

    @property
    def part_count(self) -> int:
        """How many parts it has; an empty file has one, too."""
        return max(1, -(-self.size // self.part_size))

    def size_of(self, number: int) -> int:
        """How many bytes that part has."""
        return self.part_size if number < self.part_count else self.size - self.part_size * (self.part_count - 1)


def new_id() -> str:
    """An id that nobody guesses."""
    return secrets.token_urlsafe(24)


def mark_of(upload_id: str) -> str:
    """See InParts.mark."""
    return digest(upload_id)


def begun(asked: Asked, upload_id: str, name: str, place: Place, size: int) -> InParts:
    """The upload is known from now on."""
    upload = InParts(
        upload_id=upload_id,
        token_id=asked.token.token_id,
        name=name,
        bucket=place.bucket,
        key=place.key,
        store_id=place.store_id,
        size=size,
        part_size=part_size(size),
    )
    assert upload.part_count <= MOST_PARTS  # noqa: S101  part_size sees to it
    return keep(asked, upload)


def keep(asked: Asked, upload: InParts) -> InParts:
    """The upload is known as it is now."""
    body = json.dumps(asdict(upload)).encode()
    asked.door.ports.objects.write(asked.door.ports.results_bucket, _key(upload.upload_id), body, "application/json")
    return upload


def asked_for(asked: Asked) -> InParts:
    """The upload of that id, if it was begun with the same token."""
    uri = f"s3://{asked.door.ports.results_bucket}/{_key(asked.text('upload_id'))}"
    document = asked.door.ports.objects.read(uri)
    upload = InParts(**json.loads(document)) if document else None
    if upload is None or upload.token_id != asked.token.token_id:
        what = "upload"
        raise NotFound(what)
    return upload


def forget(asked: Asked, upload: InParts) -> None:
    """Nobody goes on with it."""
    asked.door.ports.objects.remove(f"s3://{asked.door.ports.results_bucket}/{_key(upload.upload_id)}")


def require_all(upload: InParts, parts: Sequence[Part]) -> None:
    """Every part is there, and as long as it has to be; Problem 409 names the first that is not."""
    sizes = {part.number: part.size for part in parts}
    for number in range(1, upload.part_count + 1):
        if sizes.get(number) != upload.size_of(number):
            detail = f"part {number} has {sizes.get(number, 0)} of {upload.size_of(number)} bytes"
            raise Problem(HTTPStatus.CONFLICT, detail, part=number)


def _key(upload_id: str) -> str:
    return f"{FOLDER}{upload_id}.json"
