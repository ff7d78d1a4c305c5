"""The first and the last bytes of a file in; what the gate takes it for, before the rest of it is sent, out."""

from __future__ import annotations

from http import HTTPStatus

from csvgate.core.preview import preview
from csvgate.report import words
from csvgate.web.bodies import pieces
from csvgate.web.metering import take_look
from csvgate.web.operations import Answer, Asked, Body, Operation, Reply
from csvgate.web.parameters import Parameter
from csvgate.web.problems import Problem
from csvgate.web.schemas import COUNT, FINDING, TEXT, list_of, record

# As much as the gate itself looks at before it decides what a file is.
WINDOW = 1 << 20
LARGEST = 1 << 53
COLUMNS_TOLD = 200
SIZE = Parameter(
    name="size",
    meaning="how long the whole file is, in bytes",
    schema={"type": "integer", "minimum": 0, "maximum": LARGEST},
)


def preflight(asked: Asked) -> Reply:
    """What the file seems to be; nothing is kept of it, and as often as one may upload."""
    take_look(asked)
    content = b"".join(pieces(asked, 2 * WINDOW))
    size = asked.number("size")
    if len(content) < min(size, 2 * WINDOW):
        raise Problem(HTTPStatus.BAD_REQUEST, f"the body must be the first and the last {WINDOW} bytes of the file")
    found = preview(content[:WINDOW], content[WINDOW:], size=size)
    told = found.to_json()
    is_read = told["dialect"] and told["column_count"]
    return {
        **told,
        "columns": told["columns"][:COLUMNS_TOLD],
        "written_as": words.written_as(told["dialect"]) if is_read else None,
    }


PREVIEW = record(
    {
        "is_whole": {"type": "boolean"},
        "verdict": TEXT,
        "compression": {"type": ["string", "null"]},
        "dialect": {"type": ["object", "null"]},
        "written_as": {"type": ["string", "null"]},
        "column_count": COUNT,
        "columns": list_of(record({"name": TEXT, "type": TEXT}, needed=("name", "type"))),
        "findings": list_of(FINDING),
    },
    needed=("is_whole", "verdict", "column_count", "columns", "findings"),
)
OPERATIONS = (
    Operation(
        method="POST",
        path="/api/preflight",
        scope="upload",
        summary="What a file seems to be, before it is sent",
        handler=preflight,
        parameters=(SIZE,),
        body=Body(
            meaning="The first MiB of the file, then its last MiB; of one up to 2 MiB, all of it",
            content={"application/octet-stream": None},
            is_needed=False,
        ),
        answers={200: Answer(meaning="A preview: exact for a small file, else of its ends", schema=PREVIEW)},
        refuses=(HTTPStatus.TOO_MANY_REQUESTS,),
    ),
)
