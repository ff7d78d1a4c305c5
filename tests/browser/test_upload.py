"""Files go from a browser into the bucket: dropped, chosen, paused, taken up again, looked at before they leave."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.site import Site

pytestmark = pytest.mark.browser
CLEAN = "id,name\n1,Ada\n2,Grace\n"
BROKEN = 'id,name\n1,Ada\n2\n3,"Grace\n'
MEGABYTE = 1_000_000
DROP = """([name, text]) => {
  const dropped = new DataTransfer();
  dropped.items.add(new File([text], name, {type: "text/csv"}));
  const event = new DragEvent("drop", {dataTransfer: dropped, bubbles: true, cancelable: true});
  document.getElementById("drop").dispatchEvent(event);
}"""


def row(page: Page, name: str) -> Locator:
    return page.locator("li.upload", has_text=name)


def file_of(folder: Path, name: str, size: int) -> Path:
    """A CSV of about that size, each line of which is another."""
    file = folder / name
    with file.open("w") as out:
        out.write("id,name\n")
        out.writelines(f"{number},{'Ada Lovelace ' * 38}\n" for number in range(size // 500))
    return file


def slowed(page: Page, bytes_per_second: int) -> None:
    """The page sends no faster; -1: as fast as it goes."""
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", limits)


def test_a_dropped_file_is_sent_and_followed_to_its_receipt(page: Page) -> None:
    page.goto("/")
    page.evaluate(DROP, ["dropped.csv", CLEAN])
    expect(row(page, "dropped.csv")).to_have_attribute("data-state", "done")
    expect(row(page, "dropped.csv")).to_contain_text("It is fine: 2 rows, 2 columns")
    row(page, "dropped.csv").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("dropped.csv is fine")


def test_what_is_broken_is_told_before_it_leaves_and_sent_all_the_same_if_one_wants(page: Page) -> None:
    page.goto("/")
    page.evaluate(DROP, ["broken.csv", BROKEN])
    expect(row(page, "broken.csv")).to_have_attribute("data-state", "doubtful")
    expect(row(page, "broken.csv")).to_contain_text("Line 3: A record has fewer cells than the header has names.")
    expect(row(page, "broken.csv")).to_contain_text("A quote opens a value and is never closed")
    row(page, "broken.csv").get_by_role("button", name="Upload anyway").click()
    expect(row(page, "broken.csv")).to_contain_text("It was read: 3 rows, 2 columns")


def test_what_is_no_csv_stays_here_if_one_thinks_better_of_it(page: Page) -> None:
    page.goto("/")
    page.evaluate(DROP, ["page.csv", "<!doctype html><html><body>Error 502</body></html>"])
    expect(row(page, "page.csv")).to_contain_text("The file is an HTML page, not a CSV. Export")
    row(page, "page.csv").get_by_role("button", name="Cancel").click()
    expect(row(page, "page.csv")).to_have_count(0)


def test_a_large_file_is_paused_and_goes_on_after_a_reload_with_what_is_there(page: Page, tmp_path: Path) -> None:
    file = file_of(tmp_path, "large.csv", 100 * MEGABYTE)
    page.goto("/")
    slowed(page, 20 * MEGABYTE)
    page.set_input_files("#files", file)
    large = row(page, "large.csv")
    expect(large.locator(".status")).to_have_text(re.compile(r"MB of 100 MB · .* MB/s · .* left"))
    expect(large.locator(".status")).to_have_text(re.compile(r"^[56789]\d(\.\d)? MB of"))
    large.get_by_role("button", name="Pause").click()
    expect(large).to_have_attribute("data-state", "paused")
    page.reload()
    expect(large).to_contain_text("Choose or drop the same file again, and it goes on where it stopped")
    asked: list[dict[str, str]] = []
    page.on("request", lambda request: asked.append(request.headers) if request.method == "PUT" else None)
    page.set_input_files("#files", file)
    expect(large).to_contain_text("It is fine", timeout=60_000)
    assert 0 < len(asked) < 6
    # With a type of its own the bucket's CORS rule would have to allow it.
    assert not any("content-type" in headers for headers in asked)
    assert page.evaluate("localStorage.getItem('csvgate.uploads')") == "[]"


@pytest.mark.long
def test_an_upload_goes_on_when_the_store_answers_again(page: Page, said: list[str], tmp_path: Path) -> None:
    file = file_of(tmp_path, "retried.csv", 20 * MEGABYTE)
    refused: list[str] = []

    def refuse_twice(route: object) -> None:
        refused.append("")
        route.abort() if len(refused) < 3 else route.continue_()  # type: ignore[attr-defined]

    page.route(re.compile("partNumber"), refuse_twice)
    page.goto("/")
    page.set_input_files("#files", file)
    expect(row(page, "retried.csv")).to_contain_text("It is fine", timeout=60_000)
    assert len(refused) > 2
    assert [line for line in said if "ERR_FAILED" not in line] == []
    said.clear()


def test_the_keyboard_alone_is_enough(page: Page, tmp_path: Path) -> None:
    # Asked for before anything else: else the browser may open a dialog of its own first.
    page.on("filechooser", lambda chooser: chooser.set_files(file_of(tmp_path, "keys.csv", 2_000)))
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#files")).to_be_focused()
    page.keyboard.press("Enter")
    expect(row(page, "keys.csv")).to_have_attribute("data-state", "done")
    page.keyboard.press("Tab")
    expect(row(page, "keys.csv").get_by_role("link")).to_be_focused()


def test_names_that_lie_show_what_they_are(page: Page) -> None:
    page.goto("/")
    page.evaluate(DROP, ["<img src=x onerror=alert(1)>\u202efdp.csv", CLEAN])
    expect(row(page, "onerror")).to_contain_text("<img src=x onerror=alert(1)>\\u202efdp.csv")
    expect(row(page, "onerror")).to_have_attribute("data-state", "done")


def test_without_a_script_a_form_does_it(opened: Open, tmp_path: Path) -> None:
    page = opened(java_script_enabled=False).new_page()
    page.goto("/")
    page.set_input_files("#files", file_of(tmp_path, "plain.csv", 2_000))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("plain.csv is fine")


@pytest.mark.long
def test_three_hundred_megabytes_go_past_the_service(page: Page, site: Site, tmp_path: Path) -> None:
    """They go straight to the store: the service keeps no more than before."""
    file = file_of(tmp_path, "huge.csv", 300 * MEGABYTE)
    page.goto("/")
    before = peaks(site.pid)
    page.set_input_files("#files", file)
    expect(row(page, "huge.csv")).to_contain_text("It is fine", timeout=240_000)
    assert peaks(site.pid) - before < 40 * MEGABYTE


def peaks(pid: int) -> int:
    """The most memory that the process and its children ever had, in bytes."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lines = (Path(f"/proc/{one}/status").read_text() for one in (pid, *children))
    return sum(1024 * int(found[1]) for text in lines if (found := re.search(r"VmHWM:\s+(\d+)", text)))
