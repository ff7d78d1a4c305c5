"""A large file goes in parts that the service has cut, signed and counted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from csvgate.ports.uploads import MIB, Place
from tests.web.api.test_uploads import stored
from tests.web.door import Service, said

PART = 16 * MIB
ALL = "/api/uploads/multipart"


def service_for_large_files() -> Service:
    return Service(upload_limit=100 * PART)


def begin(client: FlaskClient, size: int, name: str = "a.csv") -> Any:  # noqa: ANN401
    return said(client.post(ALL, json={"name": name, "size": size}))


def send(service: Service, begun: dict[str, Any], *bodies: bytes) -> None:
    """What the browser does with the addresses."""
    place = Place(bucket=service.door.bucket, key=begun["key"], store_id="upload-1")
    for number, body in enumerate(bodies, start=1):
        service.uploads.put_part(place, number, body)


def test_a_file_in_parts_is_one_object_when_it_is_completed() -> None:
    service = service_for_large_files()
    client, bodies = service.client(), [b"x" * PART, b"end"]
    begun = begin(client, PART + 3)
    assert (begun["part_size"], begun["part_count"]) == (PART, 2)
    send(service, begun, *bodies)
    done = client.post(f"{ALL}/{begun['upload_id']}/complete")
    assert (done.status_code, stored(service, "a.csv")) == (201, b"".join(bodies))
    assert client.get(f"{ALL}/{begun['upload_id']}").status_code == 404


def test_completing_again_gives_the_first_answer_and_makes_nothing() -> None:
    """Also where the first answer was lost in the service itself, after the store had made the object."""
    service = service_for_large_files()
    client = service.client()
    begun = begin(client, 3)
    send(service, begun, b"end")
    url = f"{ALL}/{begun['upload_id']}/complete"
    first = client.post(url)
    assert (client.post(url).status_code, client.post(url).text) == (201, first.text)
    uri = f"s3://{service.door.ports.results_bucket}/uploads/{begun['upload_id']}.json"
    kept = json.loads(service.world.objects.read(uri) or b"")
    body = json.dumps({**kept, "told": None}).encode()
    service.world.objects.write(service.door.ports.results_bucket, f"uploads/{begun['upload_id']}.json", body, "")
    assert client.post(url).text == first.text
    assert len(service.world.objects.arrivals) == 1


def test_an_upload_that_the_store_forgot_is_gone() -> None:
    service = service_for_large_files()
    client = service.client()
    begun = begin(client, 3)
    service.uploads.abort(Place(bucket=service.door.bucket, key="a.csv", store_id="upload-1"))
    assert client.post(f"{ALL}/{begun['upload_id']}/complete").status_code == 404


def test_after_a_reload_the_parts_that_are_there_are_known() -> None:
    service = service_for_large_files()
    client = service.client()
    begun = begin(client, PART + 3)
    send(service, begun, b"x" * PART)
    assert said(client.get(f"{ALL}/{begun['upload_id']}"))["parts"] == [{"number": 1, "size": PART}]


def test_an_address_is_for_one_part_of_its_own_length() -> None:
    client = service_for_large_files().client()
    begun = begin(client, PART + 3)
    signed = said(client.post(f"{ALL}/{begun['upload_id']}/addresses", json={"numbers": [1, 2]}))["addresses"]
    assert [address["size"] for address in signed] == [PART, 3]
    assert len({address["url"] for address in signed}) == 2


@pytest.mark.parametrize("bodies", [[], [b"x" * PART], [b"x" * PART, b"en"], [b"x" * PART, b"more"]])
def test_what_is_not_the_file_that_was_announced_is_not_completed(bodies: list[bytes]) -> None:
    service = service_for_large_files()
    client = service.client()
    begun = begin(client, PART + 3)
    send(service, begun, *bodies)
    assert client.post(f"{ALL}/{begun['upload_id']}/complete").status_code == 409
    assert service.world.objects.arrivals == []


def test_what_is_given_up_is_gone() -> None:
    client = service_for_large_files().client()
    begun = begin(client, 5)
    one = f"{ALL}/{begun['upload_id']}"
    assert (client.delete(one).status_code, client.get(one).status_code) == (200, 404)


@pytest.mark.parametrize("answer_was_lost", [False, True])
def test_what_is_a_file_by_now_cannot_be_given_up(answer_was_lost: bool) -> None:  # noqa: FBT001  a case
    service = service_for_large_files()
    client = service.client()
    begun = begin(client, 3)
    one = f"{ALL}/{begun['upload_id']}"
    send(service, begun, b"end")
    if answer_was_lost:
        place = Place(bucket=service.door.bucket, key="a.csv", store_id="upload-1")
        service.uploads.complete(place, service.uploads.parts(place))
    else:
        client.post(f"{one}/complete")
        assert client.post(f"{one}/addresses", json={"numbers": [1]}).status_code == 404
    assert client.delete(one).status_code == 409
    assert client.post(f"{one}/complete").status_code == 201
    assert len(service.world.objects.arrivals) == 1


@pytest.mark.parametrize("call", ["get", "delete", "complete", "addresses"])
def test_the_upload_of_another_token_is_not_there(call: str) -> None:
    service = service_for_large_files()
    one = f"{ALL}/{begin(service.client(), 5)['upload_id']}"
    other = service.client()
    answers = {
        "get": lambda: other.get(one),
        "delete": lambda: other.delete(one),
        "complete": lambda: other.post(f"{one}/complete"),
        "addresses": lambda: other.post(f"{one}/addresses", json={"numbers": [1]}),
    }
    assert answers[call]().status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "x",
        {"name": "a"},
        {"name": "", "size": 1},
        {"name": "a", "size": -1},
        {"name": "a", "size": True},
        {"name": "a", "size": 2**53},
        {"name": "a" * 1100, "size": 1},
        {"name": 5, "size": 1},
    ],
)
def test_what_makes_no_sense_is_told(body: object) -> None:
    assert service_for_large_files().client().post(ALL, json=body).status_code == 400


@pytest.mark.parametrize("numbers", [[], [0], [3], ["1"], [True], "1", [1] * 101])
def test_addresses_are_for_parts_that_there_are(numbers: object) -> None:
    client = service_for_large_files().client()
    one = f"{ALL}/{begin(client, PART + 3)['upload_id']}"
    assert client.post(f"{one}/addresses", json={"numbers": numbers}).status_code == 400


def test_a_body_that_is_no_json_or_too_long_is_told() -> None:
    client = service_for_large_files().client()
    assert client.post(ALL, data="{", content_type="application/json").status_code == 400
    assert client.post(ALL, data="{}", content_type="text/plain").status_code == 415
    assert client.post(ALL, json={"name": "a" * 2_000, "size": 1}).status_code == 413
    assert client.post(ALL, json={"name": "a", "size": 10**15}).status_code == 413
