"""Characters that nobody sees."""

from __future__ import annotations

import pytest

from csvgate.core.text.invisible import invisible_in, is_like_key, marks_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("17\u200b", "U+200B (zero width space)"),
        ("\ufeffid", "U+FEFF (byte order mark)"),
        ("Donau\u00addampf", "U+00AD (soft hyphen)"),
        ("\u00a012", "U+00A0 (no-break space)"),
        ("12\u202f", "U+202F (narrow no-break space)"),
        ("1\u00a0234,5", None),
        ("Bonjour\u202f! Ça va", None),
        ("\u0645\u06cc\u200c\u0631\u0648\u0645 \U0001f468\u200d\U0001f469", None),
        (" 12 ", None),
    ],
)
def test_what_nobody_sees_is_named_where_it_does_not_belong(text: str, found: str | None) -> None:
    assert invisible_in(text) == found


@pytest.mark.parametrize(("text", "is_key"), [("17\u200b", True), ("\u00a0A\u00ad7", True), ("Bern\u00a0", False)])
def test_a_number_or_code_is_like_a_key(text: str, *, is_key: bool) -> None:
    """A word is not: it may be told from others by a reader."""
    assert is_like_key(text) is is_key


def test_bytes_are_looked_at_in_their_encoding() -> None:
    assert marks_in("1\u00ad2".encode("cp1252"), "cp1252") == [b"\xad"]
    assert marks_in("1\u00ad2\u200b".encode(), "utf-8") == [b"\xc2\xad", b"\xe2\x80\x8b"]
    assert marks_in("ü–1".encode(), "utf-8") == marks_in(b"12", "utf-8") == []
