"""What speaks for and against UTF-8."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.text.evidence import ENOUGH, Evidence, evidence_of, valid_utf8

lines = st.lists(st.binary(max_size=20).map(lambda line: line + b"\n"), max_size=6)


@given(st.text(st.characters(codec="utf-8")))
def test_valid_utf8_has_no_invalid_bytes(text: str) -> None:
    assert evidence_of(text.encode()) == Evidence(valid=sum(letter > "\x7f" for letter in text))


@given(lines)
def test_evidence_of_lines_adds_up(parts: list[bytes]) -> None:
    assert sum(map(evidence_of, parts), start=Evidence()) == evidence_of(b"".join(parts))


def test_the_sample_holds_the_first_lines_that_are_no_utf8() -> None:
    found = evidence_of("ä\n".encode() + b"a,\xe4\r\nb\n\xf6" + "\nü".encode())
    assert found == Evidence(valid=2, invalid=2, sample=b"a,\xe4\r\n\xf6\n")


def test_a_sample_is_never_longer_than_enough() -> None:
    found = evidence_of(b"\xe4\n" * ENOUGH) + evidence_of(b"\xf6\n" * ENOUGH)
    assert (found.sample, found.is_enough) == (b"\xe4\n" * (ENOUGH // 2), True)


@given(st.binary(max_size=8), st.integers(65_530, 65_540))
def test_a_character_that_a_piece_cuts_in_two_is_whole(tail: bytes, size: int) -> None:
    data = b"a" * size + "ä…😀".encode() + tail
    assert data[: valid_utf8(data)] == _valid(data)


def _valid(data: bytes) -> bytes:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return data[: error.start]
    return data
