"""A chart says in words what it shows, and what is there is seen."""

from __future__ import annotations

import pytest

from csvgate.report.charts import HEIGHT, histogram, share_bar, stack
from tests.receipts import column
from tests.report.outline import Outline

BINS = {"edges": ["0", "5", "10", "15"], "counts": [1, 1000, 0]}


def test_a_histogram_has_a_bar_for_each_bin_that_holds_values() -> None:
    """The smallest is a line, the tallest as high as the chart."""
    (path,) = Outline(histogram(column(histogram=BINS)) or "").all("path")
    bars = (path.attributes["d"] or "").split("M")[1:]
    assert [bar.split("v-")[1].split("h")[0] for bar in bars] == ["1", str(HEIGHT)]


def test_a_histogram_is_said_in_words() -> None:
    """With the column in its title, and with what is approximate about it."""
    drawn = histogram(column("<b>", histogram=BINS, approximate={"histogram": "scaled from a sample"}))
    title, said = [Outline(drawn or "").all(tag)[0].text for tag in ("title", "desc")]
    assert "<b>" in title
    assert said == "3 bars from 0 to 15; most values, 1,000, from 5 to 10; scaled from a sample."


@pytest.mark.parametrize("bins", [{}, {"edges": [], "counts": []}, {"edges": ["1", "2"], "counts": [9]}])
def test_where_there_is_nothing_to_compare_there_is_no_histogram(bins: dict[str, list[object]]) -> None:
    assert histogram(column(histogram=bins)) is None


def test_the_parts_of_a_stack_fill_it_and_the_smallest_is_seen() -> None:
    """Three bytes of a gigabyte are a line, too."""
    parts = Outline(stack([("bom", 3), ("records", 10**9)], "all", "3 + 1,000,000,000")).all("rect")
    widths = [float((part.attributes["width"] or "").rstrip("%")) for part in parts]
    assert (sum(widths), [part.attributes["class"] for part in parts]) == (100, ["bom", "records"])
    assert widths[0] > 0.4


def test_a_share_of_nothing_is_drawn() -> None:
    assert 'width="0"' in share_bar(0, 0)
