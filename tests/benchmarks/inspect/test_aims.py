"""An aim is reached, not reached, or was not measured: never something between."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.inspect.aims import Aim, judged, ratio
from benchmarks.inspect.rounds import Result, medians_of
from benchmarks.inspect.single import Start, Survival


def result(contender: str, seconds: float, answer: str = "right", dataset: str = "taxi") -> Result:
    """One round that had no peculiarities but these."""
    costs = {"seconds": seconds, "cpu_seconds": seconds, "peak_mb": 200.0}
    return Result(dataset=dataset, contender=contender, round=1, load_before="0.0", answer=answer, **costs)


def first_aim(*results: Result) -> Aim:
    """The time on a gigabyte of numbers."""
    return judged(medians_of(results), files=0, start=None, survival=None)[0]


def test_the_median_of_the_rounds_counts() -> None:
    ours = [result("csvgate", seconds) for seconds in (3.0, 9.0, 4.0)]
    aim = first_aim(*ours, result("duckdb", 10.0))
    assert (aim.measured, aim.reached) == ("0.4 times", True)


def test_a_little_more_is_not_reached() -> None:
    assert first_aim(result("csvgate", 4.01), result("duckdb", 10.0)).reached is False


def test_what_was_not_measured_is_neither() -> None:
    aims = judged({}, files=0, start=None, survival=None)
    assert {(aim.measured, aim.reached) for aim in aims} == {("not measured", None)}


def test_an_error_is_no_time_to_be_compared_with() -> None:
    medians = medians_of([result("csvgate", 1.0), result("duckdb", 0.1, "error: quote")])
    assert ratio(medians, "taxi", "duckdb") is None


def test_a_wrong_answer_in_one_round_is_not_right() -> None:
    rounds = [result("csvgate", 1.0, answer, "text") for answer in ("right", "wrong: rows", "right")]
    assert medians_of(rounds)["text", "csvgate"].answer == "right / wrong: rows"


def test_small_files_are_counted_without_the_start_of_python() -> None:
    ours = replace(result("csvgate-call", 1.0, dataset="small"), work_seconds=0.5)
    aims = judged(medians_of([ours]), files=1000, start=Start(seconds=0.2, python_seconds=0.01), survival=None)
    assert [aim.measured for aim in aims if aim.reached] == ["0.5 ms", "0.2 s"]


def test_being_killed_is_no_survival() -> None:
    lived = Survival(kind="a limit", limit_mb=256, seconds=1, answer="error: killed by signal 9", peak_mb=256)
    assert judged({}, files=0, start=None, survival=lived)[7].reached is False
