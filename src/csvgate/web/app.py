"""A door and the table of operations in; a WSGI application that admits, answers, and logs each request out."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http import HTTPStatus

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as Answered

from csvgate.delivery import Arrival
from csvgate.delivery_json import instant
from csvgate.errors import CsvgateError
from csvgate.telemetry.tracing import TRACEPARENT
from csvgate.web import identity, problems
from csvgate.web.door import Door
from csvgate.web.headers import secured
from csvgate.web.operations import JSON, Asked, Created, Operation, Reply
from csvgate.web.problems import Problem

Log = Callable[[dict[str, object]], object]
# Shows a problem to a person; a program gets it as JSON.
HTML_PAGE = "text/html"
ProblemPage = Callable[[Problem, str, str], str]


def create_app(door: Door, operations: Sequence[Operation], log: Log, problem_page: ProblemPage) -> Flask:
    """The application; only what is in the table is answered."""
    app = Flask("csvgate.web", static_folder="static", static_url_path="/static")
    app.url_map.strict_slashes = True
    # Else `//` is redirected to an address made of whatever Host the request names.
    app.url_map.merge_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = None
    door = replace(door, announce=partial(_arrived, door, log))
    for operation in operations:
        view = partial(_answer, operation, door)
        name = f"{operation.name}:{operation.path}"
        app.add_url_rule(operation.rule, name, view, methods=[operation.method], provide_automatic_options=False)
    app.before_request(_begin)
    app.after_request(partial(_finish, door, log))
    app.register_error_handler(Exception, partial(_failed, problem_page))
    return app


def _begin() -> None:
    g.request_id, g.began, g.problem = uuid.uuid4().hex, time.perf_counter(), None
    # Of a coding that nobody undoes, the file would be kept as it travelled, and not as it was sent.
    if request.headers.get("Transfer-Encoding", "chunked").strip().lower() != "chunked":
        raise Problem(HTTPStatus.BAD_REQUEST, "the only transfer coding is chunked")


def _answer(operation: Operation, door: Door, **path: str) -> Answered:
    g.holder = identity.admit(request, operation, door)
    values = {}
    for parameter in operation.parameters:
        given = {"path": [path.get(parameter.name, "")], "query": request.args.getlist(parameter.name)}
        header = request.headers.get(parameter.name)
        given["header"] = [] if header is None else [header]
        values[parameter.name] = parameter.value(given[parameter.place])
    asked = Asked(
        door=door,
        holder=g.holder,
        values=values,
        now=door.clock(),
        request_id=g.request_id,
        url=request.full_path.rstrip("?"),
        stream=request.stream,
        content_type=request.content_type or "",
        content_length=request.content_length,
    )
    with _traced(operation, door):
        return _response(operation.handler(asked))


@contextmanager
def _traced(operation: Operation, door: Door) -> Iterator[None]:
    """Where a file comes in, its trace begins, or goes on from whoever sends it; of all else there is none."""
    if not operation.brings_file:
        yield
        return
    tracer = door.ports.tracer
    with tracer.span("upload", "server", parent={TRACEPARENT: request.headers.get(TRACEPARENT, "")}):
        tracer.note(route=operation.path, method=operation.method, request_id=g.request_id)
        g.trace_id = tracer.trace_id
        yield


def _arrived(door: Door, log: Log, arrival: Arrival) -> None:
    """The log says which delivery the request has brought: by its id it is found in all that comes after."""
    line = {
        "time": instant(door.clock()),
        "level": "info",
        "message": "a file is in the bucket",
        "request_id": g.request_id,
        "trace_id": getattr(g, "trace_id", None),
        "delivery_id": arrival.delivery_id if arrival.version_id else None,
        "bucket": arrival.bucket,
        "key": arrival.key,
    }
    log({name: value for name, value in line.items() if value is not None})
    door.announce(arrival)


def _response(reply: Reply) -> Answered:
    if isinstance(reply, Answered):
        return reply
    status = HTTPStatus.CREATED if isinstance(reply, Created) else HTTPStatus.OK
    return Response(json.dumps(reply), int(status), mimetype=JSON)


def _failed(problem_page: ProblemPage, exc: Exception) -> Response:
    """Every error is an answer; the words of one that nobody foresaw are in the log alone."""
    problem = _problem(exc)
    g.problem = problem.detail if isinstance(exc, Problem) else f"{type(exc).__name__}: {exc}"[:1000]
    if request.path.startswith("/api/") or request.accept_mimetypes.best_match([JSON, HTML_PAGE]) != HTML_PAGE:
        body, kind = json.dumps(problem.document(g.request_id)), problems.MEDIA_TYPE
    else:
        body, kind = problem_page(problem, g.request_id, request.full_path.rstrip("?")), HTML_PAGE
    response = Response(body, int(problem.status), mimetype=kind)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="csvgate"'
    if isinstance(exc, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(exc.valid_methods or ()))
    if "retry_after" in problem.more:
        response.headers["Retry-After"] = str(problem.more["retry_after"])
    return response


def _problem(exc: Exception) -> Problem:
    if isinstance(exc, Problem):
        return exc
    if isinstance(exc, CsvgateError):
        return problems.problem_of(exc)
    if isinstance(exc, HTTPException) and exc.code:
        status = HTTPStatus(exc.code)
        return Problem(status, status.description or status.phrase)
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "something went wrong here; the request id finds it in the log")


def _finish(door: Door, log: Log, response: Response) -> Response:
    """A request is counted, and one line of the log: by its route, since a path may hold what nobody is to read."""
    holder, route, seconds = getattr(g, "holder", None), _route(), time.perf_counter() - g.began
    # Strangers may make up paths and methods, and each would be a figure of its own.
    method, status = request.method if route else "", str(response.status_code)
    door.metrics.add("csvgate_http_requests_total", route=route or "", method=method, status=status)
    door.metrics.observe("csvgate_http_request_seconds", seconds, route=route or "")
    line = {
        "time": instant(door.clock()),
        "level": "error" if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR else "info",
        "message": "a request was answered",
        "request_id": g.request_id,
        "trace_id": getattr(g, "trace_id", None),
        "method": request.method,
        "route": route,
        "delivery_id": (request.view_args or {}).get("delivery_id"),
        "status": response.status_code,
        "token": holder.token_id if holder else None,
        "problem": g.problem,
        "ms": round(seconds * 1000),
    }
    log({name: value for name, value in line.items() if value is not None})
    return secured(response, request_id=g.request_id, upload_origin=door.upload_origin)  # type: ignore[return-value]


def _route() -> str | None:
    """The path as the table has it; None where there is no such path, or it has no such method."""
    return request.url_rule.rule if request.url_rule else None
