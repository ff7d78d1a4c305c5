"""However long a file is, however wide and however long its cells: what it takes to load it stays the same."""

from __future__ import annotations

import subprocess
import sys

import pytest


def peak(rows: int, cells: int, length: int) -> int:
    """The most memory that a load of so many rows took, in MB, in a process of its own."""
    command = [sys.executable, "-m", "tests.parquet.one_load", *map(str, (rows, cells, length))]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


@pytest.mark.long
@pytest.mark.parametrize(
    ("rows", "cells", "length"), [(300_000, 15, 12), (3_000, 1_600, 8), (20, 2, 4_000_000)], ids=["long", "wide", "big"]
)
def test_memory_is_that_of_one_file_however_many_there_are(rows: int, cells: int, length: int) -> None:
    once = peak(rows, cells, length)
    assert peak(4 * rows, cells, length) < once * 1.15 + 16 < 512
