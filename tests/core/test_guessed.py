"""Where a text whose encoding was guessed is not UTF-8."""

from __future__ import annotations

from csvgate.core.findings import Finding
from csvgate.core.inspection import inspect
from tests.strategies import whole


def guess(data: bytes) -> Finding:
    return next(found for found in inspect(whole(data)).findings if found.code == "encoding-guessed")


def test_the_first_places_are_named_with_record_line_and_byte() -> None:
    found = guess("id,name\n1,somebody\n2,Jörg Müller\n".encode("windows-1252"))
    place = found.first[0]
    assert (place.record, place.line, place.byte_offset, place.excerpt) == (2, 3, 22, "2,Jörg Müller")
    assert (found.count, len(found.first)) == (2, 2)


def test_places_in_transcoded_text_are_those_of_the_file() -> None:
    data = "id|name\n1|somebody\n2|ポスト 表 ソフト\n".encode("cp932")
    place = guess(data).first[0]
    assert (place.record, place.line, place.byte_offset) == (2, 3, data.index("ポスト".encode("cp932")))


def test_all_places_are_counted_and_the_first_hundred_named() -> None:
    found = guess(b"id,name\n" + "1,Jörg Müller\n".encode("windows-1252") * 120)
    assert (found.count, len(found.first)) == (240, 100)


def test_rivals_are_named() -> None:
    assert "it might be" in guess("id,name\n1,Žižka\n2,Šafařík\n".encode("iso-8859-2")).message


def test_a_guess_from_the_lines_before_the_table_is_told_too() -> None:
    found = guess("Übersicht Größen\n\nid,name,n\n1,a,2\n2,b,3\n3,c,4\n".encode("windows-1252"))
    assert (found.count, found.first) == (1, ())
