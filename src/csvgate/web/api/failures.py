"""What failed and why, and putting it back: for whoever runs the service."""

from __future__ import annotations

from http import HTTPStatus

from csvgate.upkeep.redrive import Wish, redrive
from csvgate.web.bodies import document
from csvgate.web.listing import PAGING, listed
from csvgate.web.operations import Answer, Asked, Body, Operation, Reply
from csvgate.web.problems import Problem
from csvgate.web.schemas import COUNT, TEXT, list_of, named, record


def failures(asked: Asked) -> Reply:
    """The deliveries that failed, newest first."""
    return listed(asked, "failed")


def put_back(asked: Asked) -> Reply:
    """Dead letters are on their way again: of these deliveries or keys, and with these words in the reason."""
    body = document(asked)
    names, reason = body.get("names", []), body.get("reason", "")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or not isinstance(reason, str):
        raise Problem(HTTPStatus.BAD_REQUEST, "names must be a list of texts, and reason a text")
    if not asked.door.dead_letters:
        raise Problem(HTTPStatus.CONFLICT, "this service was not told where the dead letters are")
    wish = Wish(names=frozenset(names), reason=reason, prefix=asked.token.tenant)
    return redrive(asked.door.dead_letters, wish, asked.door.ports).to_json()


OPERATIONS = (
    Operation(
        method="GET",
        path="/api/failures",
        scope="operate",
        summary="Deliveries that failed, newest first",
        handler=failures,
        parameters=PAGING,
        answers={200: Answer(meaning="The failures", schema=named("Deliveries"))},
    ),
    Operation(
        method="POST",
        path="/api/failures/redrive",
        scope="operate",
        summary="Put failed messages back",
        handler=put_back,
        body=Body(
            meaning="Which: of these keys or deliveries, with these words in the reason; {} is all",
            content={"application/json": record({"names": list_of(TEXT), "reason": TEXT})},
        ),
        answers={
            200: Answer(
                meaning="How many were put back",
                schema=record(
                    {"redriven": COUNT, "left": COUNT, "unreadable": COUNT, "first": list_of({"type": "object"})},
                    needed=("redriven", "left", "unreadable"),
                ),
            )
        },
        refuses=(HTTPStatus.CONFLICT,),
    ),
)
