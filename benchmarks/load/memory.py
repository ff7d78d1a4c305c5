"""Sizes in; the most memory that a process takes which inspects, judges and loads a file of that size, out."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.inspect import process
from benchmarks.load import stages
from benchmarks.load.contenders import Contender, File, loaded
from benchmarks.load.data import repeat
from csvgate.local.postgres import Postgres

MEGABYTE = 1_000_000
PATIENCE_SECONDS = 3600.0
# Row by row takes several times as long, and need not be as large to show that it keeps nothing.
LARGEST_BY_ROW = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Peak:
    """What a file of that size took, at the most; `how` is the feed that it belonged to."""

    how: str
    file_mb: int
    seconds: float
    peak_mb: float


def peaks(server: Postgres, sample: Path, sizes: list[int]) -> list[Peak]:
    """One for each size, and for each way in which rows are loaded; RuntimeError if one could not be loaded."""
    return [
        peak(server, sample, how, size)
        for size in sizes
        for how in ("contract", "cleansed")
        if how == "contract" or size <= LARGEST_BY_ROW
    ]


def peak(server: Postgres, sample: Path, how: str, size: int) -> Peak:
    """A process of its own, whose memory was watched; the file is made of the sample, and gone afterwards."""
    path, ended = sample.with_name(f"{size}-mb.csv"), list[process.Ended]()

    def load(database_url: str, file: File) -> float:
        command = [sys.executable, "-m", stages.__name__, str(file.path), how, database_url]
        ended.append(process.run(command, patience=PATIENCE_SECONDS))
        return ended[-1].seconds

    repeat(sample, path, size * MEGABYTE)
    seconds = loaded(server, Contender(name=how, load=load), File(path=path, rows=0))
    path.unlink()
    if ended[-1].exit_code:
        raise RuntimeError(ended[-1].complaint)
    return Peak(how=how, file_mb=size, seconds=round(seconds, 1), peak_mb=round(ended[-1].peak_bytes / MEGABYTE, 1))
