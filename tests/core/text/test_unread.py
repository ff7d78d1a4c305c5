"""Text in encodings that are not read is known, and nothing else is taken for it."""

from __future__ import annotations

import pytest

from csvgate.core.text.unread import unread_text
from tests.languages import CASES, PROSE

TABLE = "id,name,amount\n" + "".join(f"{row},Anna Meier,{row * 37}.50\n" for row in range(9))

ACCENTS = "7,Müller,Zürich"


def test_japanese_mail_text_is_known() -> None:
    assert "ISO-2022-JP" in (unread_text("番号,氏名\n1,山田太郎\n".encode("iso2022_jp")) or "")


@pytest.mark.parametrize("page", ["cp037", "cp500", "cp1140"])
@pytest.mark.parametrize("end", [b"\x15", b"\x25", b"\r\x25"])
def test_text_of_a_mainframe_is_known(page: str, end: bytes) -> None:
    data = b"".join(line.encode(page) + end for line in TABLE.splitlines())
    assert "EBCDIC" in (unread_text(data) or "")


def test_text_of_a_mainframe_is_known_by_its_other_letters() -> None:
    assert "EBCDIC" in (unread_text(b"\x15".join([ACCENTS.encode("cp500")] * 9)) or "")


@pytest.mark.parametrize(("language", "page"), CASES)
def test_text_that_is_read_is_none_of_these(language: str, page: str) -> None:
    assert unread_text(PROSE[language].encode(page)) is None
    assert unread_text(PROSE[language].replace("\n", "\r").encode(page)) is None


def test_an_escape_in_a_cell_is_text() -> None:
    assert unread_text(b"id,name\n1,\x1b[31mred\x1b[0m\n") is None
