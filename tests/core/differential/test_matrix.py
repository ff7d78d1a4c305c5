"""What engines get wrong without a word: csvgate is right about it, or says what is wrong.

One case for each row of a matrix that was measured with DuckDB, polars, pyarrow and pandas; each of them fails some.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from csvgate.core.inspection import Inspection, inspect
from tests.strategies import cut

# So many rows are more than the head of a file that is read at once; the engines were asked for three million.
LATE = [150_000, pytest.param(3_000_000, marks=pytest.mark.long)]
ROWS = b"".join(b"%d,name\n" % number for number in range(20_000))

# What is good to know and nothing to look at.
NOTES = {"mixed-line-endings", "leading-zeros", "header-not-found"}


def found_in(data: bytes) -> Inspection:
    """The inspection of the bytes as they come from a disk."""
    return inspect(cut(data, [1 << 20]))


def codes(found: Inspection) -> set[str]:
    """What was found."""
    return {finding.code for finding in found.findings}


def lines_of(found: Inspection, code: str) -> list[int | None]:
    """Where it was found."""
    return [place.line for finding in found.findings if finding.code == code for place in finding.first]


SMALL: list[tuple[str, bytes, int, set[str]]] = [
    ("CRLF", b"a,b\r\n1,2\r\n3,4\r\n", 2, set()),
    ("BOM", b"\xef\xbb\xbfa,b\n1,2\n3,4\n", 2, set()),
    ("no final newline", b"a,b\n1,2\n3,4", 2, set()),
    ("NUL in a cell", b"a,b\n1,x\0y\n3,4\n", 2, {"nul-byte"}),
    ("CR only", b"a,b\r1,2\r3,4\r", 2, set()),
    ("mixed CRLF and LF", b"a,b\r\n1,2\n3,4\r\n", 2, {"mixed-line-endings"}),
    ("quote never closed, at the end", b"id,name\n" + ROWS + b'7,"open\n', 20_001, {"unclosed-quote"}),
    ("quote never closed, in the middle", b"id,name\n" + ROWS + b'7,"open\n' + ROWS, 40_001, {"unclosed-quote"}),
    ("stray quote", b"id,name\n" + ROWS + b'7,5" disc\n' + ROWS, 40_001, {"stray-quote"}),
    ("ragged within four rows", b"a,b\n1,2\n3\n4,5,6\n7,8\n", 4, {"missing-cell", "extra-cell"}),
    ("latin-1", "name,n\nMüller,1\nJäger,2\n".encode("latin-1"), 2, {"encoding-guessed"}),
    ("UTF-16 with BOM", "name,n\nMüller,1\n東京,2\n".encode("utf-16"), 2, set()),
    ("empty file", b"", 0, {"empty-file"}),
    ("header only", b"a,b\n", 0, {"no-data-rows"}),
    ("header only, no final newline", b"a,b", 0, {"no-data-rows"}),
    ("duplicate names", b"a,a\n1,2\n", 1, {"duplicate-label"}),
    ("blank names", b"a,,c\n1,2,3\n", 1, {"blank-label"}),
    ("blank lines between rows", b"a,b\n1,2\n\n3,4\n\n5,6\n", 3, set()),
    ("one column with a blank line", b"v\n1\n\n3\n", 3, set()),
    ("leading zeros", b"zip,n\n00123,1\n04711,2\n", 2, {"leading-zeros"}),
    ("no header", b"1,2.5\n3,4.5\n", 2, {"header-not-found"}),
    ("three preamble lines", b"Report\nmade today\n\nid,n\n1,2\n3,4\n", 2, {"preamble"}),
    ("space before the opening quote", b'a,b\n1, "x, y"\n2, "z"\n', 2, set()),
    ("backslash-escaped quote", b'a,b\n1,"say \\"hi\\", you"\n2,"x"\n', 2, set()),
    ("quoted newlines", b'a,b\n1,"x\ny"\n2,"z"\n', 2, set()),
    ("field of 3 MB", b"a,b\n1," + b"x" * 3_000_000 + b"\n2,y\n", 2, set()),
]


@pytest.mark.parametrize(("data", "rows", "expected"), [case[1:] for case in SMALL], ids=[case[0] for case in SMALL])
def test_a_file_that_engines_part_on_is_counted_and_what_is_wrong_is_said(
    data: bytes, rows: int, expected: set[str]
) -> None:
    found = found_in(data)
    assert (found.row_count, codes(found)) == (rows, expected)
    judged = "rejected" if "empty-file" in expected else "warning" if expected - NOTES else "ok"
    assert found.verdict == judged


@pytest.mark.parametrize("written", [b"a,b\r1,2\r3,4\r", b"a,b\r\n1,2\n3,4\r\n", b'a,b\n1, "2"\n3, "4"\n'])
def test_however_it_is_written_the_columns_are_numbers(written: bytes) -> None:
    assert [column.type for column in found_in(written).columns] == ["integer", "integer"]


Late = tuple[bytes, int, str | None]
LATE_CASES: dict[str, Callable[[int], Late]] = {
    "quoted newline": lambda rows: (b'1,"two\nlines"\n', rows + 1, None),
    "ragged": lambda rows: (b"1,a,b\n", rows + 1, "extra-cell"),
    "bad byte": lambda rows: (b"1,a\xffb\n", rows + 1, "encoding-error"),
    "other type": lambda rows: (b"K,a\n", rows + 1, "late-type-change"),
    "large number": lambda rows: (b"%d,a\n" % 2**63, rows + 1, "late-type-change"),
    "missing value": lambda rows: (b"N/A,a\n", rows + 1, None),
}


@pytest.mark.parametrize("rows", LATE)
@pytest.mark.parametrize("case", LATE_CASES)
def test_what_comes_late_is_counted_and_said_with_its_line(case: str, rows: int) -> None:
    last, count, code = LATE_CASES[case](rows)
    plain = b"".join(b"%d,name\n" % number for number in range(rows))
    found = found_in(b"id,name\n" + plain + last)
    assert (found.row_count, codes(found)) == (count, {code} if code else set())
    assert found.verdict == ("warning" if code else "ok")
    assert lines_of(found, code or "") == ([rows + 2] if code else [])
    assert found.columns[0].null_count == (case == "missing value")
