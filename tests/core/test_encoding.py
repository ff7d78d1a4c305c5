"""How text is encoded, decided from bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.encoding import Encoding, Transcoder, Utf8Evidence, count_utf8, decide, settle, stored_length

TEXT = "id,name\n1,Müller\n2,Čapek\n"


@pytest.mark.parametrize(
    ("data", "name", "bom", "is_guess"),
    [
        (b"", "utf-8", 0, False),
        (TEXT.encode(), "utf-8", 0, False),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8", 3, False),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le", 2, False),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be", 2, False),
        (b"\xff\xfe\0\0" + TEXT.encode("utf-32-le"), "utf-32-le", 4, False),
        (TEXT.encode("utf-16-le"), "utf-16-le", 0, True),
        (TEXT.encode("utf-16-be"), "utf-16-be", 0, True),
        ("id,name\n1,Müller\n".encode("windows-1252"), "windows-1252", 0, True),
        ("Größe,ü\n".encode() * 3 + b"\xe4\n", "utf-8", 0, False),
        (b"a,b\n1,\xff\xfe\n", "utf-8", 0, False),
    ],
)
def test_the_encoding_of_a_whole_file(data: bytes, name: str, bom: int, *, is_guess: bool) -> None:
    assert decide(data, whole=True) == Encoding(name=name, bom=bom, is_guess=is_guess)


@pytest.mark.parametrize("end", range(1, 12))
def test_a_character_that_the_head_cuts_in_two_is_no_error(end: int) -> None:
    head = "äö€😀".encode()[:end]
    assert decide(head, whole=False) == Encoding(name="utf-8")


@given(st.text(st.characters(codec="utf-8")))
def test_valid_utf8_has_no_invalid_bytes(text: str) -> None:
    assert count_utf8(text.encode()) == Utf8Evidence(valid=sum(letter > "\x7f" for letter in text))


@given(st.lists(st.binary(max_size=20), max_size=5))
def test_evidence_of_lines_adds_up(lines: list[bytes]) -> None:
    data = b"".join(line + b"\n" for line in lines)
    parts = [count_utf8(line + b"\n") for line in lines]
    assert sum(parts, start=Utf8Evidence()) == count_utf8(data)


def test_a_few_bad_bytes_in_much_utf8_are_errors_not_another_encoding() -> None:
    assert settle(Utf8Evidence(valid=100, invalid=3, western=3)).name == "utf-8"


@given(st.text(st.characters(codec="utf-8")), st.sampled_from(["utf-16-le", "utf-16-be", "utf-32-le"]))
def test_wide_text_is_transcoded_and_counted_back(text: str, name: str) -> None:
    encoding, stored = Encoding(name=name), text.encode(name)
    transcoder = Transcoder(encoding)
    blocks = b"".join(transcoder.blocks(stored[at : at + 3] for at in range(0, len(stored), 3)))
    assert blocks.decode() == text
    assert (stored_length(blocks, encoding), transcoder.left_over) == (len(stored), 0)
