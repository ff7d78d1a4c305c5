"""What a command printed becomes an answer: right, wrong, or an error with its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.inspect.lineup import CONTENDERS
from benchmarks.inspect.process import Ended
from benchmarks.inspect.rounds import understood
from benchmarks.inspect.truth import Dataset, Truth

TEXT = Dataset(name="text", files=(Truth(path="/data/text.csv", rows=2, columns=1, bytes=9, sha256="ab"),))
COUNTED = Ended(seconds=1, cpu_seconds=1, peak_bytes=1, exit_code=0, output="3 /data/text.csv\n", complaint="")


def answer(ended: Ended) -> str:
    """The answer of `wc`."""
    return understood(ended, CONTENDERS["wc"], TEXT)[1]


def test_the_last_line_end_is_that_of_the_last_record() -> None:
    assert answer(COUNTED) == "right"


def test_a_wrong_answer_says_what_is_wrong() -> None:
    assert answer(replace(COUNTED, output="6 /data/text.csv\n")) == "wrong: rows 5 instead of 2"


@pytest.mark.parametrize(
    ("ended", "reason"),
    [
        (replace(COUNTED, exit_code=-9), "killed by signal 9"),
        (replace(COUNTED, exit_code=-9, given_up="it took too long"), "given up: it took too long"),
        (replace(COUNTED, exit_code=1, complaint="wc: /data/text.csv: no such file\n"), "wc: text.csv: no such file"),
        (
            replace(COUNTED, exit_code=1, complaint="Trace\nmy.OddError: in /data/text.csv\n| hint\n"),
            "my.OddError: in text.csv",
        ),
    ],
)
def test_an_error_has_a_reason_and_names_no_folder(ended: Ended, reason: str) -> None:
    assert answer(ended) == f"error: {reason}"


def test_a_long_reason_fits_into_a_table() -> None:
    assert len(answer(replace(COUNTED, exit_code=1, complaint="no " * 1000))) < 200
