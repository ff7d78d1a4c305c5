"""Large files, straight from the browser to the store: begun and completed here, their parts sent to signed addresses.

An address is good for one part of exactly one length, for a while, and for nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus

from csvgate.delivery import Arrival
from csvgate.errors import PermanentError
from csvgate.ports.uploads import MARK, MOST_PARTS, Part, Place
from csvgate.web import parts
from csvgate.web.api.uploads import told
from csvgate.web.bodies import document, number_in, numbers_in, text_in, too_large
from csvgate.web.metering import count, take_more, take_turn
from csvgate.web.names import named
from csvgate.web.operations import Answer, Asked, Body, Created, Operation, Reply
from csvgate.web.parameters import Parameter
from csvgate.web.parts import InParts
from csvgate.web.problems import NotFound, Problem
from csvgate.web.repeats import IDEMPOTENCY_KEY, Told, once
from csvgate.web.schemas import COUNT, TEXT, list_of, record
from csvgate.web.schemas import named as shape

ADDRESS_SECONDS = 15 * 60
MOST_ADDRESSES = 100
# The largest whole number that every JSON parser reads as it is written.
MOST_BYTES = (1 << 53) - 1
ID = Parameter(
    name="upload_id",
    meaning="the id of the upload",
    place="path",
    schema={"type": "string", "pattern": "^[0-9A-Za-z_-]{32}$", "minLength": 32, "maxLength": 32},
)


def begin(asked: Asked) -> Reply:
    """An upload in parts, of a file of exactly so many bytes."""
    take_turn(asked)
    body = document(asked)
    name, size = text_in(body, "name"), number_in(body, "size", MOST_BYTES)
    if size > asked.door.limits.upload:
        raise too_large(asked.door.limits.upload)
    return Created(once(asked, {"name": name, "size": size}, lambda _: _begun(asked, name, size)))


def look(asked: Asked) -> Reply:
    """Which parts are there: how to go on after an interruption."""
    upload = parts.asked_for(asked)
    return {**_facts(upload), "parts": [{"number": part.number, "size": part.size} for part in _sent(asked, upload)]}


def sign(asked: Asked) -> Reply:
    """Where to PUT these parts."""
    upload = parts.asked_for(asked)
    if upload.told:
        what = "upload (any more)"
        raise NotFound(what)
    numbers = numbers_in(document(asked), "numbers", upload.part_count, MOST_ADDRESSES)
    return {
        "expires_in": ADDRESS_SECONDS,
        "addresses": [
            {
                "number": number,
                "size": upload.size_of(number),
                "url": asked.door.uploads.address(upload.place, number, upload.size_of(number), ADDRESS_SECONDS),
            }
            for number in numbers
        ],
    }


def complete(asked: Asked) -> Reply:
    """The parts are the file; all of them have to be there. Completing it again gives the first answer again."""
    upload = parts.asked_for(asked)
    if upload.told is None:
        arrival = _completed(asked, upload)
        asked.door.announce(arrival)
        upload = parts.keep(asked, replace(upload, told=told(arrival, upload.name)))
        count(asked, "parts")
    return Created(upload.told or {})


def abort(asked: Asked) -> Reply:
    """Nothing is left of the upload; one that is a file by now stays one."""
    upload = parts.asked_for(asked)
    # First, so that nobody completes it between the look and the end.
    asked.door.uploads.abort(upload.place)
    if upload.told or asked.door.uploads.made(upload.place, upload.mark):
        raise Problem(HTTPStatus.CONFLICT, "it was completed, and the file is in the bucket")
    parts.forget(asked, upload)
    return {"upload_id": upload.upload_id}


def _begun(asked: Asked, name: str, size: int) -> Told:
    target, upload_id = named(name, asked.token.tenant), parts.new_id()
    metadata = {**target.metadata, MARK: parts.mark_of(upload_id), **asked.door.ports.tracer.carrier()}
    place = asked.door.uploads.begin(Place(bucket=asked.door.bucket, key=target.key), metadata)
    take_more(asked, size=size)
    return _facts(parts.begun(asked, upload_id, name, place, size))


def _completed(asked: Asked, upload: InParts) -> Arrival:
    """The version that the parts are, also where an earlier call has made it and its answer was lost."""
    uploads = asked.door.uploads
    try:
        sent = uploads.parts(upload.place)
        parts.require_all(upload, sent)
        return uploads.complete(upload.place, sent)
    except PermanentError as exc:
        if made := uploads.made(upload.place, upload.mark):
            return made
        what = "upload"
        raise NotFound(what) from exc


def _facts(upload: InParts) -> Told:
    names = ("upload_id", "name", "key", "size", "part_size", "part_count")
    return {name: getattr(upload, name) for name in names}


def _sent(asked: Asked, upload: InParts) -> Sequence[Part]:
    try:
        return asked.door.uploads.parts(upload.place)
    except PermanentError as exc:
        what = "upload"
        raise NotFound(what) from exc


def _json(meaning: str, **properties: object) -> Body:
    return Body(meaning=meaning, content={"application/json": record(properties, needed=tuple(properties))})


BEGUN = record(
    {
        "upload_id": TEXT,
        "name": TEXT,
        "key": TEXT,
        "size": COUNT,
        "part_size": COUNT,
        "part_count": COUNT,
        "parts": list_of(record({"number": COUNT, "size": COUNT}, needed=("number", "size"))),
    },
    needed=("upload_id", "name", "key", "size", "part_size", "part_count"),
)
ADDRESSES = record(
    {
        "expires_in": COUNT,
        "addresses": list_of(record({"number": COUNT, "size": COUNT, "url": TEXT}, needed=("number", "size", "url"))),
    },
    needed=("expires_in", "addresses"),
)
NUMBERS = {
    "type": "array",
    "items": {"type": "integer", "minimum": 1, "maximum": MOST_PARTS},
    "minItems": 1,
    "maxItems": MOST_ADDRESSES,
}
NAME_SCHEMA = {"type": "string", "minLength": 1, "maxLength": 1024}
ONE = "/api/uploads/multipart/{upload_id}"
OPERATIONS = (
    Operation(
        method="POST",
        path="/api/uploads/multipart",
        scope="upload",
        summary="Begin an upload in parts",
        handler=begin,
        parameters=(IDEMPOTENCY_KEY,),
        body=_json("The file's name and its size in bytes", name=NAME_SCHEMA, size={**COUNT, "maximum": MOST_BYTES}),
        answers={201: Answer(meaning="How to cut the file", schema=BEGUN)},
        refuses=(HTTPStatus.TOO_MANY_REQUESTS,),
        brings_file=True,
    ),
    Operation(
        method="GET",
        path=ONE,
        scope="upload",
        summary="Which parts of an upload are there",
        handler=look,
        parameters=(ID,),
        answers={200: Answer(meaning="The parts that are there", schema=BEGUN)},
    ),
    Operation(
        method="POST",
        path=f"{ONE}/addresses",
        scope="upload",
        summary="Where to PUT parts of an upload",
        handler=sign,
        parameters=(ID,),
        body=_json("The numbers of the parts", numbers=NUMBERS),
        answers={200: Answer(meaning="An address for each part", schema=ADDRESSES)},
    ),
    Operation(
        method="POST",
        path=f"{ONE}/complete",
        scope="upload",
        summary="Complete an upload in parts",
        handler=complete,
        parameters=(ID,),
        answers={201: Answer(meaning="The file is in the bucket", schema=shape("Upload"))},
        refuses=(HTTPStatus.CONFLICT,),
        brings_file=True,
    ),
    Operation(
        method="DELETE",
        path=ONE,
        scope="upload",
        summary="Give up an upload in parts",
        handler=abort,
        parameters=(ID,),
        answers={200: Answer(meaning="Nothing is left of it", schema=record({"upload_id": TEXT}))},
        refuses=(HTTPStatus.CONFLICT,),
    ),
)
