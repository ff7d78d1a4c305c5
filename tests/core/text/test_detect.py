"""How text is encoded, decided from bytes."""

from __future__ import annotations

import random
import re
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.text.detect import Witness, decide, settle
from csvgate.core.text.encoding import Encoding
from csvgate.core.text.evidence import Evidence
from tests.languages import PAGES, PROSE
from tests.strategies import cut, cuts

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


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", sorted(PROSE))
def test_utf16_needs_no_byte_order_mark_in_any_alphabet(language: str, name: str) -> None:
    data = re.sub("(.{1,12})", r"7,\1\n", PROSE[language]).encode(name)
    assert decide(data, whole=True) == Encoding(name=name, is_guess=True)
    assert decide(data[: len(data) // 2], whole=False).name == name


@pytest.mark.parametrize(
    "data",
    [
        struct.pack("<2000H", *(number * 7919 % 3000 for number in range(2000))),
        random.Random(3).randbytes(4000) + b"\n\0,\0",
        b"aa\n\0bb\n\0" * 100,
        "北京,12\n\0".encode() * 100,
        "ä,ö\n\0 1,2\n\0".encode("windows-1252") * 100,
    ],
    ids=["numbers", "noise", "ASCII", "UTF-8", "a code page"],
)
def test_bytes_in_pairs_that_are_no_text_are_not_utf16(data: bytes) -> None:
    assert not decide(data, whole=True).is_wide


@pytest.mark.parametrize("end", range(1, 12))
def test_a_character_that_the_head_cuts_in_two_is_no_error(end: int) -> None:
    head = "äö€😀".encode()[:end]
    assert decide(head, whole=False) == Encoding(name="utf-8")


@given(st.sampled_from(sorted(PROSE)), st.lists(st.integers(min_value=0), min_size=1, max_size=5))
def test_a_few_bad_bytes_in_much_utf8_are_errors_not_another_encoding(language: str, places: list[int]) -> None:
    data = PROSE[language].encode()
    for place in places:
        data = data[: place % len(data)] + b"\xe4" + data[place % len(data) :]
    assert decide(data, whole=True) == Encoding(name="utf-8")


@pytest.mark.parametrize("language", sorted(PROSE))
def test_text_that_was_encoded_twice_is_not_repaired(language: str) -> None:
    data = PROSE[language].encode().decode("latin-1").encode()
    assert decide(data, whole=True) == Encoding(name="utf-8")


@given(st.sampled_from(["russian", "japanese", "german"]), cuts)
def test_a_witness_says_the_same_however_the_file_is_cut(language: str, sizes: list[int]) -> None:
    witness, data = Witness(), PROSE[language].replace(" ", "\n").encode(PAGES[language][0])
    assert b"".join(witness.watch(cut(data, sizes)())) == data
    assert witness.encoding() == decide(data, whole=True)


def test_where_utf8_explains_more_it_is_utf8() -> None:
    assert settle(Evidence(valid=3, invalid=3, sample="Grüße für Jörg".encode("windows-1252"))).name == "utf-8"
