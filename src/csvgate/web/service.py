"""All that the service answers: every operation of the API and every page, in one table."""

from __future__ import annotations

import json

from werkzeug.wrappers import Response

from csvgate.web.api import deliveries, downloads, failures, feeds, multipart, preflight, sharing, status, uploads
from csvgate.web.openapi import document
from csvgate.web.operations import JSON, Answer, Asked, Operation, Reply
from csvgate.web.pages import deliveries as deliveries_page
from csvgate.web.pages import failures as failures_page
from csvgate.web.pages import feeds as feeds_page
from csvgate.web.pages import receipt, rows, sheets, signin, upload
from csvgate.web.pages.frame import page
from csvgate.web.pages.reference import reference

MODULES = (status, deliveries, downloads, sharing, preflight, uploads, multipart, feeds, failures)
PAGES = (upload, deliveries_page, rows, receipt, feeds_page, failures_page, signin, sheets)


def openapi(_: Asked) -> Reply:
    """What may be asked, and what is answered."""
    return Response(json.dumps(document(TABLE)), mimetype=JSON)


def docs(asked: Asked) -> Reply:
    """The same, for people."""
    return page(asked, "API", reference(document(TABLE)))


TABLE: tuple[Operation, ...] = (
    *(operation for module in (*MODULES, *PAGES) for operation in module.OPERATIONS),
    Operation(
        method="GET",
        path="/openapi.json",
        scope=None,
        summary="This document",
        handler=openapi,
        answers={200: Answer(meaning="OpenAPI 3.1", schema={"type": "object"})},
    ),
    Operation(method="GET", path="/docs", scope="read", summary="This document, as a page", handler=docs),
)
