"""Something that comes by itself in; what it is when it is there, out, or a test that has failed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
# A shared machine is slow at times.
SECONDS, PAUSE = 180.0, 0.05


def until(look: Callable[[], Found], seconds: float = SECONDS) -> Found:
    """What is seen as soon as there is something."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"it never came: {found!r}"
        time.sleep(PAUSE)
    return found


def until_equal(look: Callable[[], object], wanted: object, seconds: float = SECONDS) -> None:
    """What is seen becomes what is wanted."""
    deadline = time.monotonic() + seconds
    while (seen := look()) != wanted:
        assert time.monotonic() < deadline, seen
        time.sleep(PAUSE)
