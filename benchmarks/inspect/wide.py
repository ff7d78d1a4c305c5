"""A number of rows in; 1,000 columns of readings, as machines log them, out."""

from __future__ import annotations

from pathlib import Path

from benchmarks.inspect.columns import Column, write
from benchmarks.inspect.taxi import even, skewed
from benchmarks.inspect.truth import Figures

SEED, WIDTH = 1_000, 1_000
FIRST_DAY = 19_723  # 2024-01-01
CODES = tuple(f"{letter}{number:03}" for letter in "KLMNPQ" for number in range(100))
KINDS = (
    Column(type="integer", low=0, high=9_999_999, draw=even(1_000_000, 9_999_999)),
    Column(type="number", low=0, high=20_000_000, decimals=3, draw=skewed(3.0, 1_500_000)),
    Column(type="string", low=0, high=len(CODES) - 1, words=CODES, draw=even(0, len(CODES) - 1), nulls=0.1),
    Column(type="date", low=FIRST_DAY, high=FIRST_DAY + 999, draw=even(FIRST_DAY, FIRST_DAY + 999)),
    Column(type="integer", low=0, high=99_999, draw=even(0, 99_999), nulls=0.02),
)


def write_wide(path: Path, rows: int) -> dict[str, Figures]:
    """The file holds so many rows of 1,000 columns."""
    return write(path, {f"c{place:04}": KINDS[place % len(KINDS)] for place in range(WIDTH)}, rows, SEED)
