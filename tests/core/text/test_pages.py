"""Text of each script, in each page it is written in, is found."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.text.detect import decide
from csvgate.core.text.pages import PAGES, read
from tests.languages import CASES, PROSE

# In cp866 many pairs and triples of small letters happen to be valid UTF-8.
FEW = dict.fromkeys((page for _, page in CASES), 20) | {"cp866": 50}


@pytest.mark.parametrize(("language", "page"), CASES)
@given(order=st.randoms(use_true_random=False))
def test_twenty_letters_are_enough(language: str, page: str, order: Random) -> None:
    words, picked = PROSE[language].split(), ""
    order.shuffle(words)
    while sum(letter > "\x7f" for letter in picked) < FEW[page]:
        picked += f"{len(words)},{words.pop().strip(',')}\n"
    data = picked.encode(page)
    assert data.decode(decide(data, whole=True).name) == picked


@pytest.mark.parametrize(
    "text",
    [
        "Müller",
        "café",
        "don’t",
        "£5",
        "5 €",
        "20°C",
        "½ cup",
        "5 m²",
        "“so”",
        "a – b",
        "GÖTTINGEN",
        "São João",
        "3 × 4",
    ],
)
def test_few_letters_are_western(text: str) -> None:
    found = read(text.encode("windows-1252"))
    assert found
    assert found[0] == "windows-1252"


@pytest.mark.parametrize("data", [b"a\xffb", b"1,\xff\xfe\n", b"\x81\x8d\x8f", bytes(range(128, 256))])
def test_bytes_that_mean_nothing_are_no_text(data: bytes) -> None:
    assert read(data) is None


def test_a_rival_that_comes_close_is_named() -> None:
    found = read("Žižka\n".encode("iso-8859-2"))
    assert found
    assert {"windows-1250", "iso-8859-2"} <= {found[0], *found[1]}


def test_a_page_that_reads_the_same_text_is_no_rival() -> None:
    found = read("Größe, Länge, Höhe, Fläche, Übermaß\n".encode("windows-1252"))
    assert found == ("windows-1252", ())


def test_every_page_has_a_text() -> None:
    assert {page.name for page in PAGES} == {page for _, page in CASES}


@pytest.mark.parametrize("words", ["36,следва\n35,адрес\n34,град\n33,име\n32,са\n", "да\nград\nраждат\nследва\nиме\n"])
def test_small_cyrillic_letters_are_no_hebrew(words: str) -> None:
    found = read(words.encode("windows-1251"))
    assert found
    assert found[0] == "windows-1251"
