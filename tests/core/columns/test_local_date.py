"""Dates that are not written as ISO 8601."""

from __future__ import annotations

from datetime import datetime
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.columns.local_date import CLOCK_PATTERNS, DATE_PATTERNS, patterns_of, read

PATTERNS = [day + clock for day, clock in product(DATE_PATTERNS, ("", *CLOCK_PATTERNS))]


@given(st.datetimes(min_value=datetime(1000, 1, 1)), st.sampled_from(PATTERNS))  # noqa: DTZ001  no zone is told
def test_a_date_is_read_as_python_reads_it(moment: datetime, pattern: str) -> None:
    """By each pattern that it is said to have."""
    text = moment.strftime(pattern)
    patterns = patterns_of(text)
    assert pattern in patterns
    assert [read(text, each) for each in patterns] == [datetime.strptime(text, each) for each in patterns]  # noqa: DTZ007


def test_hours_days_and_months_may_have_one_digit() -> None:
    """As people write them."""
    assert patterns_of("5.3.2024 9:05") == ("%d.%m.%Y %H:%M",)
    assert read("5.3.2024 9:05", "%d.%m.%Y %H:%M") == datetime(2024, 3, 5, 9, 5)  # noqa: DTZ001  no zone is told
