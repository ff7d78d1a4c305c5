"""A form with files in; each file on its way to the bucket as it comes, out: for pages without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Event, File, MultipartDecoder, NeedData

from csvgate.web.api.uploads import FORM, Hashed, kept
from csvgate.web.bodies import pieces
from csvgate.web.metering import metered, take_more, take_turn
from csvgate.web.operations import Asked
from csvgate.web.problems import Problem
from csvgate.web.repeats import Told, Turn

MOST_PARTS = 100
# A header of a part, or a field that is no file, is no longer than this.
MOST_MEMORY = 64 * 1024


def uploaded(asked: Asked) -> list[Told]:
    """Every file of the form is in the bucket; what is no file is not looked at."""
    kind, options = parse_options_header(asked.content_type)
    if kind != FORM or not options.get("boundary"):
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"the form must be {FORM}")
    take_turn(asked)
    events = _events(asked, options["boundary"].encode())
    told = list[Told]()
    for event in events:
        if isinstance(event, File):
            content = _content(events)
            if event.filename:
                take_more(asked, turns=1 if told else 0)
                told.append(kept(Turn(asked=asked), event.filename, Hashed(metered(asked, content)), "form"))
            for _ in content:
                """What nobody read is passed over."""
    return told


def _content(events: Iterator[Event]) -> Iterator[bytes]:
    """The bytes of the file whose header came last."""
    for event in events:
        if not isinstance(event, Data):
            raise _broken()
        yield event.data
        if not event.more_data:
            return


def _events(asked: Asked, boundary: bytes) -> Iterator[Event]:
    """The form, piece by piece; Problem 400 if it is broken or has too many parts."""
    decoder = MultipartDecoder(boundary, max_form_memory_size=MOST_MEMORY, max_parts=MOST_PARTS)
    body = pieces(asked, asked.door.limits.upload)
    try:
        while True:
            event = decoder.next_event()
            if isinstance(event, NeedData):
                decoder.receive_data(next(body, None))
                continue
            yield event
            if isinstance(event, Epilogue):
                return
    except (ValueError, RequestEntityTooLarge) as exc:
        raise _broken() from exc


def _broken() -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, f"the form is broken, or has more than {MOST_PARTS} parts")
