"""Files written one behind the other: the second header is a record, and is told."""

from __future__ import annotations

import pytest

from csvgate.core.findings import Finding
from csvgate.core.inspection import inspect
from tests.strategies import whole

PART = b"name,city\nbob,berlin\nann,paris\n"


def repeated(data: bytes) -> Finding | None:
    return next((finding for finding in inspect(whole(data)).findings if finding.code == "repeated-header"), None)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("between", [b"", b"\n", b"\xef\xbb\xbf"])
def test_the_second_header_has_its_place(between: bytes, end: bytes) -> None:
    first, data = PART * 100, (PART * 100 + between + PART).replace(b"\n", end)
    finding = repeated(data)
    assert finding is not None
    assert finding.count == 100
    place = finding.first[-1]
    assert (place.record, place.line) == (300, 301 + between.count(b"\n"))
    assert place.byte_offset == len((first + between.strip(b"\xef\xbb\xbf")).replace(b"\n", end))


def test_behind_a_byte_order_mark_quotes_are_part_of_the_cell() -> None:
    finding = repeated(b'"name","city"\n"bob","x"\n"ann","y"\n\xef\xbb\xbf"name","city"\n"eva","z"\n')
    assert finding is not None
    assert finding.message == "line 4 repeats the header; it is counted as a record"


def test_a_repeated_header_speaks_against_no_name() -> None:
    assert [finding.code for finding in inspect(whole(PART + PART)).findings] == ["repeated-header"]


@pytest.mark.parametrize(
    "data",
    [
        b"name,city\nbob,name\nname,city,x\nName,city\nname,\n",
        b"word\nan\nword\nor\ntwo\n",
        b"id,id\n1,2\n",
        b"1,2\n3,4\n1,2\n",
        b",\n1,2\n,\n",
    ],
)
def test_what_is_no_header_again(data: bytes) -> None:
    assert repeated(data) is None
