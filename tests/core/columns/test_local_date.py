"""Dates that are not written as ISO 8601."""

from __future__ import annotations

from datetime import datetime, time
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.columns.local_date import CLOCK_PATTERNS, DATE_PATTERNS, TIME_PATTERNS, patterns_of, read

PATTERNS = [day + clock for day, clock in product(DATE_PATTERNS, ("", *CLOCK_PATTERNS))]


@given(st.datetimes(min_value=datetime(1000, 1, 1)), st.sampled_from(PATTERNS))  # noqa: DTZ001  no zone is told
def test_a_date_is_read_as_python_reads_it(moment: datetime, pattern: str) -> None:
    """By each pattern that it is said to have."""
    text = moment.strftime(pattern)
    patterns = patterns_of(text)
    assert pattern in patterns
    assert [read(text, each) for each in patterns] == [datetime.strptime(text, each) for each in patterns]  # noqa: DTZ007


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("31-JAN-2024", ("%d-%b-%Y",)),
        ("5 may 2024", ("%d %B %Y", "%d %b %Y")),
        ("September 5, 2024 11:59 pm", ("%B %d, %Y %I:%M %p",)),
        ("3:04:05 PM", ("%I:%M:%S %p",)),
        ("31 Feb 2024", ()),
        ("5 Sept 2024", ()),
        ("5-Jan 2024", ()),
        ("13:04 PM", ()),
        ("0:04 AM", ()),
        ("3:04", ()),
        ("AM", ()),
    ],
)
def test_names_of_months_and_halves_of_a_day_are_known(text: str, patterns: tuple[str, ...]) -> None:
    assert patterns_of(text) == patterns


@given(st.times(), st.sampled_from(TIME_PATTERNS))
def test_a_time_is_read_as_python_reads_it(clock: time, pattern: str) -> None:
    text = clock.strftime(pattern)
    assert patterns_of(text) == (pattern,)
    assert read(text, pattern) == datetime.strptime(text, pattern)  # noqa: DTZ007


def test_hours_days_and_months_may_have_one_digit() -> None:
    """As people write them."""
    assert patterns_of("5.3.2024 9:05") == ("%d.%m.%Y %H:%M",)
    assert read("5.3.2024 9:05", "%d.%m.%Y %H:%M") == datetime(2024, 3, 5, 9, 5)  # noqa: DTZ001  no zone is told
