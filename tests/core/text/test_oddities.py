"""What is hardly ever written is seen; what is written every day is not."""

from __future__ import annotations

import pytest

from csvgate.core.text.oddities import mixed, odd


@pytest.mark.parametrize(
    "text",
    [
        "Gr°ße",
        "grÖße",
        "größE",
        "1é",
        "é1",
        "1,Þ,2",
        "óôçí",
        "ελευθερια",
        "σεσς.ςα",
        "λογοσ",
        "печатеь",
        "ВОДКЙ",
        "שםלו",
        "שלומ",
        "مدرسةل",
    ],
)
def test_what_is_hardly_ever_written_is_odd(text: str) -> None:
    assert odd(text)


@pytest.mark.parametrize(
    "text",
    [
        "l’été, 20 °C",
        "GRÖSSE, Größe, McDonald",
        "óþægur",
        "ελευθερία ΕΛΕΥΘΕΡΙΑ λόγος",
        "печать, водный, ПЕЧАТЬ, ЙОД",
        "שלום, קליפ, פאנצ'",
        "مدرسة على",
    ],
)
def test_what_is_written_every_day_is_not_odd(text: str) -> None:
    assert not odd(text)


@pytest.mark.parametrize("text", ["Mοscow", "wодка", "abש"])
def test_a_word_in_two_scripts_is_mixed(text: str) -> None:
    assert mixed(text)


@pytest.mark.parametrize("text", ["Moscow, Москва", "id,имя", "naïve café"])
def test_words_of_one_script_each_are_not_mixed(text: str) -> None:
    assert not mixed(text)
