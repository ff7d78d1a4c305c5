"""What a whole table shows, and where."""

from __future__ import annotations

import pytest

from csvgate.core.findings import Finding
from csvgate.core.inspection import inspect
from tests.strategies import whole


def finding(data: bytes, code: str) -> Finding:
    """The one finding of the code."""
    return next(found for found in inspect(whole(data)).findings if found.code == code)


def test_more_columns_than_are_named_are_counted() -> None:
    """One more is one column."""
    header, rows = b"a,b,c,d,e", [b"1,1,1,1,1\n"] * 500
    four, five = b"x,x,x,x,1\n", b"x,x,x,x,x\n"
    said = [finding(header + b"\n" + b"".join([*rows, last]), "late-type-change").message for last in (four, five)]
    assert [message.rpartition("; ")[2] for message in said] == ["1 more column alike", "2 more columns alike"]


def test_a_value_of_another_type_has_its_line_wherever_it_stands() -> None:
    for line in (2, 5, 40, 61):
        rows = [b"%d,ok\n" % number for number in range(60)]
        rows[line - 2] = b"#REF!,ok\n"
        found = finding(b"id,state\n" + b"".join(rows), "late-type-change")
        assert [(place.line, place.record, place.column, place.excerpt) for place in found.first] == [
            (line, line - 1, 1, "#REF!")
        ]


def test_a_value_after_ragged_records_has_its_line() -> None:
    data = b"id,n\n1\n" + b"2,5\n" * 60 + b"3,x\n" + b"4,6\n"
    assert [place.line for place in finding(data, "late-type-change").first] == [63]


def test_integers_that_become_decimals_in_the_end_are_told_with_the_line() -> None:
    found = finding(b"id,v\n" + b"7,x\n" * 500 + b"1.5,y\n", "late-type-change")
    assert [(place.line, place.record, place.column, place.excerpt) for place in found.first] == [(502, 501, 1, "1.5")]


def test_a_few_decimals_among_integers_from_early_on_are_numbers() -> None:
    data = b"id,v\n" + b"7,x\n" * 400 + b"1.5,y\n" + b"8,x\n" * 100
    assert not [found for found in inspect(whole(data)).findings if found.code == "late-type-change"]


def test_the_message_speaks_of_all_columns() -> None:
    found = finding(b"a,b\n" + b"1,2\n" * 60 + b"x,y\n", "late-type-change")
    assert "column “a”" in found.message
    assert "column “b”" in found.message
    assert (found.count, len(found.first)) == (2, 2)


def test_one_odd_value_in_a_short_column_is_told() -> None:
    assert finding(b"day,n\n" + b"2026-02-01,1\n" * 60 + b"2026-02-31,1\n", "late-type-change").count == 1


def test_a_quoted_value_in_a_file_that_seemed_not_to_quote_is_told() -> None:
    data = b"id,size\n" + b'1,5" pipe\n' * 9000 + b'2,"six, inches"\n'
    found = finding(data, "stray-quote")
    assert [place.line for place in found.first] == [9002]


def test_an_odd_byte_in_a_comment_belongs_to_no_record() -> None:
    (place,) = finding(b"# b\xff\nid,n\n1,2\n", "encoding-error").first
    assert (place.record, place.line, place.byte_offset, place.excerpt) == (None, 1, 3, "# b\ufffd")


def test_findings_come_gravest_first_then_in_the_order_of_the_codes() -> None:
    found = inspect(whole(b"name,name\n1,a\xffb\n2\n3,x\n")).findings
    assert [one.code for one in found] == ["missing-cell", "encoding-error", "duplicate-label"]


@pytest.mark.parametrize("message", ["Internal Server Error", "Error: no answer, please try again"])
def test_a_message_instead_of_a_file_is_shown(message: str) -> None:
    assert f"“{message}” was taken for its header" in finding(message.encode(), "no-data-rows").message


@pytest.mark.parametrize("blank", [b",\n", b'"",\n', b'"",""\r\n'])
@pytest.mark.parametrize("before", [3, 300_000])
def test_records_without_a_value_are_counted_and_told(blank: bytes, before: int) -> None:
    found = finding(b"id,state\n" + b"7,ok\n" * before + blank * 150 + b"8,ok\n" * 40, "blank-row")
    assert (found.count, found.severity, len(found.first)) == (150, "warning", 100)
    assert [place.line for place in found.first] == list(range(before + 2, before + 102))


@pytest.mark.parametrize("row", [b'""\n', b" ,\n", b",,\n", b'" ",""\n', b'",",""\n'])
def test_a_row_of_blanks_or_of_another_width_is_not_without_a_value(row: bytes) -> None:
    names = b"id\n" if row.count(b",") == 0 else b"id,state\n"
    data = names + (names.replace(b"id", b"7")) * 4 + row
    assert not [found for found in inspect(whole(data)).findings if found.code == "blank-row"]
