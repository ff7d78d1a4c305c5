"""Every page, in light and dark, wide and on a phone: nothing in the way of anybody, nothing that sticks out."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open
from tests.browser.site import Site

pytestmark = pytest.mark.browser
BROKEN = b"id,name\n1,Ada\n2\n3,Grace\n"
PAGES = ("/", "/deliveries", "/deliveries?q=nothing", "/feeds", "/feeds/people", "/failures", "/docs", "receipt")


@pytest.fixture(scope="module")
def known(site: Site, browser: Browser) -> str:
    """The delivery of a broken file, which is through."""
    arrival = site.put("people/axe.csv", BROKEN)
    page = browser.new_page(base_url=site.url, extra_http_headers={"Authorization": f"Bearer {site.token}"})
    page.goto(f"/deliveries/{arrival.delivery_id}?sent=yes")
    expect(page.locator("#findings")).to_be_visible()
    page.close()
    return arrival.delivery_id


def visit(page: Page, path: str, known: str) -> None:
    """The page as it is when everything has come."""
    page.goto(f"/deliveries/{known}" if path == "receipt" else path)
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(path: str, scheme: str, opened: Open, known: str) -> None:
    page = opened(color_scheme=scheme, bypass_csp=True).new_page()
    visit(page, path, known)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found if one["impact"] != "minor"] == []


@pytest.mark.parametrize("path", PAGES)
def test_on_a_phone_nothing_sticks_out(path: str, opened: Open, known: str) -> None:
    page = opened(viewport={"width": 360, "height": 740}).new_page()
    visit(page, path, known)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_dark_is_dark_and_light_is_light(opened: Open) -> None:
    def background(scheme: str) -> str:
        page = opened(color_scheme=scheme).new_page()
        page.goto("/")
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    assert (background("light"), background("dark")) == ("rgb(250, 250, 248)", "rgb(18, 20, 22)")


def test_whoever_has_no_token_is_asked_for_one_and_goes_on_where_it_was_meant(
    opened: Open, site: Site, said: list[str]
) -> None:
    window = opened()
    window.clear_cookies()
    page = window.new_page()
    page.goto("/deliveries?q=nothing")
    page.get_by_label("Token").fill("csvgate_wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("does not count")
    page.get_by_label("Token").fill(site.token)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="No delivery is like that")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Token")).to_be_visible()
    assert all("401" in line for line in said)
    said.clear()
