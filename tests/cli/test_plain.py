"""Receipts in a pipe are lines that stand for themselves."""

from __future__ import annotations

from csvgate.cli.plain import line, receipt_lines
from tests.receipts import LOAD, Receipts, column


def test_each_frequent_value_is_a_line_of_its_own(receipt: Receipts) -> None:
    """However many commas and signs it holds, it cannot be taken for two."""
    often = [["a, b 2\N{MULTIPLICATION SIGN}", 40], ["c\td", 9], ["e", 8], ["f", 3]]
    lines = [line(parts) for parts in receipt_lines(receipt(columns=[column("id", top_values=often)]))]
    values = [found for found in lines if found.startswith("value\t")]
    assert values == ["value\t1\tid\ta, b 2\N{MULTIPLICATION SIGN}\t40", "value\t1\tid\tc\\td\t9", "value\t1\tid\te\t8"]


def test_what_became_of_the_rows_is_a_line(receipt: Receipts) -> None:
    """Figures that a script can take apart."""
    lines = [line(parts) for parts in receipt_lines(receipt(feed="sales", load=LOAD))]
    assert {"feed\tsales", "load\tpostgresql\tsales\t998\t2\tverified"} <= set(lines)
    assert "unverified" in "".join(map(line, receipt_lines(receipt(load=LOAD | {"verified": False}))))


def test_a_file_that_broke_a_contract_was_read_all_the_same(receipt: Receipts) -> None:
    """How it is written is said; of what is no table there is nothing to say."""
    told = {parts[0] for parts in receipt_lines(receipt(verdict="rejected"))}
    nothing = {parts[0] for parts in receipt_lines(receipt(verdict="rejected", column_count=0))}
    assert told - nothing == {"dialect"}
