"""Values that are too long to be held."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core import inspection
from csvgate.core.columns.abridged import abridge
from csvgate.core.dialect import Dialect
from csvgate.core.inspection import inspect
from csvgate.core.structure import record, scan
from csvgate.core.structure.grammar import grammar_of
from csvgate.core.structure.long import long_cell
from csvgate.core.text.encoding import Encoding
from tests.core.test_laws import narrow
from tests.strategies import whole

# More than counters abridge by themselves.
FEW = 5_000
PARTS = [b"1,2\n", b"x", b"\r\r\n", b"\r", "é".encode(), b'""']


def long_bytes(*more: bytes) -> st.SearchStrategy[bytes]:
    return st.lists(st.sampled_from([*PARTS, *more])).map(lambda parts: b"".join(parts) * 20 + b"y" * FEW)


@pytest.mark.parametrize("name", ["utf-8", "cp1252"])
@given(long_bytes(b"\xff"))
def test_the_cell_that_stands_for_a_value_is_what_counters_keep_of_it(name: str, value: bytes) -> None:
    cell = long_cell(value, grammar_of(Dialect()), Encoding(name=name), width=2)
    assert [cell] == abridge([value.decode(name, "surrogateescape")])
    assert abridge([cell]) == [cell]


@given(st.lists(long_bytes(), min_size=1, max_size=3))
def test_a_file_is_the_same_whether_long_values_are_held_or_not(values: list[bytes]) -> None:
    data = b"a,b\n" + b"".join(b'1,"' + value + b'"\n' for value in values)
    shorter = patch.object(scan, "LONGEST", FEW), patch.object(record, "LONGEST", FEW)
    with shorter[0], shorter[1], patch.object(inspection, "Scanner", narrow(1)):
        without = inspect(whole(data))
    assert without == inspect(whole(data))


def test_lines_that_a_long_value_swallowed_are_told() -> None:
    found = inspect(whole(b'a,b\n1,"' + b"1,2\n" * 300_000 + b'"\n2,x\n'))
    assert [finding.code for finding in found.findings] == ["swallowed-lines"]
    assert found.findings[0].message.endswith("300,001 lines, of which 299,999 look like records")
    assert found.columns[1].max_length == 1_200_000


def test_a_name_that_is_too_long_to_be_held_is_shown_in_part() -> None:
    found = inspect(whole(b"a," + b"x" * 2_000_000 + b"\n1,2\n"))
    assert found.verdict == "rejected"
    assert found.column_names == ("a", "x" * 100 + "…")
    (finding,) = found.findings
    assert (finding.code, finding.first[0].column) == ("field-too-long", 2)
    assert "2,000,000 characters" in finding.message


def test_a_remark_of_many_megabytes_is_a_record() -> None:
    found = inspect(whole(b"a,b\n1,2\n3,4\nNote: " + b"x" * 2_000_000 + b"\n"))
    assert (found.row_count, found.bytes.footer) == (3, 0)


def test_a_quoted_value_of_many_megabytes_is_one_wherever_it_begins() -> None:
    pieces = [b"a,b\n" + b"1,abcdefgh\n" * 60_000 + b'1,"', b"x\n" * 12_500_000, b'"\n2,y\n']
    found = inspect(lambda: iter(pieces))
    assert (found.row_count, found.findings) == (60_002, ())
