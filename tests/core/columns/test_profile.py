"""A column's values in, in any parts; its profile, marks and remarks out."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.columns.profile import ColumnProfile, ColumnProfiler, Histogram, Mark, Remark
from csvgate.core.columns.shapes import TEXT
from tests.core.columns.strategies import batches_of, columns, cuts, profiler_of


def profile_of(*values: str) -> ColumnProfile:
    """The profile of a small column."""
    return profiler_of(values).finish("x")


def test_the_profile_of_a_small_column() -> None:
    """Every figure, once."""
    assert profile_of("3", "1", "", "3", "9", "NA") == ColumnProfile(
        name="x",
        type="integer",
        null_count=2,
        distinct_count=3,
        min="1",
        max="9",
        mean=4.0,
        stddev=(36 / 3) ** 0.5,
        quantiles=(("p05", "1"), ("p25", "1"), ("p50", "3"), ("p75", "3"), ("p95", "9")),
        min_length=1,
        max_length=1,
        top_values=(("3", 2), ("1", 1), ("9", 1)),
        histogram=Histogram(edges=tuple(map(str, range(1, 11))), counts=(1, 0, 2, 0, 0, 0, 0, 0, 1)),
    )


def test_in_a_column_of_text_words_for_no_value_are_values() -> None:
    """Namibia is a country."""
    profile = profile_of("NA", "DE", "", "NA")
    assert (profile.type, profile.null_count, profile.distinct_count) == ("string", 1, 2)
    assert profile.top_values == (("NA", 2), ("DE", 1))


def test_a_column_of_nulls_can_be_anything() -> None:
    """So nothing is said of its values."""
    assert profile_of("", "") == ColumnProfile(name="x", type="any", null_count=2)
    assert profile_of() == ColumnProfile(name="x", type="any")


@pytest.mark.parametrize(
    ("values", "least", "greatest"),
    [
        (["9", "10", "-1"], "-1", "10"),
        (["9,5", "10,25", "-1"], "-1", "10,25"),
        (["1.234.567", "9", "1.500"], "9", "1.234.567"),
        (["13/01/2024", "01/02/2024", "31/12/2023"], "31/12/2023", "01/02/2024"),
        (["2024-01-01T10:00+05:00", "2024-01-01T06:00Z"], "2024-01-01T10:00+05:00", "2024-01-01T06:00Z"),
        (["9:05", "10:00"], "10:00", "9:05"),
        (["09:05", "10:00"], "09:05", "10:00"),
        (["yes", "No"], "No", "yes"),
        (["1.50", "1.5", "01"], "01", "1.50"),
    ],
)
def test_least_and_greatest_go_by_the_type(values: list[str], least: str, greatest: str) -> None:
    """And keep their spelling."""
    profile = profile_of(*values)
    assert (profile.min, profile.max) == (least, greatest)


@given(st.lists(st.integers(min_value=-(10**17), max_value=10**17), min_size=2))
def test_figures_of_integers_are_those_of_python(numbers: list[int]) -> None:
    """Mean and deviation are rounded once, at the end."""
    profile = profile_of(*map(str, numbers))
    assert profile.mean == pytest.approx(statistics.mean(numbers), rel=1e-15)
    assert profile.stddev == pytest.approx(statistics.stdev(numbers), rel=1e-14)
    assert profile.distinct_count == len(set(numbers))
    assert profile.top_values == tuple(sorted(Counter(map(str, numbers)).items(), key=lambda p: (-p[1], p[0]))[:10])


def test_sums_do_not_lose_small_differences() -> None:
    """A naive sum of squares would say that these do not differ, or worse."""
    values = [f"100000000000000000{units}" for units in ("1.1", "1.2", "1.3")]
    merged = profiler_of(values[:1], budget=1)
    merged.merge(profiler_of(values[1:], budget=1))
    assert (profile_of(*values).mean, profile_of(*values).stddev) == (1e18, 0.1)
    assert (merged.finish("x").mean, merged.finish("x").stddev) == (1e18, 0.1)


@pytest.mark.parametrize(
    "values", [["1e308", "1e308", "-1e308"], ["1e-308", "5e-324", "1e-999"], ["9" * 90 + ".5", ".1"]]
)
def test_the_longest_and_the_greatest_numbers_have_figures(values: list[str]) -> None:
    """Python's floats may overflow on the way, the figures do not."""
    profile = profile_of(*values)
    assert profile.type == "number"
    assert profile.mean is not None
    assert profile.stddev is not None


