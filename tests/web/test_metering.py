"""Whoever uploads too much in a minute is asked to wait, and nobody else is."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from csvgate.web.app import create_app
from csvgate.web.pages.problem import problem_page
from csvgate.web.rates import Rate
from csvgate.web.service import TABLE
from tests.web.door import Service, said
from tests.world import CLEAN

if TYPE_CHECKING:
    from flask.testing import FlaskClient

URL = "/api/uploads?name=a.csv"


def client_of(uploads: float = 100, size: float | None = None) -> tuple[Service, FlaskClient]:
    """A service with such rates, and somebody who uploads."""
    service = Service()
    door = replace(service.door, upload_rate=Rate(uploads), byte_rate=Rate(size) if size else None)
    service.door, service.app = door, create_app(door, TABLE, service.log.append, problem_page)
    return service, service.client()


def test_too_many_uploads_are_put_off_with_the_time_to_come_again() -> None:
    service, client = client_of(uploads=2)
    statuses = [client.post(URL, data=CLEAN).status_code for _ in range(3)]
    answer = client.post("/api/uploads/multipart", json={"name": "a", "size": 1})
    assert (statuses, answer.status_code) == ([201, 201, 429], 429)
    assert 1 <= int(answer.headers["Retry-After"]) == said(answer)["retry_after"] <= 30
    assert 'csvgate_rate_limited_total{of="uploads"} 2' in service.door.metrics.text()
    assert service.client().post(URL, data=CLEAN).status_code == 201


def test_too_many_bytes_are_put_off() -> None:
    """Also those that go to the store directly: they are known beforehand."""
    _, client = client_of(size=100)
    sent = [client.post(URL, data=b"x" * 60).status_code for _ in range(3)]
    assert sent == [201, 201, 429]
    _, client = client_of(size=100)
    begun = [client.post("/api/uploads/multipart", json={"name": "a", "size": 101}).status_code for _ in range(2)]
    assert begun == [201, 429]


def test_every_file_of_a_form_is_an_upload() -> None:
    service, client = client_of(uploads=3)
    form = [("files", (BytesIO(CLEAN), f"{number}.csv")) for number in range(5)]
    assert client.post("/uploads", data={"files": [file for _, file in form]}).status_code == 303
    assert client.post(URL, data=CLEAN).status_code == 429
    assert 'csvgate_uploads_total{way="form"} 5' in service.door.metrics.text()


def test_looking_is_not_limited() -> None:
    _, client = client_of(uploads=1)
    assert {client.get("/api/deliveries").status_code for _ in range(5)} == {200}


def test_looks_at_files_are_put_off_as_uploads_are_and_take_none_of_their_turns() -> None:
    service, client = client_of(uploads=2)
    looks = [client.post("/api/preflight?size=3", data=b"a\n1").status_code for _ in range(3)]
    assert (looks, client.post(URL, data=CLEAN).status_code) == ([200, 200, 429], 201)
    assert 'csvgate_rate_limited_total{of="looks"} 1' in service.door.metrics.text()
