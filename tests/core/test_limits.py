"""Hostile files end soon, in bounded memory, with a verdict; each is measured in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.bombs import BOMBS

ROOT = Path(__file__).parents[2]
MEGABYTES, CPU_SECONDS = 256, 10
# What each is found to be: the verdict, how many records, and what is said.
EXPECTED = {
    "4 MB of commas": ("rejected", 0, ["not-csv"]),
    "a field of 12 MB": ("ok", 2, []),
    "a quoted field of 12 MB": ("ok", 2, []),
    "a field of 31 MB with an emoji": ("ok", 2, []),
    "a quoted field of 31 MB": ("ok", 2, []),
    "a field of 15 million lines": ("ok", 2, []),
    "a field of 31 MB with bytes that are not valid": ("warning", 2, ["encoding-guessed"]),
    "fields of 8 MB": ("ok", 6, []),
    "fields of quotes": ("ok", 34, []),
    "a name of 31 MB": ("rejected", 1, ["field-too-long"]),
    "records of two empty cells": ("warning", 16_000_001, ["blank-row"]),
    "200,000 columns": ("warning", 5, ["duplicate-label", "too-wide"]),
    "a header a million times": ("warning", 999_999, ["repeated-header", "header-unsure"]),
    "comments as in HTML": ("ok", 1, []),
    "3 million blank lines": ("ok", 2, []),
    "3 million blank values": ("ok", 3_000_002, []),
    "a million lines of two bytes": ("ok", 1_000_000, []),
    "a long line below a quote": ("warning", 2, ["stray-quote", "header-unsure"]),
    "nested quotes": ("rejected", 0, ["not-csv"]),
    "quotes that never close": (
        "warning",
        200_001,
        ["missing-cell", "unclosed-quote", "stray-quote", "header-unsure", "truncated"],
    ),
    "a gzip bomb of blank lines": ("rejected", 1, ["compression-bomb"]),
    "a gzip bomb of ragged records": ("rejected", None, ["missing-cell", "compression-bomb"]),
    "a gzip bomb of letters": ("rejected", None, ["compression-bomb"]),
    "a gzip bomb of commas": ("rejected", None, ["not-csv"]),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_little_and_is_told(name: str) -> None:
    command = [sys.executable, "-m", "tests.core.bombs", name]
    told = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=120).stdout)
    verdict, rows, codes = EXPECTED[name]
    assert (told["verdict"], told["codes"]) == (verdict, codes)
    assert rows is None or told["row_count"] == rows
    assert told["megabytes"] < MEGABYTES
    assert told["cpu_seconds"] < CPU_SECONDS
