"""What grows out of all proportion, and is a table all the same."""

from __future__ import annotations

import pytest

from csvgate.core.dialect import Dialect
from csvgate.core.text.growth import NO_TABLE_LIMIT, Growth, TableText

TABLES = {
    "plain": (Dialect(), b"1,2,3\n"),
    "CRLF": (Dialect(line_terminators=("\r\n",)), b"1,2,3\r\n"),
    "quoted": (Dialect(), b'"a ""b""","c",""\n'),
    "quoted commas and line ends": (Dialect(), b'1,"a, b\n\nc, d","x,"\n'),
    "semicolons and apostrophes": (Dialect(delimiter=";", quote_char="'"), b"'a';2;'c'\n"),
    "two characters": (Dialect(delimiter="||"), b"a||b||c\n"),
    "letters beyond ASCII": (Dialect(), "é,ü,1\n".encode()),
    "a code page": (Dialect(encoding="windows-1252"), b"\xe9,\xfc,1\n"),
    "UTF-16": (Dialect(encoding="utf-16-le"), "1,2,3\n".encode("utf-16-le")),
}
NO_TABLES = {
    "blank lines": b"\n",
    "blank lines between": b"1,2,3\n\n",
    "ragged": b"1,2,3\n1,2\n",
    "one long line": b"x",
    "commas": b",",
    "stray quotes": b'"a"b,c,d\n',
    "NULs": b"1,\0,3\n",
    "mixed line ends": b"1,2,3\n1,2,3\r\n",
    "bytes that are no UTF-8": b"1,\xff,3\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_known_wherever_it_is_cut(name: str) -> None:
    dialect, record = TABLES[name]
    unit = 2 if dialect.encoding.startswith("utf-16") else 1
    text = TableText(dialect, 3)
    assert all(text.holds((record * 1000)[at : at + 3000]) for at in range(0, len(record), unit))


@pytest.mark.parametrize("name", NO_TABLES)
def test_what_is_no_table_is_known(name: str) -> None:
    assert not TableText(Dialect(), 3).holds(NO_TABLES[name] * 1000)


def test_a_table_of_zeros_is_no_bomb_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("csvgate.core.text.growth.LIMIT", 2 * NO_TABLE_LIMIT)
    growth = Growth()
    growth.expect(Dialect(), 3)
    piece = b"0,0,0\n" * 100_000
    assert not any(growth.is_out_of_hand(piece, 1) for _ in range(2 * NO_TABLE_LIMIT // len(piece)))
    assert growth.is_out_of_hand(piece, 1)


def test_what_shrinks_little_is_no_bomb_whatever_it_holds() -> None:
    growth = Growth()
    growth.expect(Dialect(), 3)
    assert not growth.is_out_of_hand(b"\n" * (2 * NO_TABLE_LIMIT), NO_TABLE_LIMIT // 40)
    assert growth.is_out_of_hand(b"\n" * (2 * NO_TABLE_LIMIT), NO_TABLE_LIMIT // 40)
