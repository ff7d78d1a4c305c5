"""A site and a browser for all tests of a file, and for each test a page on which nothing may go wrong unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.browser.site import Site, served

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE = ViewportSize(width=1280, height=900)
VIOLATIONS = (
    "document.addEventListener('securitypolicyviolation', (event) => console.error(`CSP: ${event.blockedURI}`))"
)

# A shared machine is slow at times.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

Open = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))


@pytest.fixture
def said() -> list[str]:
    """What the consoles of all windows say; a test that expects something takes it out."""
    return []


@pytest.fixture
def opened(site: Site, browser: Browser, said: list[str]) -> Iterator[Open]:
    """Makes a window in which somebody is signed in; whatever a console says of it fails the test."""
    windows: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        window = browser.new_context(**{"base_url": site.url, "viewport": WIDE, **options})  # type: ignore[arg-type]
        window.add_cookies([{"name": "csvgate_token", "value": site.token, "url": site.url}])
        window.add_init_script(VIOLATIONS)
        window.set_default_timeout(PATIENCE)
        window.on(
            "console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None
        )
        window.on("weberror", lambda problem: said.append(str(problem.error)))
        windows.append(window)
        return window

    yield make
    for window in windows:
        window.close()
    assert said == [], site.complaints


@pytest.fixture
def page(opened: Open) -> Page:
    """A page of a wide, light window."""
    return opened().new_page()
