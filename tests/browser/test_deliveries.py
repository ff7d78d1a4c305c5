"""Whoever looks at the list sees what comes, without anything that is being read moving away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site

pytestmark = pytest.mark.browser
CLEAN = b"id,name\n1,Ada\n2,Grace\n"


def look(page: Page, address: str) -> None:
    """The list is there, and hears of whatever comes from now on."""
    page.goto(address)
    expect(page.locator("#deliveries")).to_have_attribute("data-listens", "yes")


def test_a_file_that_comes_shows_by_itself_with_its_verdict(page: Page, site: Site) -> None:
    site.put("live/before.csv", CLEAN)
    look(page, "/deliveries?q=live/")
    expect(page.locator("tr", has_text="before.csv")).to_contain_text("ok")
    site.put("live/now.csv", CLEAN)
    expect(page.locator("tbody tr").first).to_contain_text("now.csv")
    expect(page.locator("tr", has_text="now.csv")).to_contain_text("ok")
    expect(page.locator("#said")).to_have_text("now.csv is fine: 2 rows, 2 columns, nothing to look at.")


def test_what_is_not_searched_for_does_not_show(page: Page, site: Site) -> None:
    site.put("some/one.csv", CLEAN)
    look(page, "/deliveries?q=some/")
    expect(page.locator("tbody tr")).to_have_count(1)
    site.put("others/two.csv", CLEAN)
    site.put("some/three.csv", CLEAN)
    expect(page.locator("tr", has_text="three.csv")).to_contain_text("ok")
    expect(page.locator("tbody tr")).to_have_count(2)


def test_on_an_older_page_a_button_says_that_there_is_more(page: Page, site: Site) -> None:
    for number in range(3):
        site.put(f"older/{number}.csv", CLEAN)
    page.goto("/deliveries?q=older/")
    expect(page.locator("tbody tr", has_text="ok")).to_have_count(3)
    page.goto("/deliveries?q=older/&limit=1")
    page.get_by_role("link", name="Older deliveries").click()
    page.wait_for_url("**cursor=**")
    expect(page.locator("#deliveries")).to_have_attribute("data-listens", "yes")
    before = page.locator("tbody").inner_text()
    site.put("older/new.csv", CLEAN)
    page.get_by_role("button", name="1 new delivery").click()
    expect(page.locator("tbody tr").first).to_contain_text("new.csv")
    assert "new.csv" not in before


def test_times_are_those_of_the_reader_and_utc_is_told_on_hover(page: Page, site: Site) -> None:
    site.put("times/a.csv", CLEAN)
    page.goto("/deliveries?q=times/")
    time = page.locator("tbody time").first
    expect(time).to_have_attribute("title", re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$"))


def test_the_strip_of_a_feed_leads_to_its_files(page: Page, site: Site) -> None:
    site.put("people/strip.csv", CLEAN)
    page.goto("/deliveries?feed=people&q=strip")
    expect(page.locator("tbody tr")).to_contain_text("ok")
    page.goto("/feeds/people")
    expect(page.locator(".contract")).to_contain_text("required")
    page.get_by_role("link", name="strip.csv, ok").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("strip.csv is fine")
