"""A name is a key as it stands, unless it could be taken for something else: then no path is made of it."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.report.escape import HOSTILE
from csvgate.web.names import LONGEST, named

HOSTILE_NAMES = [
    "../secret.csv",
    "a/../../b.csv",
    "/etc/passwd",
    "a//b.csv",
    "a/",
    "a\\..\\b.csv",
    "a\nb.csv",
    "a\x00.csv",
    "invoice\u202evsc.exe",
    " a.csv",
    ".",
    "x" * 600,
    "\ud800.csv",
]


@pytest.mark.parametrize(
    "name", ["sales.csv", "in/März 2026 (final).csv", "a+b%20c.csv", "注文.csv", ".hidden", "a..b"]
)
def test_an_ordinary_name_is_the_key(name: str) -> None:
    assert named(name, "acme/").key == f"acme/{name}"


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_another_name_is_the_objects_metadata_and_no_part_of_its_key(name: str) -> None:
    target = named(name, "acme/")
    assert target.key.startswith("acme/unnamed/")
    assert target.key != named(name, "acme/").key
    assert target.metadata["filename"].isascii()


@given(st.text(max_size=700))
def test_whatever_the_name_the_key_is_harmless_and_the_tenants(name: str) -> None:
    target = named(name, "acme/")
    parts = target.key.split("/")
    assert parts[0] == "acme"
    assert not {"", ".", ".."} & set(parts)
    assert not HOSTILE.search(target.key)
    assert len(target.key.encode()) <= LONGEST
    assert len(target.metadata.get("filename", "")) <= 1_000


def test_the_name_that_was_given_can_be_read_again() -> None:
    assert unquote(named("../é.csv", "").metadata["filename"]) == "../é.csv"
