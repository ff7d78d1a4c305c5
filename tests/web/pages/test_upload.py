"""Without a script, a form does it."""

from __future__ import annotations

from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage

from tests.web.door import Service
from tests.world import BUCKET, CLEAN


def form(*names: str) -> dict[str, list[FileStorage]]:
    return {"files": [FileStorage(BytesIO(CLEAN), filename=name) for name in names]}


def test_every_file_of_the_form_is_in_the_bucket() -> None:
    service = Service()
    answer = service.client().post("/uploads", data=form("a.csv", "b.csv"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/deliveries")
    assert [arrival.size for arrival in service.world.objects.arrivals] == [len(CLEAN)] * 2


def test_of_one_file_the_receipt_is_next() -> None:
    service = Service()
    answer = service.client().post("/uploads", data=form("a.csv"))
    service.world.finish(*service.world.objects.arrivals)
    assert answer.headers["Location"] == f"/deliveries/{service.world.head('a.csv').delivery_id}?sent=yes"


def test_a_receipt_that_is_not_there_yet_is_waited_for() -> None:
    service = Service()
    client = service.client()
    address = client.post("/uploads", data=form("a.csv")).headers["Location"]
    awaited = client.get(address, headers={"Accept": "text/html"})
    service.world.finish(*service.world.objects.arrivals)
    there = client.get(address, headers={"Accept": "text/html"})
    assert (awaited.status_code, awaited.headers["Refresh"]) == (200, "1")
    assert ("is fine" in there.text, there.headers.get("Refresh")) == (True, None)


def test_a_form_without_a_file_uploads_nothing() -> None:
    service = Service()
    assert service.client().post("/uploads", data=form("")).status_code == 303
    assert service.world.objects.arrivals == []


@pytest.mark.parametrize(
    "body", [b"--b\r\n", b"--b\r\nContent-Disposition: form-data; name=f; filename=a.csv\r\n\r\nx"]
)
def test_a_form_that_is_broken_is_told(body: bytes) -> None:
    service = Service()
    answer = service.client().post("/uploads", data=body, content_type="multipart/form-data; boundary=b")
    assert (answer.status_code, service.world.objects.find(BUCKET, "a.csv")) == (400, None)


def test_ten_thousand_parts_are_too_many() -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="f"\r\n\r\nx\r\n'
    answer = (
        Service()
        .client()
        .post("/uploads", data=part * 10_000 + b"--b--\r\n", content_type="multipart/form-data; boundary=b")
    )
    assert answer.status_code in {400, 413}
