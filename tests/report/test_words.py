"""Figures are read out as a person would say them."""

from __future__ import annotations

from typing import Any

import pytest

from csvgate.report import words
from tests.receipts import LOAD, Receipts, column, finding


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1500, "1.5 kB"), (999_999, "1 MB"), (5 * 10**12, "5 TB")],
)
def test_size(number: int, text: str) -> None:
    """Three digits that count, and never 1,000 of a unit."""
    assert words.size(number) == text


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({}, "is fine: 60 rows, 1 column, nothing to look at."),
        ({"findings": [finding(severity="info")]}, "is fine, with 1 note: 60 rows, 1 column."),
        (
            {"verdict": "warning", "findings": [finding(), finding(severity="info"), finding(severity="info")]},
            "was read: 60 rows, 1 column, 1 finding to look at, 2 notes.",
        ),
        (
            {"verdict": "warning", "findings": [finding()]},
            "was read: 60 rows, 1 column, 1 finding to look at.",
        ),
        (
            {"verdict": "warning", "findings": [finding()], "load": LOAD},
            "was read: 60 rows, 1 column, 2 rows put aside, 1 finding to look at.",
        ),
        (
            {"verdict": "warning", "findings": [finding()], "quarantine": {"rows": 3, "rows_left_out": 1}},
            "was read: 60 rows, 1 column, 4 rows put aside, 1 finding to look at.",
        ),
        (
            {"verdict": "rejected", "findings": [finding(message="the file is a PDF")]},
            "was rejected: the file is a PDF.",
        ),
        ({"verdict": "rejected"}, "was rejected: it must not be used."),
        ({"verdict": None, "state": "inspecting"}, "is being inspected."),
        (
            {"verdict": None, "state": "failed", "reason": "Out of time."},
            "could not be processed. The fault is ours, not the file's. Out of time.",
        ),
        ({"verdict": "ok", "state": "deleted"}, "was deleted."),
    ],
)
def test_the_sentence_says_what_matters(receipt: Receipts, parts: dict[str, Any], text: str) -> None:
    """The verdict, unless what became of the delivery matters more."""
    assert words.sentence(receipt(**parts)) == text


def test_notes_are_not_counted_among_what_must_be_looked_at(receipt: Receipts) -> None:
    """Findings of severity info leave a file fine."""
    assert words.to_look_at(receipt(findings=[finding(severity="info"), finding(severity="warning")])) == 1


def test_the_ledger_is_a_sum_without_empty_parts() -> None:
    """Only parts that hold bytes are named; a reading that was stopped says so."""
    parts = {"total": 30, "bom": 3, "header": 7, "records": 20, "blank": 0}
    assert words.ledger({**parts, "complete": False}) == "30 = bom 3 + header 7 + records 20 (reading stopped here)"


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        ({"type": "string", "top_values": [["a", 40], ["b", 20]], "distinct_count": 2}, "a 40×, b 20×"),
        ({"type": "string", "top_values": [["a", 1], ["b", 1]]}, "all different"),
        (
            {"type": "string", "top_values": [["a", 40]], "approximate": {"top_values": "at most 3 too low"}},
            "a ~40×",
        ),
        ({"type": "string", "top_values": [["a", 60]], "distinct_count": 1}, "always a"),
        ({"type": "any", "null_count": 60, "min": None, "top_values": []}, "all empty"),
        ({}, "1 to 60"),
        ({"type": "datetime", "min": "2026-10-01T08:00:00", "max": "2026-10-01T09:15:00"}, "2026-10-01T08:00 to 09:15"),
        ({"type": "datetime", "min": "2026-10-01T08:00", "max": "2026-10-01T09:15"}, "2026-10-01T08:00 to 09:15"),
        (
            {"type": "datetime", "min": "2026-10-01T08:00:00Z", "max": "2026-10-20T09:00:00Z"},
            "2026-10-01 to 2026-10-20",
        ),
    ],
)
def test_a_column_in_short(figures: dict[str, Any], text: str) -> None:
    """A range where order has a meaning, the most frequent values elsewhere."""
    assert words.values(column(**figures), rows=60) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(1, 4, "25 %"), (4, 4, "100 %"), (0, 4, "0 %"), (1, 10**9, "<1 %"), (10**9 - 1, 10**9, ">99 %"), (0, 0, "0 %")],
)
def test_a_share_is_never_rounded_to_none_or_all(part: int, whole: int, text: str) -> None:
    assert words.share(part, whole) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(61.30434, "61.3"), (0.000123456, "0.0001235"), (29_999.5, "30,000"), (-1234.5, "-1,234"), (2.5e20, "2.5e+20")],
)
def test_a_calculated_number_has_four_digits_that_count(number: float, text: str) -> None:
    assert words.figure(number) == text


