"""All that counters and sketches know of a column in; the figures of its profile out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import sqrt
from operator import add
from typing import Any

from csvgate.core.columns.abridged import LONGEST, shown
from csvgate.core.columns.column import ColumnType
from csvgate.core.columns.distribution import Distribution
from csvgate.core.columns.frequency import most_frequent
from csvgate.core.columns.measure import Measure, Sums, moments, whole
from csvgate.core.columns.patterns import pattern_of
from csvgate.core.columns.shapes import MISSING, Shape
from csvgate.core.columns.types import STRING, Notation
from csvgate.core.columns.worth import Worths

TOP_VALUES = 10
# Figures of a profile, by their names.
Figures = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What is known of the values of a column that are not null.

    `measures` is exact. `seen` counts the values in `groups`, whose `worths` are known: all of them, or a sample where
    `errors` says so.
    """

    measures: Mapping[Shape, Measure]
    distinct: int
    frequencies: Mapping[str, int]
    seen: Mapping[str, int]
    groups: Mapping[Shape, Sequence[str]]
    worths: Mapping[Shape, Worths]
    errors: Mapping[str, str] = field(default_factory=dict)


def figures_of(evidence: Evidence, notation: Notation) -> Figures:
    """All figures that the profile of a column in this notation has, by their names; none without values."""
    if not evidence.measures:
        return {}
    figures = _of_texts(evidence)
    if notation is STRING:
        figures |= _of_pattern(evidence, longest=figures["max_length"])
    elif notation.parses:
        sums = reduce(add, (part.sums[notation.parses[shape]] for shape, part in evidence.measures.items()))
        figures |= _of_worths(notation.type, evidence, sums) | _of_distribution(evidence, notation, sums)
    return figures


def _of_texts(evidence: Evidence) -> Figures:
    texts = whole(evidence.measures.values())
    top = tuple(most_frequent(evidence.frequencies, TOP_VALUES))
    return {
        "distinct_count": min(evidence.distinct, texts.count),
        "distinct_is_exact": not evidence.errors,
        "min": shown(texts.least),
        "max": shown(texts.greatest),
        "min_length": texts.shortest,
        "max_length": texts.longest,
        "top_values": tuple((shown(text), count) for text, count in top) if texts.longest > LONGEST else top,
        "approximate": tuple(evidence.errors.items()),
    }


def _of_pattern(evidence: Evidence, *, longest: int) -> Figures:
    """The pattern that all values have, but for words for a missing one; of long values too little is known."""
    if longest > LONGEST:
        return {}
    parts = {shape: part for shape, part in evidence.measures.items() if shape != MISSING}
    known = [text for shape in parts for text in evidence.groups.get(shape, ())]
    # The sample may not hold the extremes, where that which does not belong often stands.
    extremes = [text for part in parts.values() for text in (part.least, part.greatest)] if evidence.errors else []
    pattern = pattern_of([*known, *extremes]) if known else None
    if pattern is None or not evidence.errors:
        return {"pattern": pattern}
    error = f"all {sum(map(evidence.seen.__getitem__, known))} values of a sample have it"
    return {"pattern": pattern, "approximate": (*evidence.errors.items(), ("pattern", error))}


def _of_worths(kind: ColumnType, evidence: Evidence, sums: Sums) -> Figures:
    extremes = {"min": sums.least[1], "max": sums.greatest[1]}
    if kind not in ("integer", "number"):
        return extremes
    mean, stddev = moments(sum(part.count for part in evidence.measures.values()), sums)
    return {**extremes, "mean": mean, "stddev": stddev}


def _of_distribution(evidence: Evidence, notation: Notation, sums: Sums) -> Figures:
    shapes = [shape for shape in evidence.groups if shape in evidence.measures]
    groups = [(evidence.groups[shape], evidence.worths[shape][notation.parses[shape]]) for shape in shapes]
    if not notation.scale or not groups:
        return {}
    distribution = Distribution(evidence.seen, groups)
    total = sum(part.count for part in evidence.measures.values())
    figures: Figures = {
        "quantiles": distribution.quantiles(),
        "histogram": distribution.histogram(notation.scale, sums.least[0], sums.greatest[0], total),
    }
    if evidence.errors:
        figures["approximate"] = _with_sampling(evidence.errors, distribution.count)
    return figures


def _with_sampling(errors: Mapping[str, str], sampled: int) -> tuple[tuple[str, str], ...]:
    more = {
        "quantiles": f"standard error {0.5 / sqrt(sampled):.1%} of rank",
        "histogram": f"scaled from a sample of {sampled} values",
    }
    return (*errors.items(), *more.items())
