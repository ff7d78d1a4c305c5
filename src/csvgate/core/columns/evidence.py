"""All that counters and sketches know of a column in; the figures of its profile out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from math import sqrt
from operator import add

from csvgate.core.columns.abridged import LONGEST, shown
from csvgate.core.columns.column import ColumnProfile
from csvgate.core.columns.distribution import Distribution
from csvgate.core.columns.frequency import most_frequent
from csvgate.core.columns.measure import Measure, Sums, moments, whole
from csvgate.core.columns.patterns import pattern_of
from csvgate.core.columns.shapes import MISSING, Shape
from csvgate.core.columns.types import STRING, Notation

TOP_VALUES = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What is known of the values of a column that are not null.

    `measures` is exact. `seen` counts the values in `groups`: all of them, or a sample where `errors` says so.
    """

    measures: Mapping[Shape, Measure]
    distinct: int
    frequencies: Mapping[str, int]
    seen: Mapping[str, int]
    groups: Mapping[Shape, Sequence[str]]
    errors: Mapping[str, str] = field(default_factory=dict)


def complete(profile: ColumnProfile, evidence: Evidence, notation: Notation) -> ColumnProfile:
    """The profile with all figures that a column in this notation has."""
    if not evidence.measures:
        return profile
    profile = _with_texts(profile, evidence)
    if notation is STRING:
        return _with_pattern(profile, evidence)
    if not notation.parses:
        return profile
    sums = reduce(add, (part.sums[notation.parses[shape]] for shape, part in evidence.measures.items()))
    return _with_distribution(_with_worths(profile, evidence, sums), evidence, notation, sums)


def _with_texts(profile: ColumnProfile, evidence: Evidence) -> ColumnProfile:
    texts = whole(evidence.measures.values())
    top = most_frequent(evidence.frequencies, TOP_VALUES)
    return replace(
        profile,
        distinct_count=min(evidence.distinct, texts.count),
        distinct_is_exact=not evidence.errors,
        min=shown(texts.least),
        max=shown(texts.greatest),
        min_length=texts.shortest,
        max_length=texts.longest,
        top_values=tuple((shown(text), count) for text, count in top),
        approximate=tuple(evidence.errors.items()),
    )


def _with_pattern(profile: ColumnProfile, evidence: Evidence) -> ColumnProfile:
    """The pattern that all values have, but for words for a missing one; of long values too little is known."""
    if (profile.max_length or 0) > LONGEST:
        return profile
    parts = {shape: part for shape, part in evidence.measures.items() if shape != MISSING}
    known = [text for shape in parts for text in evidence.groups.get(shape, ())]
    # The sample may not hold the extremes, where that which does not belong often stands.
    extremes = [text for part in parts.values() for text in (part.least, part.greatest)] if evidence.errors else []
    pattern = pattern_of([*known, *extremes]) if known else None
    if pattern is None:
        return profile
    if not evidence.errors:
        return replace(profile, pattern=pattern)
    error = f"all {sum(map(evidence.seen.__getitem__, known))} values of a sample have it"
    return replace(profile, pattern=pattern, approximate=(*profile.approximate, ("pattern", error)))


def _with_worths(profile: ColumnProfile, evidence: Evidence, sums: Sums) -> ColumnProfile:
    profile = replace(profile, min=sums.least[1], max=sums.greatest[1])
    if profile.type not in ("integer", "number"):
        return profile
    mean, stddev = moments(sum(part.count for part in evidence.measures.values()), sums)
    return replace(profile, mean=mean, stddev=stddev)


def _with_distribution(profile: ColumnProfile, evidence: Evidence, notation: Notation, sums: Sums) -> ColumnProfile:
    groups = [(texts, notation.parses[shape]) for shape, texts in evidence.groups.items() if shape in evidence.measures]
    if not notation.scale or not groups:
        return profile
    distribution = Distribution(evidence.seen, groups)
    total = sum(part.count for part in evidence.measures.values())
    profile = replace(
        profile,
        quantiles=distribution.quantiles(),
        histogram=distribution.histogram(notation.scale, sums.least[0], sums.greatest[0], total),
    )
    return _with_sampling_error(profile, distribution.count) if evidence.errors else profile


def _with_sampling_error(profile: ColumnProfile, sampled: int) -> ColumnProfile:
    errors = {
        "quantiles": f"standard error {0.5 / sqrt(sampled):.1%} of rank",
        "histogram": f"scaled from a sample of {sampled} values",
    }
    return replace(profile, approximate=(*profile.approximate, *errors.items()))
