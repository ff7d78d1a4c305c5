"""Several tables in one file are found, each with its place; their records are counted as one file's."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from csvgate.core.findings import Finding
from csvgate.core.inspection import inspect
from csvgate.core.structure import scan
from csvgate.core.structure.scan import Scanner
from csvgate.core.structure.sniff import Sniffed, sniff
from csvgate.core.table import Table
from csvgate.core.tally import Tally
from csvgate.core.text.encoding import Encoding
from tests.strategies import nasty_bytes, whole

UTF8 = Encoding(name="utf-8")
TWO = b"id,name\n1,a\n2,b\n\nday,place,amount\n2024-01-01,x,5\n2024-01-02,y,6\n"


def several_tables(data: bytes) -> Finding | None:
    return next((finding for finding in inspect(whole(data)).findings if finding.code == "several-tables"), None)


def counted(data: bytes, sniffed: Sniffed) -> tuple[list[tuple[str, int, list[int | None]]], int, int]:
    """What the table says in the end: findings with their lines, records, bytes of the footer."""
    tally = Tally()
    table = Table(sniffed, tally)
    for batch in Scanner(io.BytesIO(data), sniffed.dialect, UTF8, width=sniffed.width).batches():
        table.add(batch)
    table.conclude(is_whole=True)
    found = [(finding.code, finding.count, [place.line for place in finding.first]) for finding in tally.findings()]
    return sorted(found), table.row_count, table.footer_bytes


def lines(data: bytes) -> list[int | None]:
    """Where the tables begin, if they are several."""
    finding = several_tables(data)
    return [place.line for place in finding.first] if finding else []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (TWO, [1, 5]),
        (TWO + b"\n\nid,name\n3,c\n", [1, 5, 10]),
        (b"id,name\n1,a\n2,b\n\nSales\n\nday,place,amount\n2024-01-01,x,5\n", [1, 7]),
        (b"id,name\n1,a\n\nday,place,amount\n", []),
        (b"id,name\n1,a\nday,place,amount\n2024-01-01,x,5\n", []),
        (b"id,name\n1,a\n\n2,b,c\n3,d,e\n4,f\n5,g\n", []),
        (b"id,name\n1,a\n\n2,b\n\n3,c\n", []),
        (b"1,2\n3,4\n5,6\n\nday,place,amount\n2024-01-01,x,5\n", [1, 5]),
        (b"id,name\n1,a\n2,b\n\ntown,zip\nBern,3000\n", [1, 5]),
        (b"id,n\n1,2\n\nday,place\n2024-01-01,x\n\nid,n\n3,4\n", [1, 4, 7]),
        (b"id,name\n1,a\n2,b\n\nid,name\n3,c\n", []),
        (b"name,n\na,1\n\nb,unknown\nc,3\n", []),
        (b"n,users\n1,12\n2,15\n\nland,users\nBern,30\n", [1, 5]),
        (b"n,users\n1,12\n2,15\n\nNote,see below\nSource,web\n", []),
        (b"id,note\n1,x\n\nNA,y\n3,5\n", []),
        (b"name,note\na,x\n\nb,y\nc,5\n", []),
    ],
)
def test_a_table_begins_behind_a_blank_line_with_a_header(data: bytes, expected: list[int]) -> None:
    assert lines(data) == expected


def test_records_of_all_tables_are_counted_and_those_of_another_width_are_ragged() -> None:
    found = inspect(whole(TWO))
    finding = several_tables(TWO)
    assert finding is not None
    assert (found.row_count, finding.count) == (5, 2)
    assert finding.message == "another table begins on line 5, with another header"
    assert {"extra-cell", "several-tables"} == {finding.code for finding in found.findings}


@given(nasty_bytes, st.sampled_from([1, 2, 7, 30]))
@example(TWO + b"\nTotals\n\nid,name\n3,c\n\nTotal: 7\n(7 rows)\n", 1)
@example(b'\n"\na,b\n1,2\n', 1)
def test_the_size_of_the_window_never_shows(data: bytes, window: int) -> None:
    sniffed = sniff(data, UTF8, whole=True)
    expected = counted(data, sniffed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "WINDOW", window)
        assert counted(data, sniffed) == expected
