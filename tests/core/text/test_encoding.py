"""Text that is transcoded before it is scanned, and counted back."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from csvgate.core.text.encoding import MULTIBYTE, UNDECODED_BYTE, Encoding, Transcoder, stored, stored_length
from tests.languages import CASES, PROSE


def transcoded(data: bytes, encoding: Encoding, size: int = 3) -> tuple[bytes, int]:
    """The text as UTF-8, read in blocks of `size`, and the bytes that were left over."""
    transcoder = Transcoder(encoding)
    blocks = b"".join(transcoder.blocks(data[at : at + size] for at in range(0, len(data), size)))
    return blocks, transcoder.left_over


@given(st.text(st.characters(codec="utf-8")), st.sampled_from(["utf-16-le", "utf-16-be", "utf-32-le"]))
def test_wide_text_is_transcoded_and_counted_back(text: str, name: str) -> None:
    encoding, data = Encoding(name=name), text.encode(name)
    blocks, left_over = transcoded(data, encoding)
    assert blocks.decode() == text
    assert (stored_length(blocks, encoding), left_over) == (len(data), 0)


@pytest.mark.parametrize(("language", "page"), [case for case in CASES if case[1] in MULTIBYTE])
def test_the_text_of_a_page_of_several_bytes_is_transcoded_and_given_back(language: str, page: str) -> None:
    encoding, data = Encoding(name=page), PROSE[language].encode(page)
    blocks, _ = transcoded(data, encoding)
    assert blocks.decode() == PROSE[language]
    assert stored(blocks, encoding) == data


@given(st.binary(max_size=40), st.sampled_from(MULTIBYTE), st.integers(min_value=1, max_value=9))
@example(b"\x8f\xa2\xb7", "euc-jp", 1)
@example("a\ufffdb".encode("gb18030"), "gb18030", 2)
@example(b"\x8130,", "gb18030", 9)
def test_whatever_the_bytes_they_are_counted_back(data: bytes, page: str, size: int) -> None:
    encoding = Encoding(name=page)
    blocks, left_over = transcoded(data, encoding, size)
    assert stored_length(blocks, encoding) + left_over == len(data)


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-be", "gb18030"])
def test_a_replacement_character_of_the_sender_is_text_and_no_bad_byte(name: str) -> None:
    blocks, _ = transcoded("J\ufffdrg".encode(name), Encoding(name=name))
    assert blocks == "J\ufffdrg".encode()


def test_what_cannot_be_decoded_is_never_taken_for_text() -> None:
    lone_surrogate = b"a\0\x00\xd8b\0"
    blocks, _ = transcoded(lone_surrogate, Encoding(name="utf-16-le"))
    assert blocks == b"a" + UNDECODED_BYTE + b"b"
    assert stored_length(blocks, Encoding(name="utf-16-le")) == len(lone_surrogate)


@given(st.binary(max_size=40), st.sampled_from(MULTIBYTE))
def test_a_bad_byte_never_swallows_what_follows(data: bytes, page: str) -> None:
    blocks, _ = transcoded(data + b"\xff,\n", Encoding(name=page))
    assert blocks.endswith(b",\n")
