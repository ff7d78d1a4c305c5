"""Health and readiness, which everybody may ask for, and the figures, which are for whoever runs the service."""

from __future__ import annotations

from http import HTTPStatus

from werkzeug.wrappers import Response

from csvgate.errors import CsvgateError
from csvgate.web.operations import Answer, Asked, Operation, Reply
from csvgate.web.problems import Problem

PLAIN, PROMETHEUS = "text/plain", "text/plain; version=0.0.4; charset=utf-8"


def healthz(_: Asked) -> Reply:
    """The process lives."""
    return Response("ok\n", mimetype=PLAIN)


def readyz(asked: Asked) -> Reply:
    """The catalog answers."""
    try:
        asked.door.ports.catalog.get("0" * 64)
    except CsvgateError as exc:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "the catalog does not answer") from exc
    return Response("ready\n", mimetype=PLAIN)


def metrics(asked: Asked) -> Reply:
    """What happened here since the process began; to everybody's files, so that it is nothing for one tenant."""
    if asked.token.tenant:
        raise Problem(HTTPStatus.FORBIDDEN, "the figures are of all tenants")
    return Response(asked.door.metrics.text(), content_type=PROMETHEUS)


OPERATIONS = (
    Operation(
        method="GET",
        path="/healthz",
        scope=None,
        summary="Whether the service lives",
        handler=healthz,
        answers={200: Answer(meaning="It does", media_type=PLAIN)},
    ),
    Operation(
        method="GET",
        path="/readyz",
        scope=None,
        summary="Whether the service can work",
        handler=readyz,
        answers={200: Answer(meaning="It can", media_type=PLAIN)},
        refuses=(HTTPStatus.SERVICE_UNAVAILABLE,),
    ),
    Operation(
        method="GET",
        path="/metrics",
        scope="operate",
        summary="Figures for Prometheus",
        handler=metrics,
        answers={200: Answer(meaning="The figures of this server", media_type=PLAIN)},
    ),
)
