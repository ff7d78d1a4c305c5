"""What can be asked of the service: the one table from which routes, access and the OpenAPI document are made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Literal

from werkzeug.wrappers import Response

from csvgate.web.access import Scope, Token
from csvgate.web.door import Door
from csvgate.web.parameters import JsonSchema, Parameter, Value
from csvgate.web.patience import Readable
from csvgate.web.problems import Problem

Method = Literal["GET", "POST", "PUT", "DELETE"]
JSON, HTML = "application/json", "text/html; charset=utf-8"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What an operation answers: words, and the shape of its JSON, or the media type of anything else."""

    meaning: str
    schema: JsonSchema | None = None
    media_type: str = JSON


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """What an operation takes, by media type; a media type without a schema is any bytes."""

    meaning: str
    content: Mapping[str, JsonSchema | None]
    is_needed: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A request that may be made: by whom, with which values, at what time; `url` is the path with its query."""

    door: Door
    holder: Token | None
    values: Mapping[str, Value]
    now: datetime
    request_id: str
    url: str
    stream: Readable
    content_type: str = ""
    content_length: int | None = None

    @property
    def token(self) -> Token:
        """Whoever asks; only operations with a scope may want to know."""
        if self.holder is None:
            raise Problem(HTTPStatus.UNAUTHORIZED, "a token is needed")
        return self.holder

    def text(self, name: str) -> str:
        """A value that is a text; '' where it was left out."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def number(self, name: str) -> int:
        """A value that is a number."""
        return int(self.values[name] or 0)


class Created(dict[str, object]):
    """A document that is new: its status is 201."""


# What a handler gives: a document, which becomes JSON, or a response of its own making.
Reply = Response | Mapping[str, object]
Handler = Callable[[Asked], Reply]


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One method of one path, as OpenAPI writes it; `scope` None: it is open to everybody.

    An operation without answers is a page: it has no place in the OpenAPI document. `refuses`: the problems that it
    may answer with, besides those that come of its scope, its parameters and its body. `brings_file`: by it a file
    comes into the bucket, whose trace begins here.
    """

    method: Method
    path: str
    scope: Scope | None
    summary: str
    handler: Handler
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    answers: Mapping[int, Answer] = field(default_factory=dict)
    refuses: Sequence[HTTPStatus] = ()
    brings_file: bool = False

    @property
    def name(self) -> str:
        """The name of the operation, unique in the service."""
        return f"{self.handler.__module__.rpartition('.')[2]}_{self.handler.__name__}"

    @property
    def rule(self) -> str:
        """The path as Flask writes it; a parameter called `key` may hold slashes."""
        return re.sub(r"\{(\w+)\}", lambda match: f"<{'path:' if match[1] == 'key' else ''}{match[1]}>", self.path)

    @property
    def is_page(self) -> bool:
        """Whether it is for people to look at."""
        return not self.answers

    @property
    def changes(self) -> bool:
        """Whether something is another than before when it is done."""
        return self.method != "GET"


def the_only_of_each(operations: Iterable[Operation]) -> tuple[Operation, ...]:
    """The operations, of which no two have the same method and path."""
    known = {(operation.method, operation.path): operation for operation in operations}
    return tuple(known.values())
