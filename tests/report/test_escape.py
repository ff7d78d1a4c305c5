"""Text that somebody else wrote is shown by a terminal and never obeyed."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.report.escape import HOSTILE, clipped, escaped, to_json

ANY_TEXT = st.text(st.characters(exclude_categories=[]))
TURNS_OR_HIDES = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def test_every_control_surrogate_and_bidi_character_is_hostile() -> None:
    """The list is written by hand; Unicode's own categories say that nothing is missing."""
    missed = [
        f"U+{point:04X}"
        for point in range(sys.maxunicode + 1)
        if (
            unicodedata.category(chr(point)) in {"Cc", "Cs", "Zl", "Zp"}
            or unicodedata.bidirectional(chr(point)) in TURNS_OR_HIDES
        )
        and not HOSTILE.match(chr(point))
    ]
    assert missed == []


@pytest.mark.parametrize("text", ["Änne Groß", "東京", "שלום", "مرحبا", "❤️ 5 € [bold]"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    """Umlauts, other scripts and brackets are no danger."""
    assert escaped(text) == text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("a\tb\r\n", "a\\tb\\r\\n"),
        ("\u202e", "\\u202e"),
        ("\udce4", "\\xe4"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_hostile_characters_are_spelled_out(text: str, seen: str) -> None:
    """They look as in source code; a byte that could not be decoded shows as the byte."""
    assert escaped(text) == seen


@given(ANY_TEXT)
def test_escaped_text_can_be_written_and_holds_nothing_hostile(text: str) -> None:
    """Whatever comes in, the answer is safe and can be encoded."""
    assert not HOSTILE.search(escaped(text).encode().decode())


@given(st.dictionaries(ANY_TEXT, ANY_TEXT))
def test_json_is_safe_and_parses_to_the_same_value(value: dict[str, str]) -> None:
    """Escaping for terminals changes nothing for programs."""
    text = to_json(value)
    assert json.loads(text) == value
    assert not HOSTILE.search(text.replace("\n", "").encode().decode())


def test_clipped_text_ends_in_an_ellipsis() -> None:
    """What was cut is marked as cut."""
    assert (clipped("abcd", 4), clipped("abcde", 4)) == ("abcd", "abc…")
