"""An idempotency key in; the answer that was given under it before, or the word to go ahead, out.

Kept in the results bucket by a digest, so that every server of a service knows it; see the IETF draft on
`Idempotency-Key`. The same key with another request is a mistake, and two at once are one too many.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus

from csvgate.delivery_json import instant
from csvgate.ports import Document
from csvgate.web.operations import Asked
from csvgate.web.parameters import Parameter
from csvgate.web.problems import Problem

FOLDER = "requests/"
# Who began a request and was never heard of again is not waited for any longer.
GIVEN_UP = timedelta(minutes=15)
JSON = "application/json"
IDEMPOTENCY_KEY = Parameter(
    name="Idempotency-Key",
    meaning="a text of your choice: repeating the request with it changes nothing, and gives the first answer again",
    place="header",
    schema={"type": "string", "minLength": 1, "maxLength": 255},
)

Told = dict[str, object]


def once(asked: Asked, what: Mapping[str, object], do: Callable[[], Told]) -> Told:
    """What `do` gives; under a key that was used before for the same, what it gave then.

    Problem 409 while the first one is at work, 422 if the key was used for something else.
    """
    key = asked.text(IDEMPOTENCY_KEY.name)
    if not key:
        return do()
    uri, wanted = _address(asked, key), _digest(json.dumps(what, sort_keys=True))
    seen = asked.door.ports.objects.see(uri)
    if seen and (told := _told(seen, wanted, asked.now)) is not None:
        return told
    if not _keep(asked, uri, {"wanted": wanted, "began": instant(asked.now), "told": None}, seen):
        raise _busy()
    try:
        answer = do()
    except BaseException:
        asked.door.ports.objects.remove(uri)
        raise
    begun = asked.door.ports.objects.see(uri)
    _keep(asked, uri, {"wanted": wanted, "began": instant(asked.now), "told": answer}, begun)
    return answer


def _told(seen: Document, wanted: str, now: datetime) -> Told | None:
    """The first answer; None if whoever began it has gone."""
    kept = json.loads(seen.body)
    if kept["wanted"] != wanted:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "this Idempotency-Key was used for another request")
    if kept["told"] is not None:
        answer: Told = kept["told"]
        return answer
    if now - datetime.fromisoformat(kept["began"]) < GIVEN_UP:
        raise _busy()
    return None


def _keep(asked: Asked, uri: str, kept: Mapping[str, object], seen: Document | None) -> bool:
    return asked.door.ports.objects.swap(uri, json.dumps(kept).encode(), JSON, seen=seen)


def _address(asked: Asked, key: str) -> str:
    """Whoever has another token has other keys."""
    name = _digest(f"{asked.token.token_id}\n{key}")
    return f"s3://{asked.door.ports.results_bucket}/{FOLDER}{name}.json"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _busy() -> Problem:
    return Problem(HTTPStatus.CONFLICT, "a request with this Idempotency-Key is being worked on")
