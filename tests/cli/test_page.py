"""The page of a receipt says all that a person needs, at any width, and lets nothing hostile through."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from csvgate.cli.page import grid, receipt_page
from csvgate.core.codes import CODES
from tests.receipts import Receipts, column, finding

OWN_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
HOSTILE = "\x1b[2J\x1b]0;owned\x07 \x9b31m \u202egnp.exe [bold red]x[/] :boom: \r\n\x00\udce4"


def test_the_page_holds_verdict_facts_columns_and_findings(receipt: Receipts, on_terminal: Callable[..., str]) -> None:
    """Each part of the receipt has its place."""
    page = on_terminal(receipt_page(receipt(verdict="warning", findings=[finding()])))
    for part in (
        "orders.csv",
        "1 finding to look at",
        "3c" * 32,
        "UTF-8 · comma",
        "500 = header 20 + records 480",
        "integer",
        "extra-cell",
    ):
        assert part in page
    assert "line 12, column 8, byte 431" in page
    assert CODES["extra-cell"].advice.split(",")[0] in page


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(receipt: Receipts, on_terminal: Callable[..., str], width: int) -> None:
    """Long names and values are cut, not wrapped into a mess."""
    long = receipt(
        columns=[column("n" * 300, min="m" * 300, type="string", top_values=[["東京" * 90, 9]])], filename="f" * 300
    )
    page = OWN_COLOURS.sub("", on_terminal(receipt_page(long, width=width), width))
    assert max(map(len, page.splitlines())) <= width


@pytest.mark.parametrize("width", [80, 120])
def test_nothing_hostile_reaches_the_terminal(receipt: Receipts, on_terminal: Callable[..., str], width: int) -> None:
    """Whoever writes the file does not write to the terminal."""
    place = {"line": 1, "excerpt": HOSTILE}
    bad = receipt(
        filename=HOSTILE,
        key=HOSTILE,
        bucket=HOSTILE,
        reason=HOSTILE,
        columns=[column(HOSTILE, type="string", min=HOSTILE, max=HOSTILE, top_values=[[HOSTILE, 2]], distinct_count=2)],
        findings=[finding(code=HOSTILE, message=HOSTILE, first=[place])],
        dialect=receipt()["dialect"] | {"delimiter": "\x1b", "encoding": HOSTILE},
    )
    page = OWN_COLOURS.sub("", on_terminal(receipt_page(bad, width=width), width, colour=True))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)
    assert "[bold red]x[/] :boom:" in page


def test_a_wide_file_is_cut_with_a_note(receipt: Receipts, on_terminal: Callable[..., str]) -> None:
    """Twenty columns are shown, and how to see the others; `everything` shows them."""
    wide = receipt(columns=[column(f"c{number}") for number in range(30)], column_count=30)
    assert "and 10 more columns" in on_terminal(receipt_page(wide))
    assert "c29" in on_terminal(receipt_page(wide, everything=True))


def test_what_is_approximate_is_marked_and_the_mark_explained(
    receipt: Receipts, on_terminal: Callable[..., str]
) -> None:
    about = column(distinct_count=9000, distinct_is_exact=False, approximate={"distinct_count": "standard error 1.6%"})
    page = on_terminal(receipt_page(receipt(columns=[about])))
    assert "~9,000" in page
    assert "~ about:" in page
    assert "~" not in on_terminal(receipt_page(receipt()))


def test_errors_come_before_notes(receipt: Receipts, on_terminal: Callable[..., str]) -> None:
    """What is worst is read first, whatever the order in the receipt."""
    page = on_terminal(receipt_page(receipt(findings=[finding("leading-zeros", "info"), finding()])))
    assert page.index("extra-cell") < page.index("leading-zeros")


def test_a_name_with_blanks_around_it_is_quoted(receipt: Receipts, on_terminal: Callable[..., str]) -> None:
    """A blank that one cannot see is the reason why a column is not found."""
    page = on_terminal(receipt_page(receipt(columns=[column(" id"), column("")])))
    assert '" id"' in page
    assert "column 2 (no name)" in page


@pytest.mark.parametrize("width", [80, 120])
def test_a_small_histogram_stands_beside_the_values(
    receipt: Receipts, on_terminal: Callable[..., str], width: int
) -> None:
    """On a wide terminal and, where there is room, on a usual one."""
    counts = {"edges": [], "counts": [1, 2, 3, 4, 5, 0, 7, 8]}
    page = on_terminal(receipt_page(receipt(columns=[column(histogram=counts)]), width=width), width)
    assert "▁▂▃▄▅ ▇█" in page


def test_no_range_gives_way_to_a_histogram(receipt: Receipts, on_terminal: Callable[..., str]) -> None:
    """From where to where says more."""
    long = column("n" * 20, min="1" * 15, max="9" * 15, histogram={"edges": [], "counts": [1, 2]})
    page = on_terminal(receipt_page(receipt(columns=[long])))
    assert f"{'1' * 15} to " in page
    assert "spread" not in page


def test_a_finding_has_a_line_for_each_column(receipt: Receipts, on_terminal: Callable[..., str]) -> None:
    said = ["column “a”: 2 values; kept as text", "column 2 (no name): 1 value; kept as text"]
    lines = on_terminal(receipt_page(receipt(findings=[finding(message="; ".join(said))]))).splitlines()
    assert set(said) <= {line.strip() for line in lines}


def test_more_places_than_shown_are_counted(receipt: Receipts, on_terminal: Callable[..., str]) -> None:
    """Three places are enough to understand; the others are a number."""
    places = [{"line": line, "excerpt": "x"} for line in range(1, 11)]
    assert "and 39 more" in on_terminal(receipt_page(receipt(findings=[finding(count=42, first=places)])))


def test_a_receipt_without_an_inspection_has_a_page(on_terminal: Callable[..., str]) -> None:
    """A delivery that was never read is shown by what is known of it."""
    known = {"key": "in/a.csv", "bucket": "b", "filename": "a.csv", "state": "vanished", "file_size_bytes": 9}
    assert "was gone before it could be read" in on_terminal(receipt_page(known))


def test_the_last_column_of_a_grid_stays_a_column(on_terminal: Callable[..., str]) -> None:
    """What is too long goes on below its own beginning, not at the margin."""
    lines = on_terminal(grid([("code", "meaning " * 20)], ("", "")), 40).splitlines()
    assert len(lines) > 1
    assert {line.index("meaning") for line in lines} == {len("code") + 2}
