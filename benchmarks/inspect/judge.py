"""What a contender said and the truth in; what of it is wrong, as sentences, out.

Only what was told is judged: who tells less cannot be wrong about it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks.inspect.truth import Defect, Figures, Truth

Answer = Mapping[str, Any]
# Sums of millions of floating point numbers differ in their last digits.
MEAN_TOLERANCE = 1e-9
# Null percentages come with two decimals.
PERCENT_TOLERANCE = 0.01
# A stated standard error may be missed; five times it, by nobody.
STANDARD_ERRORS = 5


def complaints(answers: Sequence[Answer], truths: Sequence[Truth]) -> list[str]:
    """Everything that was said and is not so, file by file."""
    if len(answers) != len(truths):
        return [f"{len(answers)} answers for {len(truths)} files"]
    return [wrong for answer, truth in zip(answers, truths, strict=True) for wrong in about_file(answer, truth)]


def about_file(answer: Answer, truth: Truth) -> Iterator[str]:
    """What is wrong about one file."""
    for name in ("rows", "columns", "verdict", "sha256"):
        yield from _differs(name, answer.get(name), getattr(truth, name))
    yield from _differs("bytes unaccounted for", answer.get("unaccounted"), 0)
    if "defects" in answer:
        yield from about_defects(answer["defects"], truth.defects)
    told = answer.get("figures", {})
    for column in truth.figures.keys() & told.keys():
        yield from (f"{column}: {wrong}" for wrong in about_column(told[column], truth.figures[column], truth.rows))


def about_column(told: Answer, truth: Figures, rows: int) -> Iterator[str]:
    """What is wrong about one column; whose place in the answer is None was not told."""
    for name in ("type", "nulls", "distinct", "min", "max"):
        if getattr(truth, name) is not None:
            yield from _differs(name, told.get(name), getattr(truth, name))
    yield from _about_mean(told.get("mean"), truth.mean)
    if "null_percentage" in told and abs(float(told["null_percentage"]) - 100 * truth.nulls / rows) > PERCENT_TOLERANCE:
        yield f"{told['null_percentage']} % nulls instead of {truth.nulls}"
    if "distinct_error" in told and off(told, truth) > STANDARD_ERRORS * _share(told["distinct_error"]):
        yield f"distinct {told['distinct_about']} is not within {told['distinct_error']} of {truth.distinct}"


def about_defects(told: Iterable[Mapping[str, Any]], truth: Sequence[Defect]) -> Iterator[str]:
    """Which of the defects were missed, and what was found that is none: by all that was told of a place."""
    found = {tuple(sorted(place.items())) for place in told}
    names = {name for place in found for name, _ in place} or {"code"}
    known = {tuple(sorted((name, getattr(defect, name)) for name in names)) for defect in truth}
    if known - found:
        yield f"{len(known - found)} of {len(known)} defects missed"
    if found - known:
        yield f"{len(found - known)} false findings, the first {dict(min(found - known, key=str))}"


def distinct_off(answers: Sequence[Answer], truths: Sequence[Truth]) -> float | None:
    """How far the worst approximate distinct count is off, as a share; None if there is none."""
    shares = [
        off(told, truth.figures[column])
        for answer, truth in zip(answers, truths, strict=True)
        for column, told in answer.get("figures", {}).items()
        if column in truth.figures and "distinct_about" in told
    ]
    return max(shares, default=None)


def off(told: Answer, truth: Figures) -> float:
    """How far an approximate distinct count is off."""
    return abs(int(told["distinct_about"]) - truth.distinct) / max(truth.distinct, 1)


def _about_mean(told: object, known: float | None) -> Iterator[str]:
    if told is not None and known is not None and not math.isclose(float(str(told)), known, rel_tol=MEAN_TOLERANCE):
        yield f"mean {told} instead of {known}"


def _differs(name: str, told: object, known: object) -> Iterator[str]:
    if told is not None and not _is_same(told, known):
        yield f"{name} {told} instead of {known}"


def _is_same(told: object, known: object) -> bool:
    """The same number, or the same text; a time may be written with a T."""
    try:
        return float(str(told)) == float(str(known))
    except ValueError:
        return str(told).replace("T", " ") == str(known).replace("T", " ")


def _share(stated: str) -> float:
    """The share in a sentence such as `standard error 1.6%`."""
    return float(stated.partition("%")[0].split()[-1]) / 100
