"""The scanner: every record with its place, whatever the quotes do."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest
from hypothesis import given

from csvgate.core.dialect import Dialect
from csvgate.core.structure import scan
from csvgate.core.structure.batch import Batch
from csvgate.core.structure.scan import Scanner
from csvgate.core.text.encoding import Encoding
from tests.strategies import tables, write

UTF8 = Encoding(name="utf-8")


def batches(data: bytes, *, width: int = 2, dialect: Dialect | None = None) -> list[Batch]:
    return list(Scanner(io.BytesIO(data), dialect or Dialect(), UTF8, width=width).batches())


def rows(data: bytes, *, width: int = 2, dialect: Dialect | None = None) -> list[list[str]]:
    return [row for batch in batches(data, width=width, dialect=dialect) for row in batch.rows]


def places(data: bytes) -> list[tuple[int, int]]:
    """Line and byte offset of each record."""
    return [
        (batch.line_at(batch.extent(row)[0]), batch.offset_at(batch.extent(row)[0]))
        for batch in batches(data)
        for row in range(len(batch.rows))
    ]


@given(tables())
def test_well_formed_records_are_read_as_python_reads_them(table: list[list[str]]) -> None:
    data = write(table, Dialect())
    assert rows(data) == list(csv.reader(io.StringIO(data.decode(), newline="")))


def test_each_record_has_its_line_and_byte_offset() -> None:
    data = b'a,b\r\n1,"x\ny"\n\n2,z\n3,"bad"x\n4,w'
    assert places(data) == [(1, 0), (2, 5), (5, 14), (6, 18), (7, 27)]


@pytest.mark.parametrize("data", [b"a\r\r\n1\r\r\n\r\r\n2\r\r\n", b'a\r\r\n"1"\r\r\n\r\r\n2'])
def test_cr_cr_lf_is_one_line_end(data: bytes) -> None:
    assert rows(data, width=1) == [["a"], ["1"], [""], ["2"]]
    assert [line for line, _ in places(data)] == [1, 2, 4]
    assert sum((batch.terminators() for batch in batches(data)), Counter()).keys() == {"\r\r\n"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b'1,"a""b"\n', ["1", 'a"b']),
        (b'1,a"b\n', ["1", 'a"b']),
        (b'1,"a"b\n', ["1", '"a"b']),
        (b'1,"a "b" c"\n', ["1", 'a "b" c']),
        (b'1,"5" disc, blue"\n', ["1", '5" disc, blue']),
        (b'1,""\n', ["1", ""]),
        (b'1,""""\n', ["1", '"']),
        (b'1,"\n', ["1", '"']),
    ],
)
def test_quotes_in_one_line(written: bytes, read: list[str]) -> None:
    assert rows(written) == [read]


def test_a_quote_that_never_closes_swallows_nothing() -> None:
    (batch,) = batches(b'1,a\n2,"b\n3,c\n4,d\n')
    assert [row[0] for row in batch.rows] == ["1", "2", "3", "4"]
    (fault,) = batch.faults
    assert (fault.code, fault.row, fault.column, fault.swallowed, batch.line_at(fault.at)) == (
        "unclosed-quote",
        1,
        1,
        2,
        2,
    )


def test_a_quote_closed_by_the_next_opening_one_swallows_nothing() -> None:
    assert rows(b'1,"a\n2,b\n3,"c"\n') == [["1", '"a'], ["2", "b"], ["3", "c"]]


