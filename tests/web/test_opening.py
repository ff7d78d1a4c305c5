"""The service over a stack: what it uploads is heard of, once, whoever tells of it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from csvgate.aws.client import Credentials, client
from csvgate.aws.uploads import S3Uploads
from csvgate.local.emulator import Emulator
from csvgate.web.opening import application, local_token, origin_of
from tests.web.door import said
from tests.web.site import Site, site_in
from tests.world import CLEAN


def upload(site: Site, key: str = "a b.csv") -> None:
    headers = {"Authorization": f"Bearer {site.token()}"}
    client = application(site.settings).test_client()
    answer = client.post("/api/uploads", query_string={"name": key}, data=CLEAN, headers=headers)
    assert answer.status_code == 201, said(answer)


@pytest.mark.parametrize(
    ("endpoint", "origin"),
    [("http://127.0.0.1:4566", "http://127.0.0.1:4566"), (None, "https://inbox.s3.amazonaws.com")],
)
def test_pages_may_send_parts_to_where_the_store_really_is(endpoint: str | None, origin: str) -> None:
    """Also where nobody set an endpoint: else a browser would keep a large file from leaving."""
    keys = Credentials(access_key="test", secret_key="test")
    store = client("s3", endpoint_url=endpoint, region="eu-central-1", credentials=keys)
    assert origin_of(S3Uploads(store), "inbox") == origin


@pytest.mark.parametrize("versioned", [True, False])
def test_where_the_bucket_tells_nobody_the_service_does(emulator: Emulator, tmp_path: Path, *, versioned: bool) -> None:
    site = site_in(emulator, tmp_path, versioned=versioned)
    upload(site)
    site.work_on(site.arrived())
    assert [(found.arrival.key, found.state) for found in site.deliveries()] == [("a b.csv", "recorded")]


def test_where_the_bucket_tells_the_service_does_not(emulator: Emulator, tmp_path: Path) -> None:
    site = site_in(emulator, tmp_path, notifies=True)
    upload(site)
    assert len([body for body in site.arrived() if "TestEvent" not in body]) == 1


def test_it_tells_nobody_if_it_must_not(emulator: Emulator, tmp_path: Path) -> None:
    site = site_in(emulator, tmp_path).with_settings(CSVGATE_ANNOUNCE="never")
    upload(site)
    assert site.arrived() == []


@pytest.mark.parametrize("turned", [True, False])
@pytest.mark.parametrize("versioned", [True, False])
def test_when_both_tell_it_is_one_delivery(
    emulator: Emulator, tmp_path: Path, *, versioned: bool, turned: bool
) -> None:
    """In either order."""
    site = site_in(emulator, tmp_path, versioned=versioned, notifies=True)
    upload(site.with_settings(CSVGATE_ANNOUNCE="always"))
    messages = [body for body in site.arrived() if "TestEvent" not in body]
    assert len(messages) == 2
    site.work_on(messages[:: -1 if turned else 1])
    assert [found.state for found in site.deliveries()] == ["recorded"]


def test_the_token_of_a_local_stack_is_its_owners_alone_and_is_kept(emulator: Emulator, tmp_path: Path) -> None:
    site = site_in(emulator, tmp_path / "data")
    file = local_token(site.settings)
    first = file.read_text()
    assert local_token(site.settings).read_text() == first
    file.write_text("nonsense")
    file.chmod(0o644)
    assert local_token(site.settings).read_text() not in {"nonsense", first}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
