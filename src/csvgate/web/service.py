"""All that the service answers: every operation of the API and every page, in one table."""

from __future__ import annotations

import json

from werkzeug.wrappers import Response

from csvgate.web.api import deliveries, downloads, failures, feeds, multipart, status, uploads
from csvgate.web.openapi import document
from csvgate.web.operations import JSON, Answer, Asked, Operation, Reply

MODULES = (status, deliveries, downloads, uploads, multipart, feeds, failures)


def openapi(_: Asked) -> Reply:
    """What may be asked, and what is answered."""
    return Response(json.dumps(document(TABLE)), mimetype=JSON)


TABLE: tuple[Operation, ...] = (
    *(operation for module in MODULES for operation in module.OPERATIONS),
    Operation(
        method="GET",
        path="/openapi.json",
        scope=None,
        summary="This document",
        handler=openapi,
        answers={200: Answer(meaning="OpenAPI 3.1", schema={"type": "object"})},
    ),
)
