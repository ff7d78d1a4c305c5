"""A key leads to the first feed whose pattern it matches, or to none."""

from __future__ import annotations

import pytest

from csvgate.core.contracts.feed import Feed, Feeds


@pytest.mark.parametrize(
    ("pattern", "key", "matches"),
    [
        ("in/*.csv", "in/a.csv", True),
        ("in/*.csv", "in/sub/a.csv", False),
        ("in/*.csv", "in/a.csv.gz", False),
        ("in/**/*.csv", "in/a.csv", True),
        ("in/**/*.csv", "in/2026/11/a.csv", True),
        ("in/**/*.csv", "other/in/a.csv", False),
        ("in/**", "in/a/b c.txt", True),
        ("**/sales_??.csv", "de/sales_01.csv", True),
        ("**/sales_??.csv", "sales_1.csv", False),
        ("a+b(1).csv", "a+b(1).csv", True),
        ("in/*", "in/line\nbreak", True),
    ],
)
def test_a_pattern_means_what_it_means_in_a_shell(pattern: str, key: str, *, matches: bool) -> None:
    assert Feed(name="x", key=pattern).matches(key) == matches


def test_the_first_feed_wins_and_there_need_not_be_one() -> None:
    special, rest = Feed(name="special", key="in/special-*.csv"), Feed(name="rest", key="in/*.csv")
    feeds = Feeds((special, rest))
    assert [feeds.of(key) for key in ("in/special-1.csv", "in/1.csv", "out/1.csv")] == [special, rest, None]
