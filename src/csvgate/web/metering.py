"""An upload in; its turn and its bytes taken from what its token may have, and counted, out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from http import HTTPStatus

from csvgate.web.operations import Asked
from csvgate.web.problems import Problem


def take_turn(asked: Asked) -> None:
    """One more upload may begin; Problem 429 says in how many seconds, if not now."""
    door, who = asked.door, asked.token.token_id
    if door.byte_rate:
        _require(asked, "bytes", door.byte_rate.take(who, 0))
    _require(asked, "uploads", door.upload_rate.take(who, 1))


def take_look(asked: Asked) -> None:
    """One more file may be looked at, as many as may be uploaded; Problem 429 as with an upload."""
    _require(asked, "looks", asked.door.upload_rate.take(f"{asked.token.token_id} looks", 1))


def _require(asked: Asked, what: str, seconds: float) -> None:
    if seconds:
        asked.door.metrics.add("csvgate_rate_limited_total", of=what)
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, f"too many {what} in a short time", retry_after=math.ceil(seconds))


def take_more(asked: Asked, *, turns: int = 0, size: int = 0) -> None:
    """What cannot be put off any more is taken, too: whoever takes too much waits with the next upload."""
    door, who = asked.door, asked.token.token_id
    door.upload_rate.spend(who, turns)
    if door.byte_rate:
        door.byte_rate.spend(who, size)


def metered(asked: Asked, content: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, taken as they come."""
    for piece in content:
        take_more(asked, size=len(piece))
        yield piece


def count(asked: Asked, way: str) -> None:
    """One more file is in the bucket."""
    asked.door.metrics.add("csvgate_uploads_total", way=way)
