"""What is put aside are the sender's own bytes, each row behind its reasons, and what was left out is counted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given

from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.judging import Judging
from csvgate.core.contracts.quarantine import USUAL_BOUNDS, AsSent, Bounds, ForSpreadsheets, Quarantine, guarded
from csvgate.core.contracts.schema import Field, Schema
from csvgate.core.inspection import inspect
from tests.strategies import nasty_bytes, whole

SCHEMA = Schema(fields=(Field(name="id", type="integer"), Field(name="name")))
FILE = b'id,name\n1,Anna\nx,"Bob, jr"\n3\ny,=1+1'


def put_aside(
    data: bytes, schema: Schema = SCHEMA, *, safe: bool = False, bounds: Bounds = USUAL_BOUNDS
) -> tuple[bytes, Quarantine]:
    """The quarantine file of a file, and its counts."""
    found = inspect(whole(data))
    quarantine = Quarantine(ForSpreadsheets() if safe else AsSent(found), bounds)
    judging = Judging(whole(data), found, Contract(schema=schema))
    rows = [quarantine.rows(piece) for piece in judging.pieces()]
    return b"".join([quarantine.header(found.column_names), *rows]), quarantine


def test_the_rows_are_the_senders_own_bytes_behind_their_reasons() -> None:
    written, quarantine = put_aside(FILE)
    assert written == (
        b"csvgate_line,csvgate_code,csvgate_column,csvgate_reason,id,name\n"
        b'3,type-error,id,\xe2\x80\x9cx\xe2\x80\x9d is no integer,x,"Bob, jr"\n'
        b'4,missing-cell,,"1 cell, the header has 2",3\n'
        b"5,type-error,id,\xe2\x80\x9cy\xe2\x80\x9d is no integer,y,=1+1\n"
    )
    assert (quarantine.written, quarantine.left_out) == (3, 0)


def test_it_is_written_as_the_file_is() -> None:
    data = "id;name\r\nx;Jürgen\r\n1;Anna\r\n".encode("utf-16")
    written, _ = put_aside(data)
    assert written.decode("utf-16").splitlines()[1] == "2;type-error;id;“x” is no integer;x;Jürgen"
    assert data[20:40] in written


def test_a_spreadsheet_runs_nothing_and_sees_the_encoding() -> None:
    written, _ = put_aside(FILE, safe=True)
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert rows[-1] == ["5", "type-error", "id", "“y” is no integer", "y", "'=1+1"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_was_written_as_sent_becomes_what_a_spreadsheet_runs_nothing_of(encoding: str) -> None:
    """Whatever stood above its header."""
    table = 'id;näme;day\n1;Anna;2024-01-01\n2;Bob;2024-01-02\nx;"=a;\nb";2024-01-03\n4;@b;2024-01-04\n'
    data = f"Orders of May\n\n{table}".encode(encoding)
    as_sent, for_spreadsheets = (put_aside(data, safe=safe)[0] for safe in (False, True))
    assert b"".join(guarded(as_sent, inspect(whole(data)))) == for_spreadsheets
    assert for_spreadsheets.decode("utf-8-sig").splitlines()[1].endswith(",x,\"'=a;")


@pytest.mark.parametrize("bounds", [Bounds(rows=2), Bounds(size=120)])
def test_what_is_left_out_is_counted(bounds: Bounds) -> None:
    written, quarantine = put_aside(FILE + b"\nz,z\n", bounds=bounds)
    assert (quarantine.written, quarantine.left_out) == (2, 2)
    assert len(written.splitlines()) == 3


@given(nasty_bytes)
def test_every_bad_row_stands_in_it_byte_for_byte(data: bytes) -> None:
    found = inspect(whole(data))
    if found.verdict == "rejected":
        return
    schema = Schema(fields=tuple(Field(name=name, type="integer") for name in found.column_names))
    written, quarantine = put_aside(data, schema)
    judging = Judging(whole(data), found, Contract(schema=schema))
    bad = [row for piece in judging.pieces() for row in piece.rows.pick(sorted(piece.violations))]
    assert quarantine.written == len(bad)
    at = 0
    for row in bad:
        at = written.index(row.written, at) + len(row.written)


def test_a_file_that_is_transcoded_is_read_once_more_for_its_own_bytes_and_not_for_each_row() -> None:
    data = ("id,name\n" + "".join(f"x,{'ä' * 9000}{number}\n" for number in range(300))).encode("utf-16")
    found, opened = inspect(whole(data)), []

    def source() -> Iterator[bytes]:
        opened.append(1)
        yield from (data[at : at + 65536] for at in range(0, len(data), 65536))

    judging, quarantine = Judging(source, found, Contract(schema=SCHEMA)), Quarantine(AsSent(found))
    pieces = [quarantine.rows(piece) for piece in judging.pieces()]
    assert (quarantine.written, len(opened)) == (300, 2)
    assert len(pieces) > 2
    assert judging.judgement().breaches[0].count == 300
