"""A process in; one whose memory is managed for many cells and large buffers, out."""

from __future__ import annotations

import gc
from contextlib import suppress

# So many new objects are made between two looks; Python's own few hundred are reached with every few records.
BETWEEN = 50_000
# Buffers up to this size are kept for the next one; glibc gives most of ours back, and has each page zeroed again.
KEPT_BYTES = 64 * 1024 * 1024
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3


def collect_seldom() -> None:
    """What is here now is never looked at again; what comes is, after many more objects than Python's own habit.

    Cells are many, and none of them is part of a cycle.
    """
    gc.freeze()
    gc.set_threshold(BETWEEN, *gc.get_threshold()[1:])


def keep_freed() -> None:
    """Large buffers that are freed are used again by this process; without glibc, everything is as it was."""
    import ctypes  # noqa: PLC0415  only who reads large files pays for it

    with suppress(OSError, AttributeError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_TRIM_THRESHOLD, KEPT_BYTES)
        mallopt(_MMAP_THRESHOLD, KEPT_BYTES)
