"""The page of any receipt is sound: it closes what it opens, needs nothing but itself, and obeys no file."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from csvgate.report.escape import escaped
from csvgate.report.page import receipt_page, style
from tests.receipts import Receipts, column, finding
from tests.report.outline import Outline

GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*.json"))
ACTIVE = {"script", "img", "iframe", "object", "embed", "link", "a", "form", "input", "base", "video", "audio"}
HOSTILE = "</title></style><script>alert(1)</script><b onclick=x>\"'>\x1b[2J\u202egnp\x00\udce4&amp;"
ORDINARY = 200_000


def golden(path: Path) -> dict[str, Any]:
    """The receipt of a nasty file."""
    return {"filename": f"{path.stem}.csv", **json.loads(path.read_text())}


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_nasty_file_has_a_sound_page_with_all_its_findings_and_columns(path: Path) -> None:
    """As small as a page should be, and the same each time."""
    receipt = golden(path)
    page = receipt_page(receipt)
    outline = Outline(page)
    codes = {node.text for node in outline.all("bdi", "code")}
    assert codes == {escaped(found["code"]) for found in receipt["findings"]}
    assert len(outline.all("bdi", "name")) == 1 + receipt["column_count"]
    assert {node.tag for node in outline.nodes} & ACTIVE == set()
    assert len(page.encode()) < ORDINARY
    assert page == receipt_page(receipt)


def hostile(receipt: Receipts) -> str:
    """A page of a receipt in which everything is hostile that somebody else may write."""
    values = {"min": HOSTILE, "max": HOSTILE, "top_values": [[HOSTILE, 2]], "type": "string", "format": HOSTILE}
    places = [{"line": 1, "excerpt": HOSTILE}]
    names = dict.fromkeys(("filename", "key", "bucket", "reason", "delivery_id", "sha256", "compression"), HOSTILE)
    bins = {"edges": [HOSTILE] * 3, "counts": [1, 2]}
    return receipt_page(
        receipt(
            **names,
            columns=[column(HOSTILE, **values), column(HOSTILE, histogram=bins)],
            findings=[finding(code=HOSTILE, message=HOSTILE, first=places)],
            dialect=receipt()["dialect"] | {"delimiter": HOSTILE, "encoding": HOSTILE},
        )
    )


def test_nothing_that_a_sender_wrote_becomes_markup(receipt: Receipts) -> None:
    """Whatever part of the receipt it stands in."""
    page = hostile(receipt)
    outline = Outline(page)
    assert {node.tag for node in outline.nodes} & (ACTIVE | {"b"}) == set()
    assert not [name for node in outline.nodes for name in node.attributes if name.startswith("on") or name == "style"]
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)


def test_the_page_needs_nothing_but_itself(receipt: Receipts) -> None:
    """No address, in the markup or in the styles; and its policy lets in none."""
    page = receipt_page(receipt(verdict="warning", findings=[finding()]))
    assert not re.search(r"https?:|url\(|@import|\bsrc=|\bhref=", page)
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    (policy,) = [node.attributes["content"] for node in Outline(page).all("meta") if "http-equiv" in node.attributes]
    assert (policy or "").startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert f"<style>{style()}</style>" in page


def test_the_parts_of_the_page_are_landmarks_with_titles(receipt: Receipts) -> None:
    """Who does not see it finds the same parts, by name."""
    outline = Outline(receipt_page(receipt(verdict="warning", findings=[finding()])))
    titles = {node.attributes["id"]: node.text for node in outline.all("h2")}
    assert [titles[node.attributes["aria-labelledby"]] for node in outline.all("section")] == list(titles.values())
    assert list(titles.values()) == ["Findings", "Columns", "Every byte"]
    assert [len(outline.all(tag)) for tag in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]


def test_every_class_has_a_style_and_every_style_a_class(receipt: Receipts) -> None:
    """Of those that only some receipts have, the nasty files have enough."""
    pages = [receipt_page(golden(path)) for path in GOLDEN]
    used = {name for page in pages for part in re.findall(r'class="([^"]+)"', page) for name in part.split()}
    styled = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"\{[^{}]*\}", "{}", style())))
    assert used - styled - {"profile"} == set()
    assert styled - used - {"other", "sign"} == set()


def test_a_receipt_without_an_inspection_has_a_page() -> None:
    """A delivery that was never read is shown by what is known of it."""
    known = {"key": "in/a.csv", "bucket": "b", "filename": "a.csv", "state": "vanished", "file_size_bytes": 9}
    outline = Outline(receipt_page(known))
    assert "was gone before it could be read" in outline.all("h1")[0].text
    assert outline.all("section") == []