@pytest.mark.parametrize("window", [1, 2, 3, 7, 64])
def test_the_size_of_the_window_never_shows(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b'a,b\r\n1,"x\r\ny ""q"" z"\r\n\r\n3,4\r5,"bad"x\n"p\nq "r" s",t\n6,"open\n7,8\n"9",10'
    expected = rows(data)
    monkeypatch.setattr(scan, "WINDOW", window)
    assert rows(data) == expected


def test_a_blank_line_is_a_value_only_in_a_file_of_one_column_and_between_records() -> None:
    data = b"v\n1\n\n2\n\n\n"
    assert rows(data, width=1) == [["v"], ["1"], [""], ["2"]]
    assert rows(data, width=2) == [["v"], ["1"], ["2"]]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_batch_ends_behind_so_many_lines_however_short_they_are(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "MOST_LINES", 4)
    found = batches(f"1{end}".encode() * 9 + f"{'2' * 9}{end}".encode(), width=1)
    assert [row for batch in found for row in batch.rows] == [["1"]] * 9 + [["2" * 9]]
    assert max(len(batch.rows) for batch in found) <= scan.MOST_LINES + 1


@pytest.mark.parametrize(("window", "lines"), [(1, 1), (3, 2), (5, 100), (100, 3), (100, 100)])
@pytest.mark.parametrize(("blank", "values"), [(4, 0), (5, 5), (40, 40)])
def test_many_blank_lines_at_the_end_of_one_column_are_values_in_windows_of_any_size(
    window: int, lines: int, blank: int, values: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("WINDOW", window), ("MOST_LINES", lines), ("MAX_BLANK_TAIL", 4)):
        monkeypatch.setattr(scan, name, value)
    assert rows(b"1\n2\n" + b"\n" * blank, width=1) == [["1"], ["2"], *[[""]] * values]


def test_comments_are_no_records() -> None:
    dialect = Dialect(comment_prefix="#")
    assert rows(b'# "a\n1,2\n#\n3,4\n#end', dialect=dialect) == [["1", "2"], ["3", "4"]]


def test_line_ends_inside_quotes_are_not_counted_as_line_ends() -> None:
    (batch,) = batches(b'1,"a\nb"\r\n2,c\r\n')
    assert batch.terminators() == {"\r\n": 2}


def test_a_stray_quote_hides_no_line_end() -> None:
    (batch,) = batches(b'1,a"\r\n2,b"\n"c\rd",3\n')
    assert batch.terminators() == {"\r\n": 1, "\n": 2}


def test_a_backslash_may_escape_a_quote() -> None:
    dialect = Dialect(double_quote=False, escape_char="\\")
    assert rows(b'1,"a \\"b\\" \\\\"\n2,c\n', dialect=dialect) == [["1", 'a "b" \\'], ["2", "c"]]


def test_a_backslash_is_itself_before_anything_but_a_quote_or_a_backslash() -> None:
    dialect = Dialect(double_quote=False, escape_char="\\")
    assert rows(b'C:\\dir\\,"a\\n\\\\"\n', dialect=dialect) == [["C:\\dir\\", "a\\n\\"]]


def test_blanks_before_a_cell_may_be_skipped() -> None:
    dialect = Dialect(skip_initial_space=True)
    assert rows(b'1,  "a, ""b"""\n 2, c \n3, "d"x\n', dialect=dialect) == [["1", 'a, "b"'], ["2", "c "], ["3", '"d"x']]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b'"He said\nthe "best" way",5\n', [['He said\nthe "best" way', "5"]]),
        (b'1,"He said\nthe "best" way"\n', [["1", '"He said'], ['the "best" way"']]),
        (b'"a\nb "c" d\n2,e\n3,"f"\n', [['"a'], ['b "c" d'], ["2", "e"], ["3", "f"]]),
        (b'"a\n2,b\n3,"c" d",4\n', [['"a'], ["2", "b"], ["3", 'c" d', "4"]]),
    ],
)
def test_a_quote_inside_a_value_of_several_lines_is_read_as_the_width_of_the_table_says(
    written: bytes, read: list[list[str]]
) -> None:
    assert rows(written) == read


@pytest.mark.parametrize("window", [1, 2, 8, 9, scan.WINDOW])
def test_rows_behind_blank_lines_are_known(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "WINDOW", window)
    found = batches(b"a,b\n\n\n1,2\n3,4\n\n5,6\n")
    assert {batch.first_row + row for batch in found for row in batch.breaks if row < len(batch.rows)} == {1, 3}


def test_a_delimiter_may_have_two_characters() -> None:
    assert rows(b'1||"a||b"||c|d\n', dialect=Dialect(delimiter="||")) == [["1", "a||b", "c|d"]]


def test_lines_inside_quotes_that_look_like_records_stay_inside() -> None:
    """The file that DuckDB's parallel reader gets wrong, in small (see the engines' differential tests)."""
    text = 'line one, with ""q"" and more text\n'
    data = b"a,b\n" + "".join(f'{i},"{text * (1 + i % 40)}"\n' for i in range(400)).encode()
    assert len(rows(data)) == 401


def test_hostile_quotes_take_linear_time() -> None:
    """Each would take minutes if a quote were ever looked for twice from the same place."""
    quotes = (b'"' * 300_001, b',"x\n' * 60_000, b'"\n' + b'""\n' * 60_000, b'"a"b,' * 60_000, b'"","' * 60_000)
    lines = (b'"x\n"y' * 60_000, (b'"x\n"y' * 1_000 + b',"z",' + b"," * 4_000) * 10, b'"\n"a\n' * 60_000)
    for data in (*quotes, *lines):
        assert batches(data)


@pytest.mark.parametrize(
    ("data", "dialect"),
    [
        (b'a||"b"\n1||"x||y"', Dialect(delimiter="||")),
        (b'a,"b"\n1,"x\\"y\n"', Dialect(double_quote=False, escape_char="\\")),
    ],
    ids=["two-characters", "escape"],
)
def test_a_last_record_without_a_line_end_is_whole_in_every_dialect(data: bytes, dialect: Dialect) -> None:
    (batch,) = batches(data, dialect=dialect)
    assert [len(row) for row in batch.rows] == [2, 2]
    assert batch.extent(1)[1] == len(data)
