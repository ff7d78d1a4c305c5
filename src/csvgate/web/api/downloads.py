"""Files out: what a delivery's rows are as canonical CSV, what did not fit, and what its contract put aside.

They are attachments and never shown by the browser itself. Nothing of the sender's runs in a spreadsheet by accident:
unless it is asked for as it is, a cell that begins like a formula gets an apostrophe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus
from itertools import chain
from typing import Literal
from urllib.parse import quote

from werkzeug.wrappers import Response

from csvgate.core.canonical import Canonical, Style
from csvgate.core.contracts.quarantine import guarded
from csvgate.core.inspected import inspection_of
from csvgate.core.inspection import Inspection
from csvgate.delivery import Delivery
from csvgate.pipeline.inspections import document_of, quarantine_of
from csvgate.report.escape import HOSTILE
from csvgate.web.api.deliveries import ID, delivery_asked_for
from csvgate.web.operations import Answer, Asked, Handler, Operation, Reply
from csvgate.web.parameters import Parameter
from csvgate.web.problems import NotFound, Problem

CSV = "text/csv"
RAGGED = Parameter(
    name="ragged",
    meaning="what becomes of records with more or fewer cells than there are columns",
    schema={"type": "string", "enum": ["reject", "pad", "keep"]},
    default="reject",
)
FORMULAS = Parameter(
    name="formulas",
    meaning="`guard` puts an apostrophe before cells that a spreadsheet would run; `keep` leaves them",
    schema={"type": "string", "enum": ["guard", "keep"]},
    default="guard",
)


def clean(asked: Asked) -> Reply:
    """The table, as UTF-8 with commas."""
    return _streamed(asked, "clean", lambda canonical: (piece.text for piece in canonical.pieces()))


def rejects(asked: Asked) -> Reply:
    """The records that are no part of the table, with their reasons."""
    return _streamed(asked, "rejects", lambda canonical: (piece.rejects for piece in canonical.pieces()))


def quarantine(asked: Asked) -> Reply:
    """The rows that break the contract behind their reasons; with `keep` as the sender wrote them, byte by byte."""
    delivery = delivery_asked_for(asked)
    body = quarantine_of(delivery, asked.door.ports.objects)
    if body is None:
        what = "quarantine: no row of this delivery was put aside"
        raise NotFound(what)
    inspection = _inspection(asked, delivery)
    if asked.text("formulas") == "guard":
        return _attached(guarded(body, inspection), delivery, "quarantine")
    return _attached(iter([body]), delivery, "quarantine", inspection.dialect.encoding)


def _streamed(asked: Asked, what: str, texts: Callable[[Canonical], Iterator[str]]) -> Reply:
    delivery = delivery_asked_for(asked)
    canonical = _canonical(asked, delivery)
    encoded = (text.encode("utf-8", "surrogatepass") for text in texts(canonical) if text)
    # The first piece is made now: what cannot be read at all is an answer, and no broken download.
    first = next(encoded, b"")
    return _attached(chain([first], _checked(encoded, canonical)), delivery, what)


def _checked(pieces: Iterator[bytes], canonical: Canonical) -> Iterator[bytes]:
    """The pieces; the download breaks off where they are not those that were inspected."""
    yield from pieces
    if not canonical.agrees:
        message = "the file changed since it was inspected"
        raise RuntimeError(message)


def _canonical(asked: Asked, delivery: Delivery) -> Canonical:
    if delivery.verdict not in {"ok", "warning"}:
        raise Problem(HTTPStatus.CONFLICT, "this delivery has no table: its file was not read as CSV")
    opened = asked.door.ports.objects.open(delivery.arrival)
    if isinstance(opened, str):
        raise Problem(HTTPStatus.GONE, "the file of this delivery is gone")
    ragged: dict[str, Literal["reject", "pad", "keep"]] = {"reject": "reject", "pad": "pad", "keep": "keep"}
    style = Style(ragged=ragged[asked.text("ragged")], line_end="\r\n", excel_safe=asked.text("formulas") == "guard")
    return Canonical(opened.chunks, _inspection(asked, delivery), style)


def _inspection(asked: Asked, delivery: Delivery) -> Inspection:
    document = document_of(delivery, asked.door.ports.objects)
    if document is None:
        what = "inspection"
        raise NotFound(what)
    return inspection_of(document)


def _attached(body: Iterator[bytes], delivery: Delivery, what: str, encoding: str = "utf-8") -> Response:
    stem = HOSTILE.sub("_", delivery.filename).removesuffix(".csv")
    name = f"{stem}.{what}.csv"
    response = Response(body, content_type=f"{CSV}; charset={encoding}")
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return response


def _operation(path: str, summary: str, handler: Handler, parameters: tuple[Parameter, ...] = ()) -> Operation:
    return Operation(
        method="GET",
        path=f"/api/deliveries/{{delivery_id}}/{path}",
        scope="read",
        summary=summary,
        handler=handler,
        parameters=(ID, *parameters),
        answers={200: Answer(meaning="The file", schema={"type": "string"}, media_type=CSV)},
    )


OPERATIONS = (
    _operation("clean", "The table of a delivery as canonical CSV", clean, (RAGGED, FORMULAS)),
    _operation("rejects", "The records that are no part of the table", rejects, (RAGGED, FORMULAS)),
    _operation("quarantine", "The rows that break the contract", quarantine, (FORMULAS,)),
)
