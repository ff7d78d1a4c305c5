"""What is told is compared with the truth; what is not told is not."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.inspect.judge import complaints, distinct_off
from benchmarks.inspect.truth import Defect, Figures, Truth

FARE = Figures(type="number", nulls=2, distinct=1000, min="2.50", max="93.69", mean=14.1)
DEFECT = Defect(code="extra-cell", record=7, line=9, byte_offset=800)
TRUTH = Truth(path="x.csv", rows=1000, columns=1, bytes=1, sha256="ab", figures={"fare": FARE}, defects=(DEFECT,))
PLACE = {"code": "extra-cell", "record": 7, "line": 9, "byte_offset": 800}


def about(**told: object) -> list[str]:
    """The complaints about one answer on one file."""
    return complaints([told], [TRUTH])


def about_fare(**told: object) -> list[str]:
    """The complaints about one column."""
    return about(figures={"fare": told})


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"rows": 1000, "columns": 1, "sha256": "ab", "verdict": "ok", "unaccounted": 0},
        {"figures": {"fare": {"min": 2.5, "max": "93.69", "mean": "14.1", "nulls": "2", "distinct": 1000.0}}},
        {
            "figures": {
                "fare": {"null_percentage": "0.20", "distinct_about": 1040, "distinct_error": "standard error 1%"}
            }
        },
        {"defects": [PLACE]},
        {"defects": [{"code": "extra-cell", "record": 7}]},
    ],
)
def test_nothing_is_wrong_with_an_answer_that_is_right_as_far_as_it_goes(told: dict[str, Any]) -> None:
    assert about(**told) == []


def test_a_wrong_count_is_said_with_both_numbers() -> None:
    assert about(rows=2125, unaccounted=3) == ["rows 2125 instead of 1000", "bytes unaccounted for 3 instead of 0"]


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ({"min": "2.51"}, "fare: min 2.51 instead of 2.50"),
        ({"type": "string"}, "fare: type string instead of number"),
        ({"mean": 14.100001}, "fare: mean 14.100001 instead of 14.1"),
        ({"null_percentage": "0.25"}, "fare: 0.25 % nulls instead of 2"),
    ],
)
def test_a_wrong_figure_is_said_with_its_column(told: dict[str, Any], complaint: str) -> None:
    assert about_fare(**told) == [complaint]


def test_an_approximate_count_must_keep_the_error_that_it_states() -> None:
    told = {"distinct_about": 1060, "distinct_error": "standard error 1%"}
    assert about_fare(**told) == ["fare: distinct 1060 is not within standard error 1% of 1000"]
    assert about_fare(distinct_about=1060) == []
    assert distinct_off([{"figures": {"fare": told}}], [TRUTH]) == pytest.approx(0.06)


def test_a_missed_and_a_false_defect_are_both_said() -> None:
    assert about(defects=[]) == ["1 of 1 defects missed"]
    shifted = about(defects=[{**PLACE, "byte_offset": 801}])
    assert shifted[0] == "1 of 1 defects missed"
    assert shifted[1].startswith("1 false findings, the first {'byte_offset': 801")


def test_an_answer_for_each_file_is_expected() -> None:
    assert complaints([], [TRUTH]) == ["0 answers for 1 files"]
