"""The copy command of psql has the shape that PostgreSQL wants."""

from __future__ import annotations

import bz2

import pytest

from csvgate.core.calls import call_of
from csvgate.core.inspection import inspect
from tests.strategies import whole


def copied(data: bytes, name: str = "in/orders.csv") -> str:
    """The commands for psql."""
    return call_of("copy", inspect(whole(data)), name, clean_as="clean.csv")


def test_a_plain_file_is_a_table_and_a_copy() -> None:
    """The copy is one line, as psql wants its own commands."""
    assert copied(b"id,name\n1,Anna\n2,Bob\n") == (
        'CREATE TABLE "orders" (\n    "id" bigint,\n    "name" text\n);\n'
        "\\copy \"orders\" FROM 'in/orders.csv' WITH (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', "
        "ENCODING 'UTF8')\n"
    )


def test_what_has_a_notation_of_its_own_is_converted_in_the_table() -> None:
    """PostgreSQL reads numbers with a point and dates in ISO only."""
    call = copied(b"day;amount;count\n31.12.2024;1.234,50;NA\n1.1.2025;3,5;2\n")
    assert 'ALTER COLUMN "day" TYPE date USING to_date("day", \'DD.MM.YYYY\')' in call
    assert "TYPE numeric USING replace(replace(\"amount\", '.', ''), ',', '.')::numeric" in call
    assert 'TYPE bigint USING pg_temp.present("count")::bigint' in call
    assert call.index("CREATE FUNCTION pg_temp.present") < call.index("ALTER TABLE")


def test_what_is_finer_than_a_microsecond_stays_text() -> None:
    """With a zone or without one: PostgreSQL would round it."""
    call = copied(b"id,at,there\n1,2024-01-31T10:00:00.123456789,2024-01-31T10:00:00.123456789Z\n")
    assert '"at" text,\n    "there" text\n' in call


def test_names_of_months_and_halves_of_a_day_are_told_to_the_server() -> None:
    call = copied(
        b'day,at,when\n31-Jan-2024,3:04 PM,"May 5, 2024 12:00:01 AM"\n1-Feb-2024,4:05 AM,"June 6, 2024 1:00:00 PM"\n'
    )
    assert "to_date(\"day\", 'DD-Mon-YYYY')" in call
    assert "TYPE time USING to_timestamp(\"at\", 'HH12:MI AM')::time" in call
    assert "to_timestamp(\"when\", 'Month DD, YYYY HH12:MI:SS AM')::timestamp" in call


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("id,ort\n1,Köln\n2,Düsseldorf\n".encode("windows-1252"), "ENCODING 'WIN1252'"),
        ("id,ort\n1,Köln\n".encode("utf-16"), "FROM PROGRAM 'iconv -f UTF-16LE -t UTF-8 < in/orders.csv'"),
        (bz2.compress(b"a,b\n1,2\n"), "FROM PROGRAM 'bzip2 -dc in/orders.csv'"),
        (b"sep=;\na;b\n1;2\n", "FROM PROGRAM 'tail -n +2 < in/orders.csv'"),
        (b"\xef\xbb\xbf1,2.5\n2,3.5\n", "FROM PROGRAM 'tail -c +4 < in/orders.csv'"),
        (b"a,b\n1,x\0y\n", "FROM PROGRAM 'tr -d ''\\000'' < in/orders.csv'"),
        (b"a\x1fb\n1\x1f2\n", "DELIMITER E'\\x1f'"),
        (b'a,b\n,""\n1,2\n', 'FORCE_NULL ("a", "b")'),
    ],
)
def test_what_the_server_cannot_do_is_done_on_the_way(data: bytes, expected: str) -> None:
    """Other encodings, compression, lines before the header, NULs; quoted empty values are missing ones."""
    assert expected in copied(data)


@pytest.mark.parametrize("data", [b"a,b\n1,2\n\n3,4\n", b"a,b\r\n1,2\n3,4\r\n", b"a,b\n1,2\n# half\n3,4\n"])
def test_what_copy_refuses_is_cleaned_first(data: bytes) -> None:
    """Blank lines, several line ends, comments."""
    assert "-- first: csvgate clean in/orders.csv -o clean.csv" in copied(data)
