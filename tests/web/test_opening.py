"""The service over a stack: what it uploads is heard of, once, whoever tells of it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from csvgate.aws.client import Credentials, client
from csvgate.aws.uploads import S3Uploads
from csvgate.local.emulator import Emulator
from csvgate.ports.uploads import Place
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
    ("endpoint", "region", "bucket", "expected"),
    [
        ("http://127.0.0.1:4566", "eu-central-1", "inbox", "http://127.0.0.1:4566/inbox/a.csv"),
        (None, "eu-central-1", "inbox", "https://inbox.s3.eu-central-1.amazonaws.com/a.csv"),
        (None, "us-east-1", "inbox", "https://inbox.s3.us-east-1.amazonaws.com/a.csv"),
        (None, "cn-north-1", "inbox", "https://inbox.s3.cn-north-1.amazonaws.com.cn/a.csv"),
        # No certificate is good for a name with a dot before that of S3.
        (None, "eu-central-1", "in.box", "https://s3.eu-central-1.amazonaws.com/in.box/a.csv"),
    ],
)
def test_parts_are_sent_to_where_the_store_really_is(
    endpoint: str | None, region: str, bucket: str, expected: str
) -> None:
    """In its region, as no browser follows a redirect there, and where the page's own policy lets it."""
    keys = Credentials(access_key="test", secret_key="test")
    uploads = S3Uploads(client("s3", endpoint_url=endpoint, region=region, credentials=keys))
    address = uploads.address(Place(bucket=bucket, key="a.csv", store_id="any"), 1, 1, 60)
    assert address.partition("?")[0] == expected
    assert expected.startswith(f"{origin_of(uploads, bucket)}/")


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
