"""Limits hold up to the very row."""

from __future__ import annotations

from csvgate.core.contracts.contract import Limits


def test_as_many_rows_as_the_limit_says_may_be_put_aside() -> None:
    assert Limits(max_bad_rows=3).excess(3, 10) is None
    assert Limits(max_bad_rows=3).excess(4, 10) == "4 of 10 rows break the contract; at most 3 may be put aside"


def test_a_share_is_exact() -> None:
    """0.29 of 100 rows are 29, though not for a float."""
    assert Limits(max_bad_rate=0.29).excess(29, 100) is None
    assert Limits(max_bad_rate=0.29).excess(30, 100) == (
        "30 of 100 rows break the contract; at most 29.00% may be put aside"
    )


def test_without_a_limit_all_may_be_put_aside() -> None:
    assert Limits().excess(10, 10) is None
