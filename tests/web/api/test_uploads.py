"""A file goes through the service as it is, once, and never more of it than is allowed."""

from __future__ import annotations

from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from csvgate.delivery import Arrival
from tests.web.door import Service, said
from tests.world import BUCKET, CLEAN


def put(service: Service, name: str = "a.csv", body: bytes = CLEAN, *, key: str = "", tenant: str = "") -> TestResponse:
    headers = {"Idempotency-Key": key} if key else {}
    return service.client(tenant=tenant).post("/api/uploads", query_string={"name": name}, data=body, headers=headers)


def stored(service: Service, key: str) -> bytes:
    opened = service.world.objects.open(Arrival(bucket=BUCKET, key=key))
    assert not isinstance(opened, str)
    return b"".join(opened.chunks())


def test_a_file_is_in_the_bucket_byte_by_byte_and_its_delivery_is_named() -> None:
    service = Service()
    answer = put(service, "in/März.csv")
    assert (answer.status_code, stored(service, "in/März.csv")) == (201, CLEAN)
    service.world.finish(*service.world.objects.arrivals)
    assert service.world.head("in/März.csv").delivery_id == said(answer)["delivery_id"]


@pytest.mark.parametrize("body", [b"", b"\x00\xff\r\n", b"x" * 1_000_000])
def test_any_bytes_are_a_file(body: bytes) -> None:
    service = Service()
    assert (put(service, body=body).status_code, stored(service, "a.csv")) == (201, body)


def test_what_is_too_large_is_refused_before_it_is_read() -> None:
    service = Service()
    answer = put(service, body=b"x" * 1_000_001)
    assert (answer.status_code, service.world.objects.arrivals) == (413, [])


def test_a_length_that_was_a_lie_is_found_out() -> None:
    service = Service()
    lie = {"CONTENT_LENGTH": "500"}
    answer = service.client().post("/api/uploads?name=a.csv", input_stream=BytesIO(b"short"), environ_overrides=lie)
    assert (answer.status_code, service.world.objects.arrivals) == (400, [])


def test_without_a_length_it_is_counted() -> None:
    service = Service()
    terminated = {"wsgi.input_terminated": True}
    stream = BytesIO(b"x" * 1_000_001)
    answer = service.client().post("/api/uploads?name=a.csv", input_stream=stream, environ_overrides=terminated)
    assert (answer.status_code, service.world.objects.arrivals) == (413, [])


def test_a_name_is_needed_and_a_form_is_none() -> None:
    service = Service()
    assert said(service.client().post("/api/uploads", data=CLEAN))["parameter"] == "name"
    form = service.client().post("/api/uploads?name=a", data={"file": (BytesIO(CLEAN), "a.csv")})
    assert form.status_code == 415


def test_a_tenants_file_is_the_tenants() -> None:
    service = Service()
    assert said(put(service, "../b.csv", tenant="acme"))["key"].startswith("acme/unnamed/")
    assert said(put(service, "b.csv", tenant="acme"))["key"] == "acme/b.csv"


class TestIdempotency:
    """A request that is repeated with its key."""

    def test_a_repeated_request_uploads_nothing_and_answers_the_same(self) -> None:
        service = Service()
        client = service.client()
        headers = {"Idempotency-Key": "k1"}
        first, second = (client.post("/api/uploads?name=a.csv", data=CLEAN, headers=headers) for _ in range(2))
        assert (first.status_code, said(first)) == (second.status_code, said(second))
        assert len(service.world.objects.arrivals) == 1

    def test_the_key_of_another_holder_is_another_key(self) -> None:
        service = Service()
        assert said(put(service, key="k1"))["version_id"] != said(put(service, key="k1"))["version_id"]

    def test_a_key_is_for_one_request(self) -> None:
        client, headers = Service().client(), {"Idempotency-Key": "k1"}
        client.post("/api/uploads?name=a.csv", data=CLEAN, headers=headers)
        assert client.post("/api/uploads?name=b.csv", data=CLEAN, headers=headers).status_code == 422

    def test_what_failed_may_be_tried_again(self) -> None:
        client, headers = Service().client(), {"Idempotency-Key": "k1"}
        url, lie = "/api/uploads?name=a.csv", {"CONTENT_LENGTH": str(len(CLEAN))}
        short = client.post(url, input_stream=BytesIO(b"a"), environ_overrides=lie, headers=headers)
        again = client.post(url, data=CLEAN, headers=headers)
        assert (short.status_code, again.status_code) == (400, 201)
