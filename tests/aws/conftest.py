"""What the tests of the AWS doors share."""

from __future__ import annotations

import pytest


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits before trying again, the SDK or we, does not wait."""
    monkeypatch.setattr("time.sleep", lambda _: None)
