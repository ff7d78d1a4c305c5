"""Durations are read as people write them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from csvgate.core.durations import LONGEST, WRITTEN, duration


@pytest.mark.parametrize("text", WRITTEN.replace(" or", ",").split(", "))
def test_what_is_said_to_be_a_duration_is_one(text: str) -> None:
    assert duration(text)


def test_its_unit_counts() -> None:
    assert [duration(f"2{unit}") for unit in "smhdw"] == [
        timedelta(seconds=2),
        timedelta(minutes=2),
        timedelta(hours=2),
        timedelta(days=2),
        timedelta(weeks=2),
    ]


def test_nothing_needs_no_unit() -> None:
    """A bare number would be taken for minutes by one and for seconds by the other."""
    assert (duration("0"), duration("0d"), duration("5")) == (timedelta(0), timedelta(0), None)


@pytest.mark.parametrize("text", ["", "soon", "d", "1.5d", "1 d", "-1d", "1y", "1d1h", "1D", "9999999d"])
def test_anything_else_is_none(text: str) -> None:
    assert duration(text) is None


def test_a_century_is_long_enough() -> None:
    assert (duration(f"{LONGEST.days}d"), duration(f"{LONGEST.days + 1}d")) == (LONGEST, None)
