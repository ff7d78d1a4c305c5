"""Times are read as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from csvgate.cli.moments import moment
from csvgate.errors import UsageError

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


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


@pytest.mark.parametrize("text", ["yesterday", "5", "999999w"])
def test_what_is_neither_is_told_how_to_be_written(text: str) -> None:
    """Nor is what leads out of the calendar."""
    with pytest.raises(UsageError, match="is no time; write 30s, 10m"):
        moment(text, NOW)
