"""Which endpoints are on this machine."""

from __future__ import annotations

import pytest

from csvgate.loopback import is_loopback


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:4566", "https://127.9.9.9", "http://[::1]:4566", "http://localhost:4566/path"]
)
def test_loopback_addresses_are_on_this_machine(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://s3.amazonaws.com",
        "http://10.0.0.1:4566",
        "http://0.0.0.0:4566",
        "http://127.0.0.1.example.invalid",
        "127.0.0.1:4566",
        "ftp://127.0.0.1",
        "http://",
        "",
        "http://" + "a" * 70 + ".invalid",
    ],
)
def test_all_else_is_elsewhere(url: str) -> None:
    assert not is_loopback(url)
