"""What was found is said once for each code: gravest first, with its lines, and with what the sender should do."""

from __future__ import annotations

from csvgate.core.codes import CODES
from csvgate.report.findings import findings
from tests.receipts import Receipts
from tests.receipts import finding as found
from tests.report.outline import Outline

PLACES = [{"line": line, "byte_offset": line * 10, "column": None, "excerpt": f"row {line}"} for line in range(1, 101)]


def test_a_finding_says_where_it_is_and_what_the_sender_should_do(receipt: Receipts) -> None:
    """And what its code means."""
    (article,) = Outline(findings(receipt(findings=[found()]))).all("article", "error")
    for part in ("line 12, column 8, byte 431", "1,2,3", "One record is too long."):
        assert part in article.text
    assert CODES["extra-cell"].meaning in article.text
    assert CODES["extra-cell"].advice in article.text


def test_findings_of_one_code_are_together_and_errors_come_first(receipt: Receipts) -> None:
    """Also where the receipt has them in another order."""
    several = [found("leading-zeros", "info"), found(), found("leading-zeros", "info", message="another column")]
    articles = Outline(findings(receipt(findings=several))).all("article")
    assert [article.attributes["class"] for article in articles] == ["error", "info"]
    assert articles[1].text.count(CODES["leading-zeros"].advice) == 1
    assert "another column" in articles[1].text


def test_many_places_are_folded_and_the_others_are_counted(receipt: Receipts) -> None:
    """Five are enough to understand; twenty more unfold; the rest is a number."""
    page = Outline(findings(receipt(findings=[found(count=142, first=PLACES)])))
    (folded,) = page.all("details")
    assert len(page.all("li")) - len([node for node in folded.within if node.tag == "li"]) == 5
    assert folded.text.startswith("20 more places")
    assert "and 117 more places" in page.nodes[0].text


def test_many_findings_of_one_code_are_counted_too(receipt: Receipts) -> None:
    """A file of a thousand columns may have as many."""
    many = [found("leading-zeros", "info", message=f"column {number}") for number in range(50)]
    assert "and 30 more findings" in findings(receipt(findings=many))
    assert "column 49" in findings(receipt(findings=many), everything=True)


def test_everything_is_everything(receipt: Receipts) -> None:
    """Nothing is folded away where all was asked for."""
    page = Outline(findings(receipt(findings=[found(count=142, first=PLACES)]), everything=True))
    assert (len(page.all("li")), page.all("details")) == (100, [])


def test_a_code_that_nobody_knows_is_shown_without_advice(receipt: Receipts) -> None:
    """A receipt of a newer version may have one."""
    page = findings(receipt(findings=[found("no-such-code")]))
    assert "no-such-code" in page
    assert "What the sender should do" not in page


def test_where_nothing_was_found_that_is_said(receipt: Receipts) -> None:
    assert "nothing to look at" in findings(receipt())
