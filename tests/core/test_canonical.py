"""What was understood is written, what was not is set apart, and both together are the file."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from csvgate.core.canonical import BOM, Canonical, Piece, Style, is_formula
from csvgate.core.dialect import Dialect
from csvgate.core.inspection import inspect
from tests.strategies import cut, cuts, dialects, nasty_bytes, tables, whole, write

GOLDEN = sorted((Path(__file__).parent.parent / "golden").glob("*.csv"))
READABLE = [path for path in GOLDEN if inspect(whole(path.read_bytes())).verdict != "rejected"]
RAGGED = b"id,name\n1,Anna\n2\n3,Bob,x\n"


def cleaned(data: bytes, **style: object) -> Piece:
    """The canonical form of a file, in one piece."""
    source = whole(data)
    canonical = Canonical(source, inspect(source), replace(Style(), **style))  # type: ignore[arg-type]
    pieces = list(canonical.pieces())
    assert canonical.agrees
    names = ("written", "rejected", "footer", "padded", "guarded")
    counts = {name: sum(getattr(piece, name) for piece in pieces) for name in names}
    return Piece(
        text="".join(piece.text for piece in pieces), rejects="".join(piece.rejects for piece in pieces), **counts
    )


def rows_of(text: str) -> list[list[str]]:
    """The rows as the standard reader has them."""
    return list(csv.reader(io.StringIO(text, newline="")))


@given(tables(), dialects)
def test_what_was_written_in_any_dialect_is_the_same_table(table: list[list[str]], dialect: Dialect) -> None:
    assert rows_of(cleaned(write(table, dialect)).text) == table


@given(tables(), dialects)
def test_what_is_canonical_stays_as_it_is(table: list[list[str]], dialect: Dialect) -> None:
    once = cleaned(write(table, dialect)).text
    assert cleaned(once.encode()).text == once


def test_a_last_value_that_looks_like_the_end_of_a_text_is_quoted() -> None:
    """Ctrl-Z, with which old systems end one."""
    assert cleaned(b'a,b\n1,"x,\x1a"\n2,"\x1a"\n').text == 'a,b\n1,"x,\x1a"\n2,"\x1a"\n'


@pytest.mark.parametrize("text", ['"\ufeffid",name\n1,x\n', '"sep=",name\n1,x\n', '"Sep=;"\n1\n'])
def test_a_first_name_that_looks_like_the_beginning_of_a_text_is_quoted(text: str) -> None:
    """A second byte order mark, or what Excel takes for an instruction."""
    assert cleaned(text.encode()).text == text


@given(nasty_bytes)
def test_every_record_is_written_or_set_apart(data: bytes) -> None:
    found = inspect(whole(data))
    if found.verdict != "rejected":
        piece = cleaned(data)
        assert piece.written + piece.rejected == found.row_count
        assert len(rows_of(piece.text)) == piece.written + 1
        assert len(rows_of(piece.rejects)) == piece.rejected + piece.footer + 1


@given(nasty_bytes, cuts)
def test_how_the_bytes_are_cut_never_shows(data: bytes, sizes: list[int]) -> None:
    found = inspect(whole(data))
    if found.verdict != "rejected":
        pieces = Canonical(cut(data, sizes), found, Style()).pieces()
        assert "".join(piece.text for piece in pieces) == cleaned(data).text


@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.stem)
def test_the_canonical_form_of_a_nasty_file_is_a_clean_file(path: Path) -> None:
    piece = cleaned(path.read_bytes())
    names, *rows = rows_of(piece.text)
    assert {len(row) for row in rows} <= {len(names)}
    assert len(rows) == piece.written


def test_a_reject_is_the_line_of_the_sender_with_its_reason() -> None:
    piece = cleaned(RAGGED)
    assert rows_of(piece.text) == [["id", "name"], ["1", "Anna"]]
    assert rows_of(piece.rejects)[1:] == [
        ["3", "missing-cell", "1 cell, the header has 2", "2"],
        ["4", "extra-cell", "3 cells, the header has 2", "3,Bob,x"],
    ]


def test_short_records_are_padded_on_request_and_long_ones_never_cut() -> None:
    piece = cleaned(RAGGED, ragged="pad")
    assert rows_of(piece.text) == [["id", "name"], ["1", "Anna"], ["2", ""]]
    assert (piece.padded, piece.rejected) == (1, 1)


def test_ragged_records_are_kept_on_request() -> None:
    assert cleaned(RAGGED, ragged="keep").text == RAGGED.decode()


def test_a_packed_file_in_another_encoding_becomes_plain_utf8() -> None:
    piece = cleaned(gzip.compress("id;Ort\r\n1;Köln\r\n2;Düsseldorf\r\n".encode("utf-16")))
    assert piece.text == "id,Ort\n1,Köln\n2,Düsseldorf\n"


def test_lines_end_as_people_expect_and_those_inside_of_cells_stay() -> None:
    assert cleaned(b'id,text\n1,"a\nb"\n', line_end="\r\n").text == 'id,text\r\n1,"a\nb"\r\n'


def test_columns_without_a_header_get_their_names_written() -> None:
    assert cleaned(b"1,2.5\n2,3.5\n").text == "column_1,column_2\n1,2.5\n2,3.5\n"


def test_an_empty_value_of_the_only_column_is_still_a_record() -> None:
    assert rows_of(cleaned(b"id\n1\n\n3\n").text) == [["id"], ["1"], [""], ["3"]]


def test_a_spreadsheet_runs_nothing_and_sees_the_encoding() -> None:
    piece = cleaned(b"id,=note\n1,=1+1\n-2,@x\n+3.5,a=b\n", excel_safe=True)
    assert piece.text == BOM + "id,'=note\n1,'=1+1\n-2,'@x\n+3.5,a=b\n"
    assert piece.guarded == 3


@pytest.mark.parametrize("cell", ["=1+1", "+1+cmd", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "-", "-x"])
def test_formulas_are_known(cell: str) -> None:
    assert is_formula(cell)


@pytest.mark.parametrize("cell", ["", "1", "-5", "+49 123", "-1,234.50", "-1e-5", "+5%", "a=b", " text"])
def test_what_is_no_formula_stays(cell: str) -> None:
    assert not is_formula(cell)


def test_another_file_than_the_inspected_one_is_noticed() -> None:
    canonical = Canonical(whole(b"a,b\n1,2\n"), inspect(whole(b"a,b\n3,4\n")), Style())
    assert list(canonical.pieces())
    assert not canonical.agrees
