"""All that the service answers: every operation of the API and every page, in one table."""

from __future__ import annotations

import json

from werkzeug.wrappers import Response

from csvgate.web.api import deliveries, multipart, status, uploads
from csvgate.web.openapi import document
from csvgate.web.operations import Answer, Asked, Operation, Reply

OPERATIONS: tuple[Operation, ...] = (
    *status.OPERATIONS,
    *deliveries.OPERATIONS,
    *uploads.OPERATIONS,
    *multipart.OPERATIONS,
)


def openapi(_: Asked) -> Reply:
    """What may be asked, and what is answered."""
    return Response(json.dumps(document(TABLE)), mimetype="application/json")


TABLE = (
    *OPERATIONS,
    Operation(
        method="GET",
        path="/openapi.json",
        scope=None,
        summary="This document",
        handler=openapi,
        answers={200: Answer(meaning="OpenAPI 3.1", schema={"type": "object"})},
    ),
)
