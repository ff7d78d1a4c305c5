"""Nobody gets in without a token, everybody gets an answer, and the answer names nothing of the inside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from csvgate.errors import PermanentError, TransientError
from csvgate.web.app import create_app
from csvgate.web.operations import Operation
from csvgate.web.pages.problem import problem_page
from csvgate.web.service import TABLE
from tests.tracing import Seen
from tests.web.door import Service, said

OPEN = {"/healthz", "/readyz", "/openapi.json", "/receipt.css"}
# Nobody is signed in or out by a page of somebody else.
OWN_PAGES = {"/sign-in", "/sign-out"}


def path_of(operation: Operation) -> str:
    return (
        operation.path.replace("{delivery_id}", "0" * 64)
        .replace("{upload_id}", "0" * 32)
        .replace("{name}", "people")
        .replace("{secret}", "x" * 43)
    )


@pytest.mark.parametrize("operation", TABLE, ids=lambda operation: f"{operation.method} {operation.path}")
def test_without_a_token_only_what_is_meant_for_everybody_answers(operation: Operation) -> None:
    """Taken from the table itself, so that no route can be forgotten."""
    answer = Service().app.test_client().open(path_of(operation), method=operation.method)
    expected = 200 if operation.path in OPEN else 403 if operation.path in OWN_PAGES else 401
    assert answer.status_code == expected


def test_the_table_is_all_that_there_is() -> None:
    rules = {rule.rule for rule in Service().app.url_map.iter_rules()}
    assert rules == {operation.rule for operation in TABLE} | {"/static/<path:filename>"}


@pytest.mark.parametrize("text", ["", "nonsense", "csvgate_0123456789abcdef_" + "x" * 43])
def test_what_is_no_token_that_counts_opens_nothing(text: str) -> None:
    answer = Service().app.test_client().get("/api/deliveries", headers={"Authorization": f"Bearer {text}"})
    assert (answer.status_code, said(answer)["title"]) == (401, "Unauthorized")


def test_a_token_does_what_it_was_made_for_and_no_more() -> None:
    service = Service()
    assert service.client("upload").get("/api/deliveries").status_code == 403
    assert service.client("read").get("/api/deliveries").status_code == 200


@pytest.mark.parametrize(("error", "status"), [(TransientError, 503), (PermanentError, 500), (RuntimeError, 500)])
def test_what_goes_wrong_inside_stays_inside(
    error: type[Exception], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service()

    def fail(**_: object) -> None:
        inside = "SELECT secret FROM s3://bucket/key"
        raise error(inside)

    monkeypatch.setattr(service.world.catalog, "newest", fail)
    answer = service.client().get("/api/deliveries")
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("5" if status == 503 else None)
    assert "secret" not in answer.text
    assert said(answer)["request_id"] == answer.headers["X-Request-Id"] == service.log[-1]["request_id"]
    assert "secret" in str(service.log[-1]["problem"])


def test_every_answer_is_told_to_browsers_with_care() -> None:
    answer = Service().app.test_client().get("/healthz")
    policy = answer.headers["Content-Security-Policy"]
    assert all(part in policy for part in ("script-src 'self'", "object-src 'none'", "frame-ancestors 'none'"))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_query_is_in_no_log() -> None:
    service = Service()
    service.client().get("/api/deliveries?q=canary")
    assert "canary" not in str(service.log)


def test_what_happened_is_counted_for_whoever_operates_by_route_and_never_by_name() -> None:
    service = Service()
    client = service.client()
    client.post("/api/uploads?name=canary.csv", data=b"x" * 100)
    client.get(f"/api/deliveries/{'0' * 64}")
    client.open("/canary", method="CANARY")
    told = client.get("/metrics").text
    assert 'csvgate_http_requests_total{method="GET",route="/api/deliveries/<delivery_id>",status="404"} 1\n' in told
    assert 'csvgate_http_requests_total{status="404"} 1\n' in told
    assert "csvgate_http_received_bytes_total 100\n" in told
    assert 'csvgate_uploads_total{way="body"} 1\n' in told
    assert "canary" not in told.lower()
    assert service.client("read").get("/metrics").status_code == 403


def test_no_secret_of_an_address_is_in_the_log() -> None:
    service = Service()
    service.client().get(f"/shared/{'canary'.ljust(43, 'x')}")
    assert (service.log[-1]["route"], "canary" in str(service.log)) == ("/shared/<secret>", False)


def test_a_method_that_nobody_needs_is_not_answered() -> None:
    """Not even OPTIONS: no other site may ask for anything."""
    assert Service().client().open("/api/deliveries", method="OPTIONS").status_code == 405


def test_an_upload_begins_a_trace_or_goes_on_with_that_of_its_sender() -> None:
    """Its object says so; what is only looked at has none."""
    service, seen = Service(), Seen()
    service.door = replace(service.door, ports=replace(service.door.ports, tracer=seen.tracer))
    service.app = create_app(service.door, TABLE, service.log.append, problem_page)
    stamp = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    for headers in ({"traceparent": stamp}, {"traceparent": "nonsense"}, {}):
        service.client().post("/api/uploads?name=a.csv", data=b"id\n1\n", headers=headers)
    for path in ("/", "/api/deliveries"):
        assert service.client().get(path).status_code == 200
    assert service.client().post("/api/preflight?size=5", data=b"id\n1\n").status_code == 200
    assert [f"{span.context.trace_id:032x}" == stamp.split("-")[1] for span in seen.spans] == [True, False, False]
    assert [line.get("trace_id") for line in service.log][6:] == [None] * 3
    assert len(service.uploads.metadata["a.csv"]["traceparent"]) == len(stamp)


@pytest.mark.parametrize("path", ["/api//deliveries", "/deliveries//", "/static//app.css"])
def test_nobody_is_redirected_to_where_the_request_says(path: str) -> None:
    answer = Service().client().get(path, headers={"Host": "evil.test"})
    assert (answer.status_code, "Location" in answer.headers) == (404, False)


def test_the_log_says_which_delivery_a_request_has_brought() -> None:
    """From there on its id is in every line about the file, whoever works on it."""
    service = Service()
    answer = service.client("upload").post("/api/uploads?name=a.csv", data=b"a,b\n1,2\n")
    brought, answered = service.log[-2:]
    assert (brought["delivery_id"], brought["key"]) == (said(answer)["delivery_id"], said(answer)["key"])
    assert brought["request_id"] == answered["request_id"]