@pytest.mark.parametrize(
    ("figures", "spread"),
    [
        ({"quantiles": {"p50": "30"}, "mean": 30.5, "stddev": 17.46}, "min 1, max 60, median 30, mean 30.5 ± 17.46"),
        ({"quantiles": {"p50": "30"}, "approximate": {"quantiles": "0.6 %"}}, "min 1, max 60, median ~30"),
        ({"min": "7", "max": "7", "quantiles": {"p50": "7"}, "mean": 7.0}, "min 7, max 7"),
        ({"type": "string", "min": "a", "max": "bb", "min_length": 1, "max_length": 2}, "min a, max bb, length 1 to 2"),
        ({"type": "any", "min": None, "max": None}, ""),
    ],
)
def test_the_spread_of_a_column(figures: dict[str, Any], spread: str) -> None:
    """Of equal values there is no middle to tell."""
    assert ", ".join(f"{name} {value}" for name, value in words.spread(column(**figures))) == spread


@pytest.mark.parametrize(("figures", "text"), [({}, "integer"), ({"type": "string", "pattern": "email"}, "email")])
def test_what_a_column_holds_in_a_word(figures: dict[str, Any], text: str) -> None:
    """The pattern says more than that it is text."""
    assert words.kind(column("x", **figures)) == text


def test_the_dialect_in_one_line(receipt: Receipts) -> None:
    """People's words for it, in the order in which one would ask."""
    dialect = receipt()["dialect"] | {
        "encoding": "windows-1252",
        "delimiter": ";",
        "lineTerminators": ["\r\n", "\n"],
        "skipRows": 2,
    }
    assert words.written_as(dialect) == 'Windows-1252 · semicolon · quote " · CRLF and LF · header in line 3'
    assert words.written_as(dialect | {"headerRowCount": 2}).endswith("header in lines 3 to 4")


@pytest.mark.parametrize(("rows", "text"), [(1, "line that is no comment"), (2, "2 lines that are no comment")])
def test_among_comments_no_line_is_named_that_may_be_one(receipt: Receipts, rows: int, text: str) -> None:
    """The dialect does not say how many comments stand before the header."""
    dialect = receipt()["dialect"] | {"commentPrefix": "#", "headerRowCount": rows}
    assert words.written_as(dialect).endswith(f" · header in the first {text}")


@pytest.mark.parametrize(
    ("name", "text"), [("id", "id"), (" id", " id"), ("", "column 3 (no name)"), (" ", "column 3 (no name)")]
)
def test_a_column_without_a_name_has_its_number(name: str, text: str) -> None:
    assert words.label(name, 3) == text


def test_a_message_is_a_sentence_for_each_column() -> None:
    """As `csvgate.core.notes` joins them; what else holds a semicolon stays whole."""
    said = [
        "column “a; b”: 2 values; kept as text",
        "column 3 (no name): 1 value; kept as text",
        "4 more columns alike",
    ]
    assert words.sentences("; ".join(said)) == said
    assert words.sentences("line 3: quote never closed; 68 lines") == ["line 3: quote never closed; 68 lines"]


def test_what_could_not_be_loaded_says_why_and_what_helps(receipt: Receipts) -> None:
    """It is nobody's fault who only reads it: the table and the file do not fit each other."""
    known = receipt(state="failed", reason="column 'id' is BIGINT", key="in/a b.csv", feed="sales")
    assert words.sentence(known) == "was read, and its rows are nowhere yet: column 'id' is BIGINT."
    assert str(words.what_to_do(known)).endswith("csvgate reload 'in/a b.csv'")
    assert "csvgate redrive" in str(words.what_to_do({**known, "verdict": None}))
    assert words.what_to_do(receipt()) is None
