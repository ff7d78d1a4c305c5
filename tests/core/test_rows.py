"""Every record that was counted comes out again, at its place and as it was written."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given

from csvgate.core.canonical import Canonical, Style
from csvgate.core.dialect import Dialect
from csvgate.core.inspection import Inspection, inspect
from csvgate.core.notes import printable
from csvgate.core.reading import Source
from csvgate.core.rows import Row, RowReader
from tests.strategies import cut, cuts, dialects, nasty_bytes, tables, whole, write

GOLDEN = sorted((Path(__file__).parent.parent / "golden").glob("*.csv"))
READABLE = [path for path in GOLDEN if inspect(whole(path.read_bytes())).verdict != "rejected"]


def rows_of(source: Source, found: Inspection) -> list[Row]:
    """All rows; they are those that were inspected."""
    reader = RowReader(source, found)
    rows = list(reader)
    assert reader.agrees
    assert [row.number for row in rows] == list(range(1, found.row_count + 1))
    return rows


def canonical(source: Source, found: Inspection) -> list[list[str]]:
    """The same rows, as `clean` writes them."""
    pieces = Canonical(source, found, Style(ragged="keep")).pieces()
    text = "".join(piece.text for piece in pieces)
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


@given(tables(), dialects)
def test_the_cells_are_those_of_the_table(table: list[list[str]], dialect: Dialect) -> None:
    data = write(table, dialect)
    assert [row.cells for row in rows_of(whole(data), inspect(whole(data)))] == table[1:]


@given(nasty_bytes, cuts)
def test_each_row_stands_where_it_says_as_it_was_written(data: bytes, sizes: list[int]) -> None:
    found = inspect(whole(data))
    if found.verdict != "rejected":
        for row in rows_of(cut(data, sizes), found):
            assert data[row.byte_offset : row.byte_offset + len(row.written)] == row.written


@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.stem)
def test_a_nasty_file_has_the_rows_that_clean_writes(path: Path) -> None:
    source = whole(path.read_bytes())
    found = inspect(source)
    cells = [[printable(cell) for cell in row.cells] for row in rows_of(source, found)]
    assert cells == canonical(source, found)


def test_in_another_encoding_and_packed_a_row_keeps_its_own_bytes() -> None:
    lines = ["Bericht\r\n", "id;Ort\r\n", "1;Köln\r\n", "2;Düsseldorf\r\n"]
    source = whole(gzip.compress("".join(lines).encode("utf-16")))
    last = rows_of(source, inspect(source))[-1]
    assert (last.line, last.written) == (4, lines[-1].encode("utf-16-le"))


def test_bytes_that_cannot_be_decoded_keep_what_they_are() -> None:
    data = "id,名前\n1,山田太郎です\n".encode("cp932") * 40 + b"2,\x85x\n"
    source = whole(data)
    (*_, rows) = RowReader(source, inspect(source)).batches()
    assert [row.written for row in rows.pick(rows.garbled)] == [b"2,\x85x\n"]


def test_another_file_than_the_inspected_one_is_noticed() -> None:
    reader = RowReader(whole(b"a,b\n1,2\n"), inspect(whole(b"a,b\n3,4\n")))
    assert list(reader)
    assert not reader.agrees
