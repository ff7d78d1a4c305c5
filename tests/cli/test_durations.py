"""Durations and times are read as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from csvgate.cli.durations import duration, moment

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "length"), [("0", timedelta(0)), ("30s", timedelta(seconds=30)), ("5", None), ("soon", None)]
)
def test_a_duration_has_a_unit_unless_it_is_nothing(text: str, length: timedelta | None) -> None:
    """A bare number would be taken for minutes by one and for seconds by the other."""
    assert duration(text) == length


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("30s", NOW - timedelta(seconds=30)),
        ("2h", NOW - timedelta(hours=2)),
        ("2026-11-20T08:00:00Z", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
    ],
)
def test_since_is_a_while_ago_or_a_time(text: str, time: datetime) -> None:
    """Without a zone it is UTC."""
    assert moment(text, NOW) == time
