"""The dialect of a head."""

from __future__ import annotations

import io
import time
from dataclasses import replace

import pytest
from hypothesis import given

from csvgate.core.dialect import Dialect
from csvgate.core.structure.scan import Scanner
from csvgate.core.structure.sniff import Sniffed, sniff
from csvgate.core.text.encoding import Encoding
from tests.strategies import all_dialects, tables, write

UTF8 = Encoding(name="utf-8")


def sniffed(text: str, *, whole: bool = True) -> Sniffed:
    return sniff(text.encode(), UTF8, whole=whole)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", "\x1f"])
def test_each_delimiter_is_found(delimiter: str) -> None:
    rows = [["id", "name", "score"], ["1", "Anna", "2.5"], ["2", "Bob", "3.5"]]
    assert sniffed("".join(delimiter.join(row) + "\n" for row in rows)).dialect.delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n", ";"),
        ("a,b\n1,2\n3\n4,5,6\n", ","),
        ("name,quote\nAnna,to be; or not\nBob,or; else\n", ","),
        ("id|tags\n1|a,b,c\n2|d,e,f\n", "|"),
        ("day,time\n2024-01-01,10:00:00\n2024-01-02,11:00:00\n", ","),
        ('name,address\nAnna,"1 Main St, Ulm"\nBob,"2 Side St, Bonn"\n', ","),
        ("full name\nJohn Smith\nJane Doe\n", ","),
        ("12:30:00\n13:30:00\n14:30:00\n", ","),
        ("unit,count\nm;,10\nm;,20\nm;,30\n", ","),
    ],
)
def test_the_delimiter_among_rivals(text: str, delimiter: str) -> None:
    assert sniffed(text).dialect.delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("id||name\n1||a\n2||b|c\n", "||"),
        ("1::1193::5::978300760\n1::661::3::978302109\n", "::"),
        ('id, name\n1, "a, b"\n2, c\n', ", "),
        ('id,name\n1, "a, b"\n2, c\n', ","),
        ("id, name\n1, a\n2, b\n", ","),
        ("id|name|\n1||2\n3|x|\n", "|"),
        ("address\nfe80::1\nfe80::2\n", ","),
    ],
)
def test_a_delimiter_of_two_characters_is_found_only_where_all_speaks_for_it(text: str, delimiter: str) -> None:
    assert sniffed(text).dialect.delimiter == delimiter


@given(tables(), all_dialects)
def test_cells_are_read_back_as_they_were_written(table: list[list[str]], dialect: Dialect) -> None:
    if dialect.escape_char:  # without an escaped quote, a backslash may as well stand for itself
        table = [[cell.replace("\\", "") for cell in row] for row in table]
    data = write(table, replace(dialect, encoding="utf-8"))
    found = sniff(data, UTF8, whole=True)
    batches = Scanner(io.BytesIO(data), found.dialect, UTF8, width=found.width).batches()
    assert [row for batch in batches for row in batch.rows] == table


def test_rivals_are_named_with_their_score() -> None:
    found = sniffed("a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n")
    assert [rival for rival, _ in found.rivals] == [","]
    assert found.confidence < 1.0


def test_a_quote_is_expected_even_where_the_head_has_none() -> None:
    assert sniffed("a,b\n1,2\n").dialect.quote_char == '"'


def test_apostrophes_in_words_are_no_quotes() -> None:
    assert sniffed("id,name\n1,O'Neil\n2,D'Arcy\n").dialect.quote_char == '"'


def test_lines_before_the_header_are_skipped_and_counted() -> None:
    found = sniffed("Report\nby hand\n\nid,amount\n1,10\n2,20\n")
    assert (found.dialect.skip_rows, found.start, found.width) == (3, 16, 2)


def test_a_hint_for_spreadsheets_is_obeyed() -> None:
    found = sniffed("sep=;\na;b,c\n1;2,5\n")
    assert (found.dialect.delimiter, found.is_hinted, found.start, found.dialect.skip_rows) == (";", True, 6, 1)


def test_a_record_that_the_head_cuts_is_left_out() -> None:
    found = sniffed('a,b\n1,"x\n' + "y,z,w\n" * 20_000, whole=False)
    assert (found.dialect.delimiter, found.width) == (",", 2)


@pytest.mark.parametrize(
    "text", ['","' * 21_000, '"' * 65_536, ",;\t|" * 16_000, "a:b c\n" * 10_000, "'," * 30_000, ', "\\"\'||' * 7_000]
)
def test_hostile_heads_are_sniffed_in_a_moment(text: str) -> None:
    """csv.Sniffer takes more than 20 seconds for the first of them; a second is far more than any needs here."""
    started = time.perf_counter()
    sniffed(text)
    assert time.perf_counter() - started < 5


def test_lines_of_which_none_behind_the_first_has_the_width_are_read() -> None:
    assert sniffed('":\r::1').width >= 1
