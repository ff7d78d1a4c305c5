"""How often to try in, the tries out, with a pause before each but the first."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 2.0


def tries(count: int) -> Iterator[int]:
    """0, 1, ... below count; each next one comes after a random pause of up to twice the one before (full jitter)."""
    for number in range(count):
        if number:
            time.sleep(random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2**number)))  # noqa: S311  # no secret
        yield number
