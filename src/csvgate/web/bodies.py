"""The body of a request in; its JSON, or its bytes piece by piece, out: never more of it than was allowed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus

from csvgate.web.operations import Asked
from csvgate.web.problems import Problem

CHUNK = 256 * 1024


def pieces(asked: Asked, limit: int) -> Iterator[bytes]:
    """The body as it comes; Problem 413 when it gets too long, 400 if it ends before its time, 503 if too many send.

    A length that was announced is checked before anything is read.
    """
    announced = asked.content_length
    if announced is not None and announced > limit:
        raise too_large(limit)
    with asked.door.crowd.with_one_of(asked.holder.token_id if asked.holder else "") as has_room:
        if not has_room:
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "too many are sending at the same time", retry_after=1)
        yield from _counted(asked, limit)


def _counted(asked: Asked, limit: int) -> Iterator[bytes]:
    announced, came = asked.content_length, 0
    while piece := _read(asked):
        came += len(piece)
        asked.door.metrics.add("csvgate_http_received_bytes_total", len(piece))
        if came > limit:
            raise too_large(limit)
        yield piece
    if announced is not None and came < announced:
        raise Problem(HTTPStatus.BAD_REQUEST, f"the body ended after {came} of {announced} bytes, or came too slowly")


def _read(asked: Asked) -> bytes:
    """The next piece; Problem 400 where the sender is gone, or says no more how long his pieces are."""
    try:
        return asked.stream.read(CHUNK)
    except OSError as exc:
        raise Problem(HTTPStatus.BAD_REQUEST, "the body broke off, or its pieces cannot be told apart") from exc


def document(asked: Asked) -> Mapping[str, object]:
    """The object that the body holds as JSON; Problem 400, 413 or 415 if it holds none."""
    if asked.content_type.partition(";")[0].strip().lower() != "application/json":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body must be application/json")
    body = b"".join(pieces(asked, asked.door.limits.body))
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise Problem(HTTPStatus.BAD_REQUEST, "the body is no JSON") from exc
    if not isinstance(found, dict):
        raise Problem(HTTPStatus.BAD_REQUEST, "the body is no JSON object")
    return found


def text_in(body: Mapping[str, object], name: str, longest: int = 1024) -> str:
    """A member that has to be a text."""
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name} must be a text of 1 to {longest} characters", parameter=name)
    return value


def number_in(body: Mapping[str, object], name: str, highest: int) -> int:
    """A member that has to be a whole number from 0."""
    value = _whole(body.get(name))
    if value is None or not 0 <= value <= highest:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name} must be a number from 0 to {highest}", parameter=name)
    return value


def numbers_in(body: Mapping[str, object], name: str, highest: int, most: int) -> list[int]:
    """A member that has to be a list of whole numbers from 1."""
    values = body.get(name)
    given = values if isinstance(values, list) else []
    found = [value for value in map(_whole, given) if value is not None and 1 <= value <= highest]
    if not 0 < len(given) <= most or len(found) != len(given):
        what = f"{name} must be a list of 1 to {most} numbers from 1 to {highest}"
        raise Problem(HTTPStatus.BAD_REQUEST, what, parameter=name)
    return found


def _whole(value: object) -> int | None:
    """A whole number, also as JSON may write one: 1.0."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def too_large(limit: int) -> Problem:
    """What is answered to whoever sends more."""
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"it is longer than the {limit} bytes that are allowed")
