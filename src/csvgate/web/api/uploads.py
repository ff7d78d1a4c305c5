"""Files in, through the service: the body is the file, and goes on to the store as it comes."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from csvgate.delivery import Arrival
from csvgate.uploads import Place
from csvgate.web.bodies import pieces
from csvgate.web.metering import count, metered, take_turn
from csvgate.web.names import named
from csvgate.web.operations import Answer, Asked, Body, Created, Operation, Reply
from csvgate.web.parameters import Parameter
from csvgate.web.problems import Problem
from csvgate.web.repeats import IDEMPOTENCY_KEY, Told, once
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
    what = {"name": name, "size": asked.content_length}
    return Created(once(asked, what, lambda: kept(asked, name, pieces(asked, limit), "body")))


def kept(asked: Asked, name: str, content: Iterator[bytes], way: str) -> Told:
    """The content is a new version of the object that the name stands for."""
    target = named(name, asked.token.tenant)
    place = Place(bucket=asked.door.bucket, key=target.key)
    arrival = asked.door.uploads.pour(place, metered(asked, content), target.metadata)
    count(asked, way)
    asked.door.announce(arrival)
    return told(arrival, name)


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
    ),
)
