"""What failed is put back by a button, and its receipt comes after all."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site

pytestmark = pytest.mark.browser
CLEAN = b"id,name\n1,Ada\n"


def test_one_failure_is_put_back_and_gets_its_receipt(page: Page, site: Site) -> None:
    failed = site.fail("late.csv", CLEAN)
    page.goto("/failures")
    row = page.locator("tr", has_text="late.csv")
    expect(row).to_contain_text("503 SlowDown")
    row.get_by_role("button", name="Put late.csv back").click()
    expect(page.locator("#outcome")).to_contain_text("1 message put back. It is tried again now.")
    page.goto(f"/deliveries/{failed.delivery_id}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("late.csv is fine")


def test_all_are_put_back_at_once_and_a_second_time_says_that_there_is_nothing(page: Page, site: Site) -> None:
    for name in ("fails/one.csv", "fails/two.csv"):
        site.fail(name, CLEAN)
    page.goto("/failures")
    page.get_by_role("button", name="Put all back").click()
    expect(page.locator("#outcome")).to_contain_text("2 messages put back. They are tried again now.")
    page.goto("/deliveries?q=fails/two.csv")
    expect(page.locator("tr", has_text="two.csv")).to_contain_text("ok")
    page.goto("/failures")
    expect(page.get_by_role("heading", name="Nothing failed")).to_be_visible()
