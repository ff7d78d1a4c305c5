"""What the property tests of columns draw from: values, columns and the parts they come in."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from csvgate.core.columns.profile import ColumnProfiler

# Values of every kind that a column may hold.
values = st.one_of(
    st.sampled_from(
        ["", "NA", "NULL", "-", "true", "No", "007", "1.234", "1,234", "1,50", "1 234", "1.5E+12", "x", "\ud800"]
    ),
    st.integers(min_value=-(10**19), max_value=10**19).map(str),
    st.integers(min_value=-20, max_value=20).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-10_000, max_value=10_000).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.dates().map(str),
    st.dates().map("{0.day}/{0.month:02}/{0.year:04}".format),
    st.datetimes().map(str),
    st.tuples(st.datetimes(), st.sampled_from(["Z", "+00", "+0130", " UTC", " -0500"])).map(
        lambda drawn: f"{drawn[0]}{drawn[1]}"
    ),
    st.times().map(str),
    st.datetimes().map(lambda moment: moment.strftime("%d-%b-2024")),
    st.datetimes().map(lambda moment: moment.strftime("%B %-d, 2024 %-I:%M %p")),
    st.text(max_size=8),
    st.text(alphabet="ab\u00e9\n", min_size=90, max_size=130),
)

_few = st.lists(values, min_size=1, max_size=4).flatmap(lambda drawn: st.lists(st.sampled_from(drawn), max_size=60))
# Columns of many kinds of values, of few values again and again, and of one kind with something else at the end.
columns = st.one_of(
    st.lists(values, max_size=40),
    _few,
    st.lists(st.integers(min_value=-99, max_value=10**6).map(str), max_size=150),
    st.tuples(st.lists(st.integers().map(str), min_size=100, max_size=120), values).map(
        lambda pair: [*pair[0], pair[1]]
    ),
    st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str), max_size=40),
    st.lists(st.ip_addresses(v=4).map(str), max_size=40),
)
cuts = st.lists(st.integers(min_value=1, max_value=50), min_size=1, max_size=6)


def profiler_of(*batches: Sequence[str], budget: int = 10_000) -> ColumnProfiler:
    """A profiler to which the batches were added, one after the other."""
    profiler = ColumnProfiler(budget=budget)
    for batch in batches:
        profiler.add(batch)
    return profiler


def batches_of(column: Sequence[str], sizes: Sequence[int]) -> list[Sequence[str]]:
    """The column in parts of the given sizes, again and again."""
    batches: list[Sequence[str]] = []
    while (start := sum(map(len, batches))) < len(column):
        batches.append(column[start : start + sizes[len(batches) % len(sizes)]])
    return batches
