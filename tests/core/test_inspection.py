"""What must hold for the inspection of any bytes."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from csvgate.core import inspection as subject
from csvgate.core.dialect import Dialect
from csvgate.core.gravity import gravity
from csvgate.core.inspection import Inspection, inspect
from tests.core.text.test_unzip import zipped
from tests.strategies import all_dialects, cut, cuts, nasty_bytes, tables, whole, write


def accounted(inspection: Inspection) -> int:
    """The bytes that the ledger's parts account for."""
    parts = inspection.bytes.to_json()
    return sum(count for name, count in parts.items() if name not in ("total", "complete"))


@given(nasty_bytes | st.binary(max_size=300))
@example(b"")
@example(b"\xef\xbb\xbf")
@example(b"\x1f\x8b\x08")
@example(b"\xff\xfea\0,\0b\0\n\0x")
def test_every_byte_is_accounted_for(data: bytes) -> None:
    found = inspect(whole(data))
    assert accounted(found) == found.bytes.total
    assert found.file_size_bytes == len(data)
    assert found.compression or found.bytes.total == len(data)


@given(nasty_bytes, cuts)
def test_how_the_bytes_are_cut_never_shows(data: bytes, sizes: list[int]) -> None:
    assert inspect(cut(data, sizes)).to_json() == inspect(whole(data)).to_json()


@given(nasty_bytes)
@example(b'""\n",1\n\\"\'\n"')
def test_the_json_of_any_bytes_is_valid_utf8(data: bytes) -> None:
    json.dumps(inspect(whole(data)).to_json(), ensure_ascii=False, allow_nan=False).encode()


@given(tables(), all_dialects)
def test_what_was_written_is_read_back(table: list[list[str]], dialect: Dialect) -> None:
    if dialect.escape_char:  # without an escaped quote, a backslash may as well stand for itself
        table = [[cell.replace("\\", "") for cell in row] for row in table]
    found = inspect(whole(write(table, dialect)))
    assert list(found.column_names) == table[0]
    assert found.row_count == len(table) - 1
    assert found.dialect.delimiter == dialect.delimiter
    assert found.dialect.quote_char == dialect.quote_char
    assert found.dialect.skip_initial_space is dialect.skip_initial_space
    assert not {"missing-cell", "extra-cell", "unclosed-quote", "stray-quote"} & {f.code for f in found.findings}


@given(nasty_bytes)
def test_a_compressed_file_is_the_same_file(data: bytes) -> None:
    plain, packed = inspect(whole(data)).to_json(), inspect(whole(gzip.compress(data))).to_json()
    assume(plain["compression"] is None)
    different = {name for name in plain if plain[name] != packed[name]}
    assert different <= {"file_size_bytes", "sha256", "compression", "bytes"}
    assert plain["bytes"]["total"] == packed["bytes"]["total"]


@pytest.mark.parametrize("first", [b"id,name\n" + b"1,somebody\n" * 200_000, b"<html>" + b"<p>\n" * 400_000])
def test_an_archive_of_which_the_second_file_comes_late_is_refused_as_a_whole(first: bytes) -> None:
    found = inspect(cut(zipped(("first", first), ("b.csv", b"id\n1\n")), [65_536]))
    assert (found.verdict, found.row_count, accounted(found)) == ("rejected", 0, found.bytes.total)
    assert "several files" in found.findings[0].message


def test_a_file_longer_than_the_head_is_read_once() -> None:
    data = b"id,name\n" + b"".join(b"%d,somebody or other\n" % number for number in range(80_000))
    found = inspect(cut(data, [65_536]))
    assert (found.row_count, found.reads, found.verdict) == (80_000, 1, "ok")


def test_an_encoding_that_only_the_end_betrays_costs_a_second_read() -> None:
    plain = b"".join(b"%d,somebody or other\n" % number for number in range(80_000))
    data = b"id,name\n" + plain + "80000,Müller-Lüdenscheidt\n".encode("windows-1252")
    found = inspect(cut(data, [65_536]))
    assert (found.dialect.encoding, found.reads, found.row_count) == ("windows-1252", 2, 80_001)
    assert found.columns[1].max_length == len("Müller-Lüdenscheidt")


def test_one_bad_byte_in_the_last_megabyte_is_found_with_its_place() -> None:
    plain = b"id,name\n" + b"".join(b"%d,somebody or other\n" % number for number in range(80_000))
    found = inspect(cut(plain + b"80000,a\xffb\n", [65_536]))
    finding = next(finding for finding in found.findings if finding.code == "encoding-error")
    place = finding.first[0]
    assert (finding.count, place.record, place.line, place.byte_offset) == (1, 80_001, 80_002, len(plain) + 7)


