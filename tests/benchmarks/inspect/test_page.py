"""The page shows what was measured, in tables that Markdown can read."""

from __future__ import annotations

import pytest

from benchmarks.inspect.page import page
from benchmarks.inspect.report import Report
from benchmarks.inspect.rounds import Result
from benchmarks.inspect.truth import Dataset, Truth


def row(dataset: str, contender: str, *, files: int = 1, seconds: float = 3.0, work: float | None = None) -> list[str]:
    """The cells of a contender that was measured once, beside `wc` that took a second."""
    truth = Truth(path="x.csv", rows=9, columns=1, bytes=2_000_000, sha256="ab")
    costs = {"cpu_seconds": 1.0, "peak_mb": 20.0}
    of_ours = Result(
        dataset=dataset,
        contender=contender,
        round=1,
        load_before="0.0",
        seconds=seconds,
        answer="right",
        work_seconds=work,
        **costs,
    )
    floor = Result(dataset=dataset, contender="wc", round=1, load_before="0.0", seconds=1.0, answer="right", **costs)
    report = Report(
        scale=0.5,
        machine={"memory": "1 GB"},
        datasets=(Dataset(name=dataset, files=(truth,) * files),),
        results=(of_ours, floor),
        start=None,
        survival=None,
    )
    lines = [line for line in page(report).splitlines() if line.startswith(f"| {contender} |")]
    return lines[0].strip("| ").split(" | ")


def test_a_row_tells_costs_ratios_and_the_answer() -> None:
    assert row("taxi", "csvgate") == ["csvgate", "3.00", "-", "3.00", "1.00", "20", "-", "right"]


def test_of_many_files_the_time_of_one_is_told_without_the_start() -> None:
    assert row("small", "csvgate-call", files=1000, work=0.5)[-1] == "0.50"


def test_of_a_slice_the_time_of_a_megabyte_is_told() -> None:
    assert row("taxi-slice", "csvkit", seconds=30.0)[-1] == "15.00"


@pytest.mark.parametrize("scale", [0.5, 1])
def test_a_trial_is_called_a_trial(scale: float) -> None:
    report = Report(scale=scale, machine={}, datasets=(), results=(), start=None, survival=None)
    assert ("A trial at" in page(report)) is (scale != 1)
