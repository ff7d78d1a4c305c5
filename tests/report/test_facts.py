"""What is known of a file as a whole is told in the order in which a person asks."""

from __future__ import annotations

import pytest

from csvgate.report.facts import facts
from tests.receipts import LOAD, Receipts


def test_what_is_not_known_is_left_out(receipt: Receipts) -> None:
    """What is no table is not written as anything; one that broke a contract is."""
    assert [name for name, _ in facts(receipt())] == ["size", "sha256", "written as", "every byte"]
    assert "written as" not in dict(facts(receipt(verdict="rejected", column_count=0)))
    assert "written as" in dict(facts(receipt(verdict="rejected")))
    assert list(facts({"file_size_bytes": 9})) == [("size", "9 bytes")]


def test_a_delivery_says_where_it_arrived(receipt: Receipts) -> None:
    """And a compressed file, with what."""
    told = dict(facts(receipt(bucket="b", key="in/a.csv", upload_timestamp="2026-11-21T10:00:00Z", compression="gzip")))
    assert (told["object"], told["arrived"]) == ("s3://b/in/a.csv", "2026-11-21 10:00:00 UTC")
    assert told["size"] == "500 bytes, compressed with gzip"


def test_what_became_of_the_rows_is_told_last(receipt: Receipts) -> None:
    """On a terminal and on a page of HTML."""
    assert list(facts(receipt(feed="sales", load=LOAD)))[-2:] == [
        ("feed", "sales"),
        ("loaded", "998 rows into postgresql, table sales, counted there; 2 rows put aside"),
    ]


def test_rows_that_were_put_aside_are_said_to_be_where_they_are(receipt: Receipts) -> None:
    known = receipt(quarantine={"uri": "s3://results/quarantine/a.csv", "rows": 2, "rows_left_out": 0})
    assert dict(facts(known))["put aside"] == "2 rows, in s3://results/quarantine/a.csv"


@pytest.mark.parametrize(("left_out", "told"), [(1, "1 more bad row"), (5000, "5,000 more bad rows")])
def test_those_that_found_no_room_there_are_not_passed_over(receipt: Receipts, left_out: int, told: str) -> None:
    known = receipt(quarantine={"uri": "s3://results/quarantine/a.csv", "rows": 2, "rows_left_out": left_out})
    assert dict(facts(known))["put aside"] == f"2 rows, in s3://results/quarantine/a.csv; {told} found no room there"
