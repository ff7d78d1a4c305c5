"""Datasets in; what only csvgate is asked, start and all for one small file, and to live in little memory, out."""

from __future__ import annotations

import statistics
import sys
from dataclasses import dataclass

from benchmarks.inspect.cap import capped
from benchmarks.inspect.lineup import CONTENDERS
from benchmarks.inspect.process import run
from benchmarks.inspect.rounds import understood
from benchmarks.inspect.truth import Dataset

CSVGATE = CONTENDERS["csvgate"]
RUNS = 20
LIMIT = 256 * 2**20


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """Seconds of `csvgate inspect small.csv`, and of a Python that does nothing; medians of RUNS."""

    seconds: float
    python_seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Survival:
    """One run under a hard limit: how it was enforced, how it ended, and the most that was counted."""

    kind: str
    limit_mb: float
    seconds: float
    answer: str
    peak_mb: float


def start(small: Dataset) -> Start:
    """What one small file costs a person who types the command."""
    inspect = [*CSVGATE.command[:2], small.files[0].path]
    nothing = [sys.executable, "-c", "pass"]
    runs = [(run(inspect).seconds, run(nothing).seconds) for _ in range(RUNS)]
    ours, python = zip(*runs, strict=True)
    return Start(seconds=round(statistics.median(ours), 4), python_seconds=round(statistics.median(python), 4))


def survival(dataset: Dataset) -> Survival:
    """Whether csvgate lives, and is right, under LIMIT."""
    with capped(LIMIT) as cap:
        ended = run([*cap.prefix, *CSVGATE.command, *(file.path for file in dataset.files)])
        peak = cap.peak_bytes() or ended.peak_bytes
    return Survival(
        kind=cap.kind,
        limit_mb=LIMIT / 2**20,
        seconds=round(ended.seconds, 2),
        answer=understood(ended, CSVGATE, dataset)[1],
        peak_mb=round(peak / 2**20, 1),
    )