def test_values_beyond_all_measure_are_counted_and_shown_in_short() -> None:
    """Two that begin alike are two, and their length is told."""
    long, longer = "ü" * 300 + "a", "ü" * 300 + "bc"
    profile = profile_of(long, longer, "z", long)
    assert (profile.distinct_count, profile.min_length, profile.max_length) == (3, 1, 302)
    assert profile.top_values[0] == ("ü" * 100 + "…", 2)
    assert (profile.min, profile.max) == ("z", "ü" * 100 + "…")


@given(columns, cuts)
def test_however_a_column_is_cut_its_profile_is_the_same(column: list[str], sizes: list[int]) -> None:
    """And so are the remarks."""
    whole, parts = profiler_of(column), profiler_of(*batches_of(column, sizes))
    assert parts.finish("x") == whole.finish("x")
    assert parts.remarks() == whole.remarks()


@given(columns, cuts)
def test_a_column_is_marked_at_the_same_values_however_it_is_cut(column: list[str], sizes: list[int]) -> None:
    """Places in the file do not depend on chunks."""
    parts = ColumnProfiler(budget=10_000)
    marks, start = [], 0
    for batch in batches_of(column, sizes):
        marks += [replace(mark, index=mark.index + start) for mark in parts.add(batch)]
        start += len(batch)
    assert marks == list(ColumnProfiler(budget=10_000).add(column))


@given(columns, columns)
def test_merged_profiles_are_the_profile_of_all(first: list[str], later: list[str]) -> None:
    """As if all values had come one after the other."""
    merged = profiler_of(first)
    merged.merge(profiler_of(later))
    together = profiler_of(first, later)
    assert merged.finish("x") == together.finish("x")
    assert merged.remarks() == together.remarks()


def test_of_parts_that_were_merged_the_first_value_is_told() -> None:
    """As the example of a remark."""
    merged = profiler_of(["5"] * 100, ["+5", "K"], budget=1)
    merged.merge(profiler_of(["5"] * 100, ["L", "+5"], budget=1))
    assert merged.remarks() == [Remark(code="late-type-change", count=2, example="K", shape=TEXT)]


@given(st.permutations(["+5", "5", "5.0", "+7", "7", "7.00"]), st.sampled_from([1, 3, 100]))
def test_of_values_that_are_worth_the_same_one_is_told_wherever_they_stand(values: list[str], budget: int) -> None:
    """The shortest."""
    numbers = profiler_of(values[:3], budget=budget)
    numbers.merge(profiler_of(values[3:], budget=budget))
    assert (numbers.finish("x").min, numbers.finish("x").max) == ("5", "7")


def test_what_was_marked_in_a_part_is_not_marked_again() -> None:
    """A finding has one first value."""
    merged = profiler_of(["1"])
    merged.merge(profiler_of(["1.234"]))
    assert list(merged.add(["1.234", "7"])) == []


def test_beyond_the_budget_words_for_no_value_are_values_of_text() -> None:
    """And null beside numbers."""
    cities = [f"city {number}" for number in range(40)] * 2
    text = profiler_of(cities, ["NA"] * 500, budget=16).finish("x")
    assert text.top_values[0] == ("NA", 500)
    assert text.distinct_count == profiler_of(cities, budget=16).finish("x").distinct_count + 1
    numbers = profiler_of(["NA"] * 500, list(map(str, range(40))), budget=16).finish("x")
    assert (numbers.type, numbers.null_count) == ("integer", 500)
    assert "NA" not in dict(numbers.top_values)


def exact(profile: ColumnProfile) -> ColumnProfile:
    """The profile without the figures that may be approximate."""
    figures = replace(profile, distinct_count=0, top_values=(), quantiles=(), histogram=Histogram(), approximate=())
    return replace(figures, pattern=None)


