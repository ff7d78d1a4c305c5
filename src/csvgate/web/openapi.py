"""The table of operations in; its OpenAPI 3.1 document out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from csvgate import __version__
from csvgate.web.operations import JSON, Operation
from csvgate.web.parameters import Parameter
from csvgate.web.problems import MEDIA_TYPE
from csvgate.web.repeats import IDEMPOTENCY_KEY
from csvgate.web.schemas import SCHEMAS

PROBLEM = {"$ref": "#/components/schemas/Problem"}
SCOPES_SAY = {
    "upload": "put files in",
    "read": "see deliveries, receipts and feeds",
    "operate": "see failures and put them back, and read the figures",
}


def document(operations: Iterable[Operation]) -> dict[str, Any]:
    """The document; what is a page is left out."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        if not operation.is_page:
            paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "csvgate", "version": __version__, "description": _description()},
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _description() -> str:
    scopes = "; ".join(f"`{scope}`: {meaning}" for scope, meaning in SCOPES_SAY.items())
    return f"Files in, receipts out. A token has scopes: {scopes}. Errors are problem details (RFC 9457)."


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [_parameter(parameter) for parameter in operation.parameters],
        "responses": _responses(operation),
        "security": [{"token": []}] if operation.scope else [],
    }
    if operation.scope:
        described["description"] = f"Needs a token with the scope `{operation.scope}`."
    if operation.body:
        content = {kind: {"schema": schema} if schema else {} for kind, schema in operation.body.content.items()}
        described["requestBody"] = {
            "description": operation.body.meaning,
            "required": operation.body.is_needed,
            "content": content,
        }
    return described


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: Mapping[str, object] = parameter.schema
    if parameter.default is not None:
        schema = {**schema, "default": parameter.default}
    return {
        "name": parameter.name,
        "in": parameter.place,
        "description": parameter.meaning,
        "required": parameter.is_needed or parameter.place == "path",
        "schema": schema,
    }


def _responses(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for status, answer in operation.answers.items():
        shape = {"schema": answer.schema} if answer.schema else {}
        told[str(status)] = {"description": answer.meaning, "content": {answer.media_type: shape}}
    problem = {"description": "A problem", "content": {MEDIA_TYPE: {"schema": PROBLEM}}}
    return {**told, "default": problem, **{str(int(status)): problem for status in _expected(operation)}}


def _expected(operation: Operation) -> list[HTTPStatus]:
    """The problems that come of what the operation is like, and those that it says itself."""
    expected = [*operation.refuses]
    if operation.scope:
        expected += [HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE]
    if operation.parameters or operation.body:
        expected.append(HTTPStatus.BAD_REQUEST)
    if any(parameter.place == "path" for parameter in operation.parameters):
        expected.append(HTTPStatus.NOT_FOUND)
    if operation.body:
        expected.append(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if operation.body and JSON in operation.body.content:
        expected.append(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if IDEMPOTENCY_KEY in operation.parameters:
        expected += [HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY]
    return sorted(set(expected))
