"""A browser that is signed in does what its person wants, and nothing that another page wants."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from csvgate.web.app import create_app
from csvgate.web.identity import COOKIE
from csvgate.web.pages.problem import problem_page
from csvgate.web.service import TABLE
from tests.web.api.test_failures import failed
from tests.web.door import Service

OURS = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
FOREIGN = [
    {"Origin": "https://evil.test"},
    {"Origin": "null"},
    {"Origin": "http://localhost:8081", "Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {},
]


def signed_in(service: Service) -> FlaskClient:
    client = service.app.test_client()
    answer = client.post("/sign-in", data={"token": service.token(), "to": "/deliveries"}, headers=OURS)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/deliveries")
    return client


def test_who_signs_in_reads_and_changes() -> None:
    client = signed_in(Service())
    assert client.get("/api/deliveries").status_code == 200
    assert client.post("/api/uploads?name=a.csv", data=b"a\n1\n", headers=OURS).status_code == 201


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_another_page_changes_nothing(headers: dict[str, str]) -> None:
    service = Service()
    client = signed_in(service)
    for path in ("/api/uploads?name=a.csv", "/uploads", "/api/failures/redrive", "/sign-out"):
        assert client.post(path, data=b"a\n1\n", headers=headers).status_code == 403
    assert service.world.objects.arrivals == []


def test_a_password_in_an_address_is_no_way_around() -> None:
    """`https://name:password@host/` makes a browser send Basic; its cookie still counts only from a page of ours."""
    client = signed_in(Service())
    basic = {"Authorization": "Basic YTpi", "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/api/failures/redrive", json={}, headers=basic).status_code == 403


def test_behind_a_proxy_only_the_setting_says_how_browsers_call_the_service() -> None:
    service, _ = failed()
    door = replace(service.door, public_url="https://csv.example", is_local=False)
    client = create_app(door, TABLE, service.log.append, problem_page).test_client()
    client.set_cookie("__Host-csvgate_token", service.token())

    def posted(**headers: str) -> int:
        return client.post("/api/failures/redrive", json={}, headers=headers).status_code

    assert posted(Origin="https://csv.example") == 200
    assert posted(Origin="http://localhost") == 403
    forwarded = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    assert posted(Origin="https://evil.example", **forwarded) == 403


def test_no_script_reads_the_token_and_no_other_site_sends_it() -> None:
    service = Service()
    answer = service.app.test_client().post("/sign-in", data={"token": service.token()}, headers=OURS)
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in (COOKIE, "HttpOnly", "SameSite=Strict", "Path=/"))


def test_who_signs_out_is_unknown() -> None:
    client = signed_in(Service())
    client.post("/sign-out", headers=OURS)
    assert client.get("/deliveries", headers={"Accept": "text/html"}).status_code == 401


@pytest.mark.parametrize("target", ["https://evil.test", "//evil.test", "/\\evil.test", "evil", "/a\nb"])
def test_nobody_is_sent_elsewhere(target: str) -> None:
    service = Service()
    answer = service.app.test_client().post("/sign-in", data={"token": service.token(), "to": target}, headers=OURS)
    assert answer.headers["Location"] == "/"


def test_a_token_that_does_not_count_signs_nobody_in() -> None:
    answer = Service().app.test_client().post("/sign-in", data={"token": "x"}, headers=OURS)
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (401, False)


def test_over_tls_the_cookie_is_this_hosts_alone() -> None:
    """A neighbour in the same domain could set one for all of it, and have people upload to somebody else."""
    service = Service()
    door = replace(service.door, public_url="https://csv.example", is_local=False)
    client = create_app(door, TABLE, service.log.append, problem_page).test_client()
    ours = {"Origin": "https://csv.example"}
    cookies = [
        client.post("/sign-in", data={"token": service.token()}, headers=ours).headers["Set-Cookie"],
        client.post("/sign-out", headers=ours).headers["Set-Cookie"],
    ]
    assert all(told.startswith("__Host-") and "Secure" in told and "Domain" not in told for told in cookies)
    client.set_cookie(COOKIE, service.token())
    assert client.get("/api/deliveries").status_code == 401
