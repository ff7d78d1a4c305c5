"""Files in, through the service: the body is the file, and goes on to the store as it comes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from http import HTTPStatus

from csvgate.delivery import Arrival
from csvgate.ports.uploads import MARK, Place
from csvgate.web.bodies import pieces
from csvgate.web.metering import count, metered, take_turn
from csvgate.web.names import named
from csvgate.web.operations import Answer, Asked, Body, Created, Operation, Reply
from csvgate.web.parameters import Parameter
from csvgate.web.problems import Problem
from csvgate.web.repeats import IDEMPOTENCY_KEY, Told, Turn, misused, once
from csvgate.web.schemas import named as shape

FORM = "multipart/form-data"
NAME = Parameter(
    name="name",
    meaning="the file's name, with folders if you like: the key of the object",
    is_needed=True,
)


def upload(asked: Asked) -> Reply:
    """The file is in the bucket; what becomes of it, its delivery tells."""
    name, limit = asked.text("name"), asked.door.limits.upload
    if asked.content_type.lower().startswith(FORM):
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send the file itself as the body, not a form")
    take_turn(asked)
    content = Hashed(metered(asked, pieces(asked, limit)))
    what = {"name": name, "size": asked.content_length}
    answer = once(asked, what, lambda turn: kept(turn, name, content, "body"))
    # What was told before was told of those very bytes.
    if content.to_the_end() != answer["sha256"]:
        raise misused()
    return Created(answer)


def kept(turn: Turn, name: str, content: Hashed, way: str) -> Told:
    """The content is a new version of the object that the name stands for, made now or by an earlier try."""
    door, target = turn.asked.door, named(name, turn.asked.token.tenant, turn.mark)
    place = Place(bucket=door.bucket, key=target.key)
    arrival = door.uploads.made(place, turn.mark) if turn.is_again else None
    if arrival is None:
        metadata = {**target.metadata, **({MARK: turn.mark} if turn.mark else {}), **door.ports.tracer.carrier()}
        arrival = door.uploads.pour(place, turn.held(iter(content)), metadata)
        count(turn.asked, way)
    door.announce(arrival)
    return {**told(arrival, name), "sha256": content.to_the_end()}


class Hashed:
    """The pieces of a body, each once, and their hash."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._hash = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        """Those that nobody has had yet."""
        for piece in self._pieces:
            self._hash.update(piece)
            yield piece

    def to_the_end(self) -> str:
        """The hash of all of them; those that nobody wanted are passed over."""
        for _ in self:
            """Only its hash counts."""
        return self._hash.hexdigest()


def told(arrival: Arrival, name: str) -> Told:
    """What became of an upload; its delivery is known where the store keeps versions."""
    known = {"name": name, "bucket": arrival.bucket, "key": arrival.key, "size": arrival.size, "etag": arrival.etag}
    version = arrival.version_id
    return {**known, "version_id": version, "delivery_id": arrival.delivery_id if version else None}


OPERATIONS = (
    Operation(
        method="POST",
        path="/api/uploads",
        scope="upload",
        summary="Upload a file through the service",
        handler=upload,
        parameters=(NAME, IDEMPOTENCY_KEY),
        body=Body(
            meaning="The file itself, which may be empty",
            content={"text/csv": None, "application/octet-stream": None},
            is_needed=False,
        ),
        answers={201: Answer(meaning="The file is in the bucket", schema=shape("Upload"))},
        refuses=(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.TOO_MANY_REQUESTS),
        brings_file=True,
    ),
)