def test_a_bad_byte_among_so_many_comments_that_no_record_is_near_is_found() -> None:
    comments = b"# one more of them\n" * 80_000
    found = inspect(whole(b"a,b\n1,2\n" + comments + b"#\xff\n" + comments + b"3,4\n"))
    assert (found.row_count, found.findings[0].code, found.findings[0].first[0].line) == (2, "encoding-error", 80_003)


def test_a_gzip_bomb_is_rejected_before_it_is_unpacked() -> None:
    bomb = gzip.compress(b"0,0\n" * 2_000_000 + b"\n" * 200_000_000, compresslevel=9)
    found = inspect(whole(bomb))
    assert found.verdict == "rejected"
    assert [finding.code for finding in found.findings][:1] == ["compression-bomb"]
    assert not found.bytes.complete
    assert found.file_size_bytes == len(bomb)


def test_a_record_that_cannot_be_held_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("csvgate.core.structure.scan.MAX_RECORD", 3_000_000)
    data = b"a,b\n1,2\n" + b"x" * 9_000_000
    found = inspect(whole(data))
    assert found.verdict == "rejected"
    assert found.row_count == 1
    assert accounted(found) == len(data)
    assert found.bytes.rejected == 9_000_000


def test_more_columns_than_any_table_has_are_rejected() -> None:
    data = b"," * 300_000 + b"\n1\n"
    found = inspect(whole(data))
    assert (found.verdict, found.column_count, found.column_names) == ("rejected", 0, ())
    assert accounted(found) == len(data)


def test_a_record_of_too_many_cells_ends_the_reading_behind_good_ones() -> None:
    data = b"a,b\n1,2\n3,4\n" + b"," * 300_000 + b"\n5,6\n"
    found = inspect(whole(data))
    assert (found.verdict, found.row_count, found.bytes.rejected) == ("rejected", 2, 300_005)
    assert [finding.message for finding in found.findings if finding.code == "not-csv"] == [
        "line 4: a record of more than 250,000 cells is in no table"
    ]
    assert accounted(found) == len(data)


def test_commas_in_quotes_are_no_cells() -> None:
    data = b'a,b\n1,"' + b"x," * 400_000 + b'"\n'
    assert (inspect(whole(data)).verdict, inspect(whole(data)).row_count) == ("ok", 1)


@pytest.mark.parametrize(
    "data", [b'a,b\n1,"' + b"x" * 34_000_000 + b'"\n', b'","' * 12_000_000], ids=["field", "record"]
)
def test_what_is_longer_than_can_be_held_is_rejected(data: bytes) -> None:
    assert inspect(whole(data)).verdict == "rejected"


def test_a_line_with_the_comment_mark_that_has_the_table_s_width_is_a_record() -> None:
    rows = b"".join(b"%d,abc\n" % number for number in range(400))
    found = inspect(whole(b"# exported\nid,tag\n" + rows + b"#foo,5\n#bar\n1,2\n"))
    assert found.row_count == 402
    finding = next(finding for finding in found.findings if finding.code == "comment-line")
    assert (finding.severity, finding.count, [place.line for place in finding.first]) == ("warning", 2, [1, 404])


def test_the_public_names_of_the_module_are_there() -> None:
    assert all(hasattr(subject, name) for name in subject.__all__)


@pytest.mark.parametrize(("end", "codes"), [(b"4,5", ["missing-cell", "truncated"]), (b"4,5\n", ["missing-cell"])])
def test_a_last_line_that_breaks_off_is_told_as_what_it_is(end: bytes, codes: list[str]) -> None:
    """What stands before it can be used: the file is not rejected."""
    found = inspect(whole(b"a,b,c\n1,2,3\n" + end))
    assert ([finding.code for finding in found.findings], found.verdict) == (codes, "warning")


def test_of_a_file_that_is_cut_off_the_reason_is_that_and_not_its_last_record() -> None:
    rows = b"".join(b"%d,b,c\n" % number for number in range(9_000))
    found = inspect(whole(gzip.compress(b"a,b,c\n" + rows, mtime=0)[:-5_000]))
    worst = min(found.findings, key=lambda finding: gravity(finding.code, finding.severity))
    assert (worst.code, worst.count, found.verdict) == ("truncated", 1, "rejected")
