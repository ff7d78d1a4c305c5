"""A process in; one that looks for garbage seldom out: cells are many, and none of them is part of a cycle."""

from __future__ import annotations

import gc

# So many new objects are made between two looks; Python's own few hundred are reached with every few records.
BETWEEN = 50_000


def collect_seldom() -> None:
    """What is here now is never looked at again; what comes is, after many more objects than Python's own habit."""
    gc.freeze()
    gc.set_threshold(BETWEEN, *gc.get_threshold()[1:])
