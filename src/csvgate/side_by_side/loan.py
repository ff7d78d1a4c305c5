"""Buffers in, for as long as a task takes; the other process's view of the same memory out. Nothing is sent."""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pickle import PickleBuffer

# Arrays of numbers begin at such places.
_STEP = 64


@contextmanager
def file() -> Iterator[int]:
    """A file that has no name, in memory where the system can; Lambda has no /dev/shm."""
    with os.fdopen(os.memfd_create("csvgate")) if hasattr(os, "memfd_create") else tempfile.TemporaryFile() as opened:
        yield opened.fileno()


def lend(file: int, buffers: Iterable[PickleBuffer]) -> Sequence[int]:
    """The buffers are in the file, over whatever was in it; how long each is."""
    sizes, at = [], 0
    for buffer in buffers:
        with buffer.raw() as view:
            os.pwrite(file, view, at)
            sizes.append(len(view))
            at = _behind(at, len(view))
    return sizes


def borrow(file: int, sizes: Sequence[int]) -> Sequence[memoryview]:
    """What was lent; it may be looked at, and is soon something else."""
    if not any(sizes):
        return [memoryview(b"")] * len(sizes)  # nothing cannot be mapped
    views, at = [], 0
    whole = memoryview(mmap.mmap(file, 0, access=mmap.ACCESS_READ))
    for size in sizes:
        views.append(whole[at : at + size])
        at = _behind(at, size)
    return views


def _behind(at: int, size: int) -> int:
    return -(-(at + size) // _STEP) * _STEP
