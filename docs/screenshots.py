"""The samples in; pictures of the pages of the upload service, light and dark, wide and on a phone, in docs/images out.

python -m docs.screenshots
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.site import Site, served
from tests.browser.test_upload import MEGABYTE, file_of, row, slowed

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
WIDE, PHONE = (1280, 860), (390, 844)
FEEDS = """
feeds:
  - name: orders
    key: shop/*.csv
    contract:
      fields:
        - {name: order_id, type: string, constraints: {required: true, unique: true}}
        - {name: ordered_at, type: datetime, constraints: {required: true}}
        - {name: customer, type: string, constraints: {minLength: 2, maxLength: 80}}
        - {name: country, type: string, constraints: {pattern: "[A-Z]{2}"}}
        - {name: quantity, type: integer, constraints: {minimum: 1, maximum: 100}}
      fieldsMatch: subset
    on_violation: warn
  - name: sensors
    key: plant/*.csv
"""
DAYS = tuple((f"shop/orders-2026-11-{day:02}.csv", "orders.csv") for day in range(1, 19) if day not in {6, 7, 13})
ARRIVED = (
    *DAYS[:5],
    ("shop/orders-2026-11-06.csv", "torn"),
    *DAYS[5:10],
    ("shop/orders-2026-11-13.csv", "report.csv"),
    *DAYS[10:],
    ("shop/orders-2026-11-19.csv", "orders.csv"),
    ("plant/sensors-1118.csv", "orders.csv"),
    ("sales/kunden.csv", "kunden.csv"),
    ("shop/orders-2026-11-20.csv", "orders.csv"),
    ("sales/report.csv", "report.csv"),
    ("plant/sensors-1119.csv", "sensors.csv"),
    ("shop/orders-2026-11-21.csv", "orders.csv"),
    ("plant/sensors-1120.csv", "sensors.csv"),
)
Visit = Callable[[Page, Path], None]


def upload(page: Page, folder: Path) -> None:
    """One file is through, one is doubtful, one is on its way."""
    broken, large = folder / "sensors.csv", file_of(folder, "history-2019-2026.csv", 60 * MEGABYTE)
    broken.write_bytes((ROOT / "samples" / "sensors.csv").read_bytes())
    page.goto("/")
    page.set_input_files("#files", ROOT / "samples" / "orders.csv")
    expect(row(page, "orders.csv")).to_have_attribute("data-state", "done")
    page.set_input_files("#files", broken)
    expect(row(page, "sensors.csv")).to_have_attribute("data-state", "doubtful")
    slowed(page, 6 * MEGABYTE)
    page.set_input_files("#files", large)
    expect(row(page, "history").locator(".status")).to_contain_text("left")
    page.wait_for_timeout(3_000)


def at(path: str, name: str = "") -> Visit:
    """A page; of a list, what leads on from a name in it."""

    def visit(page: Page, _: Path) -> None:
        page.goto(path)
        if name:
            page.get_by_role("link", name=name).first.click()
        expect(page.locator("h1")).to_be_visible()
        page.wait_for_timeout(500)

    return visit


PICTURES: tuple[tuple[str, Visit, tuple[int, int], tuple[str, ...]], ...] = (
    ("upload", upload, (1280, 1060), ("light", "dark")),
    ("deliveries", at("/deliveries"), WIDE, ("light", "dark")),
    ("delivery", at("/deliveries", "plant/sensors-1120.csv"), (1280, 1240), ("light", "dark")),
    ("feed", at("/feeds/orders"), WIDE, ("light", "dark")),
    ("failures", at("/failures"), (1280, 480), ("light", "dark")),
    ("phone-deliveries", at("/deliveries"), PHONE, ("dark",)),
    ("phone-delivery", at("/deliveries", "plant/sensors-1120.csv"), PHONE, ("light",)),
    ("phone-upload", upload, PHONE, ("light",)),
)


def body_of(name: str) -> bytes:
    """A sample; `torn` is one of which a record lost its end."""
    orders = (ROOT / "samples" / "orders.csv").read_bytes().splitlines(keepends=True)
    torn = b"".join([*orders[:20], b",".join(orders[20].split(b",")[:4]), b"\n", *orders[21:]])
    return torn if name == "torn" else (ROOT / "samples" / name).read_bytes()


def fill(site: Site) -> None:
    """What has arrived is through, in this order."""
    for key, name in ARRIVED:
        site.put(key, body_of(name))
    site.fail("plant/sensors-1121.csv", body_of("sensors.csv"))


def main() -> None:
    """All pictures are made anew."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), FEEDS) as site, sync_playwright() as playwright:
        fill(site)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for name, visit, (width, height), schemes in PICTURES:
            for scheme in schemes:
                window = browser.new_context(
                    base_url=site.url,
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if scheme == "dark" else "light",
                    device_scale_factor=1 if width == WIDE[0] else 2,
                    locale="en-GB",
                    timezone_id="Europe/Berlin",
                )
                window.add_cookies([{"name": "csvgate_token", "value": site.token, "url": site.url}])
                page = window.new_page()
                visit(page, Path(folder))
                page.screenshot(path=IMAGES / f"web-{name}-{scheme}.png")
                window.close()


if __name__ == "__main__":
    main()
