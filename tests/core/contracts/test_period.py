"""How often something comes, as people write it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from csvgate.core.contracts.period import WRITTEN, period


@pytest.mark.parametrize("text", WRITTEN.replace(" or", ",").split(", "))
def test_what_is_said_to_be_a_period_is_one(text: str) -> None:
    assert period(text)


def test_its_unit_counts() -> None:
    assert [period(f"2{unit}") for unit in "mhdw"] == [
        timedelta(minutes=2),
        timedelta(hours=2),
        timedelta(days=2),
        timedelta(weeks=2),
    ]


@pytest.mark.parametrize("text", ["", "0d", "1", "d", "1.5d", "1 d", "-1d", "1y", "1d1h", "1D", "9999999d"])
def test_anything_else_is_none(text: str) -> None:
    assert period(text) is None
