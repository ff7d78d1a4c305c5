"""The head and the foot of a page: the verdict, the figures, where every byte went, and the proof."""

from __future__ import annotations

import pytest

from csvgate.report.summary import fact_list, figures, ledger, proof, tone, verdict
from tests.receipts import LOAD, Receipts, finding
from tests.report.outline import Outline


@pytest.mark.parametrize(
    ("parts", "colour"),
    [
        ({"verdict": "ok"}, "ok"),
        ({"verdict": "warning"}, "warning"),
        ({"verdict": "rejected"}, "rejected"),
        ({"verdict": None, "state": "failed"}, "rejected"),
        ({"verdict": None, "state": "inspecting"}, "other"),
        ({"verdict": "ok", "state": "deleted"}, "other"),
        ({"verdict": "warning", "state": "undone"}, "other"),
    ],
)
def test_what_became_of_the_file_has_a_colour(receipt: Receipts, parts: dict[str, str], colour: str) -> None:
    assert tone(receipt(**parts)) == colour


def test_the_verdict_is_one_sentence(receipt: Receipts) -> None:
    """Its sign is for eyes only."""
    (title,) = Outline(verdict(receipt(verdict="warning", findings=[finding()]))).all("h1")
    assert title.text == "!orders.csv was read: 60 rows, 1 column, 1 finding to look at."
    assert title.within[0].attributes["aria-hidden"] == "true"


def test_of_a_rejected_file_no_rows_are_told(receipt: Receipts) -> None:
    """There are none that could be used."""
    assert "rows" not in figures(receipt(verdict="rejected", columns=[]))
    assert [node.text for node in Outline(figures(receipt())).all("dd")] == ["60", "1", "500 bytes", "0"]


def test_the_bar_and_the_table_of_bytes_say_the_same(receipt: Receipts) -> None:
    """And together they are all bytes of the file."""
    page = Outline(ledger(receipt()) or "")
    assert page.all("desc")[0].text == "500 = header 20 + records 480"
    assert [node.text for node in page.all("tr")[1:]] == ["header204 %", "records48096 %", "total500"]


def test_where_reading_stopped_that_is_said(receipt: Receipts) -> None:
    stopped = receipt(bytes={"total": 9, "rejected": 9, "complete": False})
    assert "the file goes on" in (ledger(stopped) or "")


def test_facts_are_told_where_there_are_any(receipt: Receipts) -> None:
    """Also what became of the rows."""
    known = receipt(key="in/a.csv", bucket="b", compression="gzip", load=LOAD)
    facts = Outline(fact_list(known) or "").all("dd")
    assert [fact.text for fact in facts] == [
        "s3://b/in/a.csv",
        'UTF-8 · comma · quote " · LF · header in line 1',
        "998 rows into postgresql, table sales, counted there; 2 rows put aside",
        "gzip",
    ]
    assert fact_list({"filename": "a.csv", "file_size_bytes": 9}) is None


def test_the_foot_has_the_hash_and_the_commands_that_prove_the_page(receipt: Receipts) -> None:
    """A delivery's receipt is in the catalog."""
    foot = proof(receipt())
    assert "3c" * 32 in foot
    assert "sha256sum FILE" in foot
    assert "certutil -hashfile FILE SHA256" in foot
    assert "csvgate inspect --json" in foot
    assert "csvgate show --json" in proof(receipt(key="a.csv"))
