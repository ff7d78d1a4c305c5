"""3 and 4: what an address of a part is good for, and what is never made of a key.

The emulator verifies a signature over method, path, query and signed headers, and when it ends; it does not compare the
length that was signed with the one that came, as S3 does. That it is signed is read in the address itself.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest

from csvgate.aws.client import client
from csvgate.aws.uploads import S3Uploads
from csvgate.local.emulator import Emulator
from csvgate.ports.uploads import MIB, MOST_PARTS, Place, part_size
from tests.aws.provision import make_bucket, where
from tests.waiting import until_equal
from tests.web.site import site_in
from tests.world import CLEAN

KEY = "acme/in/a b.csv"
OPENED: list[str] = []
WATCHING: list[bool] = []


@pytest.fixture
def begun(emulator: Emulator) -> tuple[S3Uploads, Place]:
    s3 = client("s3", **where(emulator.endpoint_url))
    uploads = S3Uploads(s3)
    return uploads, uploads.begin(Place(bucket=make_bucket(s3), key=KEY), {})


def answer(url: str, method: str = "PUT", body: bytes | None = b"abc") -> int:
    try:
        with urlopen(Request(url, data=body, method=method)) as answered:  # noqa: S310  on this machine
            return int(answered.status)
    except HTTPError as exc:
        with exc:
            return exc.code


def test_04_an_address_is_for_one_part_of_one_object(begun: tuple[S3Uploads, Place]) -> None:
    uploads, place = begun
    url = uploads.address(place, 1, 3, 60)
    altered = {
        url.replace("a%20b.csv", "other.csv"),
        url.replace("partNumber=1", "partNumber=2"),
        url.replace("uploadId=", "uploadId=x"),
        url.replace("X-Amz-Expires=60", "X-Amz-Expires=6000"),
    }
    assert url not in altered
    assert {answer(each) for each in altered} == {403}
    assert [answer(url, "GET", None), answer(url, "DELETE", None), answer(url)] == [403, 403, 200]


def test_04_an_address_ends(begun: tuple[S3Uploads, Place]) -> None:
    uploads, place = begun
    url = uploads.address(place, 1, 3, 1)
    until_equal(lambda: answer(url), 403)


def test_04_its_length_is_signed(begun: tuple[S3Uploads, Place]) -> None:
    """Without it a part could be as long as one likes."""
    uploads, place = begun
    query = parse_qs(urlsplit(uploads.address(place, 1, 3, 60)).query)
    assert "content-length" in query["X-Amz-SignedHeaders"][0].split(";")
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]


def test_04_parts_are_counted_and_capped() -> None:
    largest = 5 << 30
    assert part_size(largest) * MOST_PARTS >= largest
    assert part_size(largest) == 16 * MIB


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """Every path that this process opens meanwhile."""
    if not WATCHING:
        sys.addaudithook(lambda event, args: OPENED.append(str(args[0])) if event == "open" and WATCHING[-1] else None)
    OPENED.clear()
    WATCHING.append(True)
    yield OPENED
    WATCHING.append(False)


@pytest.mark.parametrize("key", ["../../canary-key.csv", "/canary-key.csv", "a/../canary-key\x01.csv"])
def test_03_no_path_is_made_from_a_key(emulator: Emulator, tmp_path: Path, opened: list[str], key: str) -> None:
    """Whoever may write into the bucket may choose any key."""
    site = site_in(emulator, tmp_path, notifies=True)
    site.s3.put_object(Bucket=site.bucket, Key=key, Body=CLEAN)
    site.work_on([body for body in site.arrived() if "TestEvent" not in body])
    assert [(found.arrival.key, found.state) for found in site.deliveries()] == [(key, "recorded")]
    assert opened
    assert not [path for path in opened if "canary" in path]
