"""Text that was encoded in UTF-8 twice is told, and no other."""

from __future__ import annotations

import pytest

from csvgate.core.inspection import inspect
from csvgate.core.text.mojibake import doubled
from tests.languages import PROSE
from tests.strategies import whole


@pytest.mark.parametrize("page", ["cp1252", "latin-1"])
@pytest.mark.parametrize("letter", [*"äöüßéèçñãåøÄÜ°£½", "’"])
def test_a_character_that_was_encoded_twice_is_told(letter: str, page: str) -> None:
    stored = f"x{letter}y".encode().decode(page).encode()
    assert list(doubled(stored)) == [1]


@pytest.mark.parametrize("text", PROSE.values())
def test_no_language_is_told(text: str) -> None:
    assert not list(doubled(text.encode()))
    assert not list(doubled(text.upper().encode()))


@pytest.mark.parametrize("text", ["“MAÇÔ", "MAÇÃ – LÃ…", "Â\u00a0!", "«\u00a0Â\u00a0»", "âÃâ", "5 €â€"])
def test_punctuation_behind_a_word_is_no_sign(text: str) -> None:
    assert not list(doubled(text.encode()))


@pytest.mark.parametrize("rows", [3, 60_000])
def test_it_has_its_place_in_a_file_of_any_length(rows: int) -> None:
    data = b"id,name\n" + "1,Jürgen Öztürk, jr\n".replace(", jr", "").encode() * rows
    found = inspect(whole(data + "2,MÃ¼ller-GrÃ¶ÃŸe\n".encode() + data))
    (finding,) = (each for each in found.findings if each.code == "double-encoded")
    assert (finding.count, finding.severity) == (2, "warning")
    assert (finding.first[0].record, finding.first[0].byte_offset) == (rows + 1, len(data) + 3)
