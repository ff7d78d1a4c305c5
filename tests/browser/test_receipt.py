"""A receipt explains itself: with the lines of the file around what is wrong, and a link for whoever sent it."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.site import Site

pytestmark = pytest.mark.browser
BROKEN = b"id,name\n1,Ada\n2\n3,Grace\n4,<script>alert(1)</script>\n"


def shown(page: Page, site: Site, key: str, body: bytes = BROKEN) -> None:
    """The receipt of a new file."""
    arrival = site.put(key, body)
    page.goto(f"/deliveries/{arrival.delivery_id}?sent=yes")
    expect(page.locator("#findings, #failed").first).to_be_visible()


def test_a_broken_file_shows_its_lines_and_what_to_do(page: Page, site: Site) -> None:
    shown(page, site, "receipt/broken.csv")
    lines = page.get_by_role("list", name="The lines around line 3")
    expect(lines.locator("li")).to_have_text(["1id,name", "21,Ada", "32", "43,Grace", "54,<script>alert(1)</script>"])
    expect(lines.locator("[aria-current]")).to_have_text("32")
    expect(page.locator("article")).to_contain_text("Write a delimiter for every column")


def test_the_number_of_a_late_line_stands_in_one_line(page: Page, site: Site) -> None:
    shown(page, site, "receipt/late.csv", b"id,name\n" + b"1,Ada\n" * 1_000_000 + b"2\n")
    number = page.locator(".lines .here > span").first
    expect(number).to_have_text("1,000,002")
    assert number.evaluate("it => it.getClientRects().length == 1 && it.offsetHeight < 30")


def test_a_receipt_is_there_as_soon_as_the_file_is_read(page: Page, site: Site) -> None:
    arrival = site.put("receipt/waits.csv", b"id,name\n" + b"1,Ada\n" * 400_000)
    page.goto(f"/deliveries/{arrival.delivery_id}?sent=yes")
    expect(page.get_by_role("heading", level=1)).to_contain_text("waits.csv is fine")


def test_the_link_for_the_sender_opens_the_receipt_and_nothing_else(page: Page, site: Site, opened: Open) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown(page, site, "receipt/shared.csv")
    page.get_by_role("button", name="Link for the sender").click()
    expect(page.locator("#link")).to_contain_text("Copied.")
    address = page.locator("#link input").input_value()
    assert page.evaluate("navigator.clipboard.readText()") == address
    stranger = opened()
    stranger.clear_cookies()
    other = stranger.new_page()
    other.goto(address)
    expect(other.get_by_role("heading", level=1)).to_contain_text("shared.csv was read")
    expect(other.locator("nav, button")).to_have_count(0)


def test_what_can_be_taken_along_comes_as_files(page: Page, site: Site) -> None:
    shown(page, site, "receipt/files.csv")
    with page.expect_download() as clean:
        page.get_by_role("link", name="Cleaned file").click()
    with page.expect_download() as receipt:
        page.get_by_role("link", name="Receipt (JSON)").click()
    assert clean.value.path().read_text("utf-8-sig").splitlines()[:2] == ["id,name", "1,Ada"]
    assert json.loads(receipt.value.path().read_text())["filename"] == "files.csv"


def test_the_history_of_a_key_shows_beside_it(page: Page, site: Site) -> None:
    shown(page, site, "receipt/daily.csv")
    shown(page, site, "receipt/daily.csv", b"id,name\n1,Ada\n")
    expect(page.locator("#history tbody tr")).to_have_count(2)


def test_hostile_names_and_contents_are_text(page: Page, site: Site) -> None:
    body = b"<img src=x onerror=alert(1)>,\"=cmd|' /C calc'!A0\"\n\xe2\x80\xaeevil\x1b[31m,\x00\n2\n"
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    shown(page, site, "receipt/<svg onload=alert(1)>..%2f\u202evsc.exe", body)
    expect(page.get_by_role("heading", level=1)).to_contain_text("<svg onload=alert(1)>..%2f\\u202evsc.exe")
    expect(page.locator(".columns")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator(".columns")).to_contain_text("\\u202eevil\\x1b")
