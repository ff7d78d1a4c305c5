"""Columns as they are drawn in; CSV, and what it holds exactly, out.

Every value is drawn as a whole number (cents, seconds, the place of a word), so that the truth is counted without
any rounding and without anything of what is measured; polars only writes the numbers down.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks.inspect.truth import Figures

Numbers = npt.NDArray[np.int64]
# So many rows are drawn at once, at most.
ROWS = 500_000
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column: whole numbers from `low` to `high`, drawn by `draw(rng, rows, first_row)` and cut to that range.

    A number has `decimals` of its digits behind the point; a datetime counts seconds, a date days, and a string is
    one of `words`.
    """

    type: str
    low: int
    high: int
    draw: Callable[[np.random.Generator, int, int], Numbers]
    decimals: int = 0
    nulls: float = 0.0
    words: Sequence[str] = ()


class Account:
    """Keeps account of what is drawn for one column."""

    def __init__(self, column: Column) -> None:
        """Nothing was drawn yet."""
        self._column = column
        self._seen = np.array([], dtype=np.int64)
        self._total = self._count = self._nulls = 0

    def draw(self, rng: np.random.Generator, rows: int, first_row: int) -> pl.Series:
        """So many values more, as they are written; the account knows them."""
        column = self._column
        numbers = np.clip(column.draw(rng, rows, first_row), column.low, column.high)
        is_null = rng.random(rows) < column.nulls
        present = numbers[~is_null]
        self._seen = _different(np.concatenate([self._seen, present]))
        self._total += int(present.sum())
        self._count += len(present)
        self._nulls += rows - len(present)
        return _written(column, numbers).set(pl.Series(is_null), None)

    def figures(self) -> Figures:
        """What the column holds."""
        ends = [int(self._seen[0]), int(self._seen[-1])]
        # Words are not in the order of their places.
        spelled = [_spelled(self._column, int(number)) for number in (self._seen if self._column.words else ends)]
        least, greatest = (min(spelled), max(spelled)) if self._column.words else spelled
        is_numeric = self._column.type in {"integer", "number"}
        return Figures(
            type=self._column.type,
            nulls=self._nulls,
            distinct=len(self._seen),
            min=least,
            max=greatest,
            mean=self._total / self._count / 10**self._column.decimals if is_numeric else None,
        )


def write(path: Path, columns: Mapping[str, Column], rows: int, seed: int) -> dict[str, Figures]:
    """The file holds so many rows; says what is in its columns."""
    rng = np.random.default_rng(seed)
    accounts = {name: Account(column) for name, column in columns.items()}
    with path.open("wb") as file:
        for first in range(0, rows, ROWS):
            size = min(ROWS, rows - first)
            frame = pl.DataFrame({name: account.draw(rng, size, first) for name, account in accounts.items()})
            frame.write_csv(file, include_header=first == 0, datetime_format="%Y-%m-%d %H:%M:%S")
    return {name: account.figures() for name, account in accounts.items()}


def _different(numbers: Numbers) -> Numbers:
    """Each number once, in order; np.unique hashes, which takes ten times as long as to sort."""
    ordered = np.sort(numbers)
    return ordered[np.diff(ordered, prepend=ordered[:1] - 1) > 0]


def _written(column: Column, numbers: Numbers) -> pl.Series:
    if column.words:
        return pl.Series(column.words).gather(numbers)
    series = pl.Series(numbers)
    if column.type == "number":
        scaled: pl.Series = series / 10**column.decimals
        return scaled.cast(pl.Decimal(18, column.decimals))
    if column.type == "datetime":
        return (series * 1_000_000).cast(pl.Datetime("us"))
    return series.cast(pl.Int32).cast(pl.Date) if column.type == "date" else series


def _spelled(column: Column, number: int) -> str:
    if column.words:
        return column.words[number]
    if column.type == "number":
        return f"{number / 10**column.decimals:.{column.decimals}f}"
    if column.type == "date":
        return f"{date.fromordinal(EPOCH.toordinal() + number)}"
    if column.type == "datetime":
        return f"{datetime.fromtimestamp(number, UTC):%Y-%m-%d %H:%M:%S}"
    return str(number)
