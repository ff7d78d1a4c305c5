"""Medians in; what was aimed at, what was measured, and whether it was reached, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.inspect.rounds import RIGHT, Result
from benchmarks.inspect.single import Start, Survival

Medians = Mapping[tuple[str, str], Result]


@dataclass(frozen=True, kw_only=True, slots=True)
class Aim:
    """What was aimed at; `reached` is None where nothing was measured."""

    what: str
    aim: str
    measured: str
    reached: bool | None


def judged(medians: Medians, *, files: int, start: Start | None, survival: Survival | None) -> list[Aim]:
    """All aims, in the order in which they were set."""
    return [
        _ratio(medians, "taxi", 0.4, "1 GB of numbers and times"),
        _memory(medians, "taxi", 300),
        _ratio(medians, "text", 1.2, "500 MB of quoted text"),
        _right(medians, "text", "500 MB of quoted text: exactly right"),
        _ratio(medians, "wide", 1.0, "1,000 columns"),
        _small(medians, files),
        _upto("`csvgate inspect small.csv`, a whole process", start.seconds if start else None, 0.25, "s"),
        _survived(survival),
        _right(medians, "defects", "all 117 defects with record, line and byte; none false"),
    ]


def ratio(medians: Medians, dataset: str, rival: str, contender: str = "csvgate") -> float | None:
    """How many times as long the contender took as the rival, if both answered."""
    ours, theirs = medians.get((dataset, contender)), medians.get((dataset, rival))
    if ours is None or theirs is None or "error" in ours.answer + theirs.answer:
        return None
    return ours.seconds / theirs.seconds


def _ratio(medians: Medians, dataset: str, limit: float, what: str) -> Aim:
    return _upto(f"{what}, time of DuckDB's `SUMMARIZE`", ratio(medians, dataset, "duckdb"), limit, "times")


def _memory(medians: Medians, dataset: str, limit: float) -> Aim:
    ours = medians.get((dataset, "csvgate"))
    return _upto("1 GB of numbers and times, peak memory", ours.peak_mb if ours else None, limit, "MB")


def _small(medians: Medians, files: int) -> Aim:
    ours = medians.get(("small", "csvgate-call"))
    each = ours.work_seconds / files * 1000 if ours and ours.work_seconds else None
    return _upto("files of 2 KB, each, in one process", each, 1.0, "ms")


def _right(medians: Medians, dataset: str, what: str) -> Aim:
    ours = medians.get((dataset, "csvgate"))
    answer = ours.answer if ours else "not measured"
    return Aim(what=what, aim=RIGHT, measured=answer, reached=answer == RIGHT if ours else None)


def _survived(survival: Survival | None) -> Aim:
    what = "1 GB under a hard limit"
    if survival is None:
        return Aim(what=what, aim="survives 256 MB", measured="not measured", reached=None)
    measured = f"{survival.answer}, {survival.seconds:.1f} s, most {survival.peak_mb:.0f} MB; {survival.kind}"
    return Aim(what=what, aim="survives 256 MB", measured=measured, reached=survival.answer == RIGHT)


def _upto(what: str, found: float | None, limit: float, unit: str) -> Aim:
    if found is None:
        return Aim(what=what, aim=f"at most {limit:g} {unit}", measured="not measured", reached=None)
    return Aim(what=what, aim=f"at most {limit:g} {unit}", measured=f"{found:.3g} {unit}", reached=found <= limit)
