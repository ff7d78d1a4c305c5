"""A command under a hard limit cannot have more memory than that."""

from __future__ import annotations

import sys

from benchmarks.inspect.cap import capped
from benchmarks.inspect.process import run

LIMIT = 64 * 2**20


def exit_code(megabytes: int) -> int:
    """How a Python ends that takes so much."""
    with capped(LIMIT) as cap:
        return run([*cap.prefix, sys.executable, "-c", f"bytearray({megabytes} * 2**20)"]).exit_code


def test_what_needs_less_lives() -> None:
    assert exit_code(8) == 0


def test_what_needs_more_does_not() -> None:
    assert exit_code(200) != 0


def test_limits_can_be_set_again_and_again() -> None:
    assert [exit_code(8), exit_code(8)] == [0, 0]