@given(columns, columns, cuts)
def test_beyond_the_budget_all_else_stays_exact(first: list[str], later: list[str], sizes: list[int]) -> None:
    """Whatever was folded when, and merged with what."""
    folded = profiler_of(*batches_of(first, sizes), budget=16)
    folded.merge(profiler_of(*batches_of(later, sizes), budget=16))
    whole = profiler_of([*first, *later])
    is_exact = len({*first, *later}) <= 16
    assert exact(folded.finish("x")) == replace(exact(whole.finish("x")), distinct_is_exact=is_exact)
    assert folded.remarks() == whole.remarks()


def test_a_profile_may_be_asked_for_in_between() -> None:
    """Asking changes nothing."""
    asked, plain = ColumnProfiler(budget=16), ColumnProfiler(budget=16)
    for start in range(0, 1000, 10):
        batch = [str(number) for number in range(start, start + 10)]
        asked.add(batch)
        plain.add(batch)
        asked.finish("x")
    assert exact(asked.finish("x")) == exact(plain.finish("x"))


def test_beyond_the_budget_approximate_figures_say_so_and_keep_their_word() -> None:
    """Half of the values are the same, the others all differ."""
    column = [value for number in range(60_000) for value in (str(number), "7")]
    profile = profiler_of(*batches_of(column, [4_000]), budget=1_000).finish("x")
    assert [figure for figure, _ in profile.approximate] == ["distinct_count", "top_values", "quantiles", "histogram"]
    assert not profile.distinct_is_exact
    assert profile.distinct_count == pytest.approx(60_000, rel=0.1)
    value, count = profile.top_values[0]
    error = int("".join(filter(str.isdigit, dict(profile.approximate)["top_values"])))
    assert value == "7"
    assert count <= 60_001 <= count + error
    assert int(dict(profile.quantiles)["p75"]) == pytest.approx(30_000, rel=0.15)
    assert sum(profile.histogram.counts) == pytest.approx(120_000, rel=0.01)
    assert (profile.min, profile.max) == ("0", "59999")


def test_there_are_never_more_different_values_than_values() -> None:
    """Though an estimate may be too high."""
    columns = [[f"value {number}" for number in range(size)] for size in range(17, 100)]
    assert all(profiler_of(column, budget=16).finish("x").distinct_count <= len(column) for column in columns)


def test_memory_is_bounded_by_the_budget() -> None:
    """Whatever comes, and however long it is."""
    profiler = ColumnProfiler(budget=100)
    for start in range(0, 20_000, 500):
        profiler.add([f"{number}" * 100 for number in range(start, start + 500)])
    kept = [*profiler._counts, *profiler._sample.values, *profiler._firsts.values()]
    assert len(kept) <= 300
    assert max(map(len, kept)) < 150


MARKS: list[tuple[list[str], list[int]]] = [
    (["1"] * 100 + ["x", "y"], [0, 100]),
    (["", "NA", "x", "1"], [2, 3]),
    (["5", "007", "01"], [0, 1]),
    (["13/04/2024", "03/04/2024", "03/05/2024"], [0, 1]),
    (["7", "1,234", "1.234"], [0, 1, 2]),
]


@pytest.mark.parametrize(("values", "marks"), MARKS)
def test_the_first_value_of_each_shape_is_marked(values: list[str], marks: list[int]) -> None:
    """Once; whether a finding comes of it is known at the end."""
    profiler = ColumnProfiler(budget=50)
    assert [mark.index for mark in profiler.add(values)] == marks
    assert list(profiler.add(values)) == []


@pytest.mark.parametrize(("budget", "size"), [(50, 10), (2, 10), (2, 1)])
def test_a_late_change_is_seen_across_batches(budget: int, size: int) -> None:
    """Also when the counter was folded in between."""
    profiler = ColumnProfiler(budget=budget)
    for start in range(0, 1000, size):
        profiler.add([str(number % 7) for number in range(start, start + size)])
    assert profiler.add(["3", "K", "4"]) == [Mark(shape=TEXT, index=1)]
    assert profiler.remarks() == [Remark(code="late-type-change", count=1, example="K", shape=TEXT)]
