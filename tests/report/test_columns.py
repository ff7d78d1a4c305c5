"""Each column has a row that says what is in it; of very many, the last are counted."""

from __future__ import annotations

from typing import Any

import pytest

from csvgate.report.columns import COLUMNS_NAMED, COLUMNS_SHOWN, columns
from tests.receipts import Receipts, column
from tests.report.outline import Node, Outline


def rows(page: str) -> list[Node]:
    """The rows of the table, without its head."""
    return Outline(page).all("tr")[1:]


def test_a_row_has_type_figures_and_values(receipt: Receipts) -> None:
    """As the receipt has them, and what was calculated with four digits."""
    figures: dict[str, Any] = {
        "mean": 61.30434,
        "stddev": 14.5612,
        "quantiles": {"p50": "62"},
        "null_count": 3,
        "distinct_count": 2,
    }
    page = columns(receipt(columns=[column("age", **figures, top_values=[["41", 32], ["42", 9]])]))
    (row,) = rows(page)
    for part in ("age", "integer", "5 %", "min1", "max60", "median62", "61.3 ± 14.56", "32×"):
        assert part in row.text


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"distinct_count": 60}, "all different"),
        ({"distinct_count": 9000, "distinct_is_exact": False}, "~9,000"),
        ({"approximate": {"distinct_count": "standard error 1.6%"}}, "standard error 1.6%"),
        ({"null_count": 60, "top_values": []}, "all empty"),
        ({"top_values": []}, "no value stands out"),
        ({"type": "string", "pattern": "email"}, "email"),
        ({"format": "%d.%m.%Y"}, "integer, %d.%m.%Y"),
        ({"min": "7", "max": "7", "distinct_count": 1, "top_values": [["7", 60]]}, "7"),
    ],
)
def test_what_is_peculiar_is_said(receipt: Receipts, figures: dict[str, Any], said: str) -> None:
    (row,) = rows(columns(receipt(columns=[column(**figures)])))
    assert said in row.text


def test_frequent_values_have_bars_where_there_is_no_histogram(receipt: Receipts) -> None:
    """A histogram says more where there is one."""
    top = [["a", 30], ["b", 20], ["c", 9], ["d", 1]]
    bins = {"edges": ["0", "1", "2"], "counts": [1, 2]}
    words, numbers = rows(columns(receipt(columns=[column(top_values=top), column(top_values=top, histogram=bins)])))
    assert [node.text for node in words.within if node.tag == "li"] == ["a30×", "b20×", "c9×"]
    assert [node.tag for node in numbers.within if node.tag in {"li", "path"}] == ["path"]


def test_names_that_one_cannot_see_are_quoted(receipt: Receipts) -> None:
    """A blank is the reason why a column is not found."""
    page = columns(receipt(columns=[column(" id"), column("")]))
    assert [node.text for node in Outline(page).all("bdi", "odd")] == ['" id"', "column 2 (no name)"]


def test_of_a_wide_file_the_first_have_rows_the_next_names_and_the_others_a_number(receipt: Receipts) -> None:
    """`everything` has a row for each."""
    wide = receipt(columns=[column(f"c{number}") for number in range(1, 1501)], column_count=1500)
    page = columns(wide)
    assert (len(rows(page)), "and 500 more columns" in page) == (COLUMNS_SHOWN, True)
    assert (f">c{COLUMNS_NAMED}<" in page, f">c{COLUMNS_NAMED + 1}<" in page) == (True, False)
    assert len(rows(columns(wide, everything=True))) == 1500


def test_cards_on_a_phone_keep_their_titles_and_their_roles(receipt: Receipts) -> None:
    """A row that is laid out as a card is no row for a screen reader, unless it says so."""
    (row,) = rows(columns(receipt()))
    assert [node.attributes["role"] for node in row.within if node.tag in {"th", "td"}] == ["rowheader"] + ["cell"] * 4
    assert all(node.attributes["data-label"] for node in row.within if node.tag == "td")
