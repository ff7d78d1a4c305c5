"""What a feed promised is said in words, and how its newest files were, is seen at a glance."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from csvgate.core.contracts.contract import Contract, Limits
from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.core.contracts.schema import Constraints, Field, Schema
from csvgate.web.pages.contract import contract_table, rules
from tests.web.door import Service
from tests.world import CLEAN, NOT_CSV, Fault, Killed, World

HTML = {"Accept": "text/html"}
FIELDS = (
    Field(name="id", type="integer", constraints=Constraints(required=True, unique=True, minimum="1")),
    Field(name="<b>", title="who & where", constraints=Constraints(min_length=2, max_length=9, enum=("a", "b"))),
)
PROMISED = Contract(schema=Schema(fields=FIELDS, primary_key=("id",)), limits=Limits(max_bad_rows=1))
FEEDS = Feeds((Feed(name="people", key="people/*.csv", contract=PROMISED), Feed(name="rest", key="**")))


def shown(path: str, *keys: str) -> str:
    """The page, after files with these keys have come."""
    service = Service(world=World(feeds=FEEDS))
    for key in keys:
        service.delivered(key, CLEAN)
    return service.client().get(path, headers=HTML).text


def test_rules_are_said_in_words() -> None:
    assert [list(rules(field.constraints)) for field in FIELDS] == [
        ["required", "unique", "from 1"],
        ["2 to 9 characters", "one of a, b"],
    ]


def test_a_contract_says_what_becomes_of_rows_that_break_it() -> None:
    told = contract_table(PROMISED)
    assert "No two rows have the same id." in told
    assert "With more than 1 such row, the file is rejected." in told
    assert ("&lt;b&gt;" in told, "who &amp; where" in told) == (True, True)


def test_the_strip_says_what_it_shows() -> None:
    page = shown("/feeds/rest", "a.csv", "b.csv")
    assert "The last 2 files: " in page
    assert page.index('aria-label="a.csv, ok, 2 rows') < page.index('aria-label="b.csv, ok, 2 rows')


def test_the_counts_lead_to_all_that_are_alike() -> None:
    service = Service(world=World(feeds=FEEDS))
    for key, body in (("a.csv", CLEAN), ("b.csv", CLEAN), ("c.pdf", NOT_CSV)):
        service.delivered(key, body)
    client = service.client()
    page = client.get("/feeds/rest", headers=HTML).text
    links = re.findall(r'href="(/deliveries[?]feed=rest[^"]+)"[^>]*>.*?</span>([^<]+)<', page)
    assert [said for _, said in links] == ["2 ok", "1 rejected"]
    found = client.get(links[1][0].replace("&amp;", "&"), headers=HTML).text
    assert ("c.pdf" in found, "a.csv" in found) == (True, False)


def test_a_feed_without_files_or_contract_says_so() -> None:
    assert "No file has come yet." in shown("/feeds")
    assert "Nothing was promised." in shown("/feeds/rest")


def test_the_newest_deliveries_are_read_once_for_all_feeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """And of a feed that is rarer than that, nothing is said that nobody knows."""
    service = Service(world=World(feeds=FEEDS))
    for key in ("people/old.csv", *(f"{number}.csv" for number in range(3))):
        service.delivered(key, CLEAN)
        service.world.tick(timedelta(hours=1))
    reads = Fault(at=0, error=Killed)
    object.__setattr__(service.door.ports, "view", reads.around(service.world.catalog))
    monkeypatch.setattr("csvgate.web.api.feeds.LOOKED_AT", 3)
    page = service.client().get("/feeds", headers=HTML).text
    assert ("Of the last " in page, "No file has come yet." in page, reads.calls) == (True, False, 1)


def test_without_feeds_the_page_says_how_to_begin() -> None:
    assert "There are no feeds yet" in Service().client().get("/feeds", headers=HTML).text
