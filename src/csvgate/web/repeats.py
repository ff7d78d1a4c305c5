"""An idempotency key in; the answer that was given under it before, or the word to go ahead, out.

Kept in the results bucket by a digest, so that every server of a service knows it; see the IETF draft on
`Idempotency-Key`. The same key with another request is a mistake, and two at once are one too many.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from csvgate.delivery_json import instant
from csvgate.errors import CsvgateError
from csvgate.ports.objects import Document
from csvgate.web.operations import Asked
from csvgate.web.parameters import Parameter
from csvgate.web.problems import Problem

FOLDER = "requests/"
# Who began a request and was never heard of again is not waited for any longer; who is at work says so every minute.
GIVEN_UP, SIGN_OF_LIFE = timedelta(minutes=5), timedelta(minutes=1)
JSON = "application/json"
IDEMPOTENCY_KEY = Parameter(
    name="Idempotency-Key",
    meaning="a text of your choice: repeating the request with it changes nothing, and gives the first answer again",
    place="header",
    schema={"type": "string", "minLength": 1, "maxLength": 255},
)

Told = dict[str, object]


@dataclass(kw_only=True, slots=True)
class Turn:
    """One try of a request, which `uri` tells of; `mark` is the same in all tries of it, and '' where there is no key.

    `wanted` is a hash of what was asked for; `is_again`: an earlier try ended without a word, and may have done it all.
    """

    asked: Asked
    uri: str = ""
    wanted: str = ""
    mark: str = ""
    is_again: bool = False
    _written: bytes = b""
    _at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._at = self.asked.now

    def held(self, content: Iterator[bytes]) -> Iterator[bytes]:
        """The same bytes; Problem 409 before they end, where somebody else has taken the turn meanwhile."""
        for piece in content:
            self._hold()
            yield piece
        self._hold()

    def begin(self, seen: Document | None) -> None:
        """It is ours from now on; Problem 409 if somebody else was faster."""
        if not self._put({"began": instant(self._at), "told": None}, seen):
            raise busy()

    def end(self, told: Told) -> None:
        """Whoever asks again is told this; somebody else's turn stays as it is."""
        self._put({"began": instant(self._at), "told": told}, self._own())

    def leave(self) -> None:
        """Somebody else may try at once; what is left of this try is found by its mark."""
        with suppress(CsvgateError):
            self._put({"began": None, "told": None}, self._own())

    def forget(self) -> None:
        """The request was none, and the key is free."""
        with suppress(CsvgateError):
            if self._own():
                self.asked.door.ports.objects.remove(self.uri)

    def _hold(self) -> None:
        now = self.asked.door.clock()
        if self.mark and now - self._at >= SIGN_OF_LIFE:
            self._at = now
            # A sign that nobody could write down is no reason to give up.
            with suppress(CsvgateError):
                self.begin(self._own())

    def _put(self, kept: Mapping[str, object], seen: Document | None) -> bool:
        """Written in place of what was seen; also where it was an earlier try of this very call that did it."""
        if self._written and seen is None:
            return False
        # No two bodies are alike: so one knows one's own, also where the answer of the call is lost.
        body = json.dumps({"wanted": self.wanted, "mark": self.mark, "by": secrets.token_hex(8), **kept}).encode()
        self._written = body
        return self.asked.door.ports.objects.swap(self.uri, body, JSON, seen=seen) or self._own() is not None

    def _own(self) -> Document | None:
        """What was written last, if nobody else has written since."""
        seen = self.asked.door.ports.objects.see(self.uri)
        return seen if seen and seen.body == self._written else None


def once(asked: Asked, what: Mapping[str, object], do: Callable[[Turn], Told]) -> Told:
    """What `do` gives; under a key that was used before for the same, what it gave then.

    Problem 409 while the first one is at work, 422 if the key was used for something else.
    """
    key = asked.text(IDEMPOTENCY_KEY.name)
    if not key:
        return do(Turn(asked=asked))
    uri, wanted = _address(asked, key), _digest(json.dumps(what, sort_keys=True))
    seen = asked.door.ports.objects.see(uri)
    kept: dict[str, Any] = json.loads(seen.body) if seen else {"wanted": wanted}
    if kept["wanted"] != wanted:
        raise misused()
    told: Told | None = kept.get("told")
    if told is not None:
        return told
    _require_given_up(kept.get("began"), asked.now)
    mark = kept.get("mark") or secrets.token_hex(16)
    return _done(Turn(asked=asked, uri=uri, wanted=wanted, mark=mark, is_again=seen is not None), seen, do)


def _done(turn: Turn, seen: Document | None, do: Callable[[Turn], Told]) -> Told:
    """The answer, which is known from now on; of a try that failed, that it did."""
    try:
        turn.begin(seen)
        answer = do(turn)
        turn.end(answer)
    except BaseException as exc:
        if isinstance(exc, Problem) and not turn.is_again:
            turn.forget()
        else:
            turn.leave()
        raise
    return answer


def _require_given_up(began: str | None, now: datetime) -> None:
    if began and now - datetime.fromisoformat(began) < GIVEN_UP:
        raise busy()


def _address(asked: Asked, key: str) -> str:
    """Whoever has another token has other keys."""
    name = _digest(f"{asked.token.token_id}\n{key}")
    return f"s3://{asked.door.ports.results_bucket}/{FOLDER}{name}.json"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def misused() -> Problem:
    """What is answered to whoever uses a key for two requests."""
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "this Idempotency-Key was used for another request")


def busy() -> Problem:
    """What is answered to whoever does not wait for his own request."""
    return Problem(HTTPStatus.CONFLICT, "a request with this Idempotency-Key is being worked on")
