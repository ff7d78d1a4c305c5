"""A receipt is held to the bytes of its file."""

from __future__ import annotations

import pytest
from hypothesis import given

from csvgate.core.inspection import inspect
from csvgate.core.verification import Check, verify
from tests.strategies import nasty_bytes, whole

FILE = whole(b"id,name\n1,Anna\n2,Bob\n")
FRESH = inspect(FILE).to_json()


@given(nasty_bytes)
def test_every_receipt_agrees_with_its_own_file(data: bytes) -> None:
    checks = verify(inspect(whole(data)).to_json(), inspect(whole(data)).to_json())
    assert len(checks) == 16
    assert all(check.agrees for check in checks)


@pytest.mark.parametrize(
    ("name", "value"),
    [("row_count", 3), ("sha256", "0" * 64), ("column_names", ["id", "Name"]), ("compression", "gzip")],
)
def test_what_was_changed_is_found_and_nothing_else(name: str, value: object) -> None:
    assert [check.name for check in verify({**FRESH, name: value}, FRESH) if not check.agrees] == [name]


def test_the_ledger_is_compared_part_by_part() -> None:
    wrong = {**FRESH, "bytes": {**FRESH["bytes"], "header": 9}}
    assert [check for check in verify(wrong, FRESH) if not check.agrees] == [
        Check(name="bytes.header", expected=9, found=8)
    ]


def test_another_byte_at_the_same_length_shows_in_the_hash() -> None:
    other = inspect(whole(b"id,name\n1,Anna\n2,Bop\n")).to_json()
    assert [check.name for check in verify(FRESH, other) if not check.agrees] == ["sha256"]


def test_only_what_the_receipt_states_is_compared() -> None:
    assert [check.name for check in verify({"row_count": 2, "state": "recorded"}, FRESH)] == ["row_count"]
    assert verify({"hello": "world"}, FRESH) == ()


def test_true_is_not_one() -> None:
    assert not Check(name="row_count", expected=True, found=1).agrees
