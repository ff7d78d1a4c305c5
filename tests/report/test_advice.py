"""A mail says what to mend and where, and nothing that stands in the file."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from csvgate.core.codes import CODES
from csvgate.report.advice import WIDTH, advice, codes
from tests.receipts import Receipts, finding


def places(*lines: int | None) -> list[dict[str, int | None]]:
    return [{"line": line} for line in lines]


def test_a_finding_says_where_what_it_means_and_what_to_do(receipt: Receipts) -> None:
    assert advice(receipt(findings=[finding("missing-cell", first=places(12, 32), count=42)])) == (
        "error missing-cell, 42×: lines 12, 32 and 40 more\n"
        "  A record has fewer cells than the header has names.\n"
        "  What to do: Write a delimiter for every column, also where the value is\n"
        "  empty."
    )


@pytest.mark.parametrize(
    ("lines", "count", "said"),
    [
        ([12], 1, "1×: line 12"),
        ([12], 3, "3×: lines 12 and 2 more"),
        ([12, 12, 32], 3, "3×: lines 12 and 32"),
        ([1, 2, 3, 4, 5, 5000], 1006, "1,006×: lines 1, 2, 3, 4, 5 and 1,001 more"),
        ([None], 1, "1×"),
        ([], 1, "1×"),
    ],
)
def test_the_first_lines_are_named(receipt: Receipts, lines: Sequence[int | None], count: int, said: str) -> None:
    """Each once; of what has none, such as the file as a whole, how often is all."""
    told = advice(receipt(findings=[finding(first=places(*lines), count=count)]))
    assert told.splitlines()[0] == f"error extra-cell, {said}"


def test_the_gravest_come_first_those_of_one_code_together_and_notes_not_at_all(receipt: Receipts) -> None:
    found = [finding("stray-quote", "warning"), finding("comment-line", "info"), finding(), finding("truncated")]
    told = receipt(findings=[*found, finding("stray-quote", "warning", first=places(40))])
    assert [part.splitlines()[0] for part in advice(told).split("\n\n")] == [
        "error truncated, 1×: line 12",
        "error extra-cell, 1×: line 12",
        "warning stray-quote, 2×: lines 12 and 40",
    ]
    assert codes(told) == "truncated 1×, extra-cell 1×, stray-quote 2×"


def test_ten_codes_are_told_and_the_others_counted(receipt: Receipts) -> None:
    told = receipt(findings=[finding(code, "warning") for code in list(CODES)[:12]])
    assert advice(told).count("What to do:") == 10
    assert advice(told).endswith("\n\nand 2 more codes")
    assert codes(told).endswith(", 2 more")


def test_nothing_of_the_file_is_told(receipt: Receipts) -> None:
    place = {"line": 12, "column": 1, "excerpt": "canary"}
    told = receipt(column_names=["canary"], findings=[finding(message="“canary” is too long", first=[place])])
    assert "canary" not in advice(told) + codes(told)


def test_rows_that_were_put_aside_are_told(receipt: Receipts) -> None:
    told = receipt(quarantine={"uri": "s3://results/quarantine/a.csv", "rows": 3, "rows_left_out": 1})
    assert advice(told) == "4 rows put aside: the receipt says where they are, and why."


@pytest.mark.parametrize("code", CODES)
def test_no_line_is_wider_than_a_mail_should_have(receipt: Receipts, code: str) -> None:
    told = advice(receipt(findings=[finding(code, "warning", first=places(*range(10**7, 10**7 + 6)), count=10**9)]))
    assert max(map(len, told.splitlines())) <= WIDTH


def test_a_code_of_another_version_is_named_alone(receipt: Receipts) -> None:
    assert advice(receipt(findings=[finding("new-code")])) == "error new-code, 1×: line 12"


def test_of_a_clean_file_there_is_nothing_to_say(receipt: Receipts) -> None:
    assert (advice(receipt()), codes(receipt()), advice({}), codes({})) == ("", "", "", "")
