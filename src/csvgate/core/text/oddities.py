"""A text in; how often it holds what is hardly ever written, in whatever language, out.

Knows spelling and no bytes: what another page makes of a text is full of it.
"""

from __future__ import annotations

import re

from csvgate.core.text.alphabets import MARKS

_INNER_MARKS = re.escape("".join(mark for mark in MARKS if mark not in "’‘·\xa0"))  # noqa: RUF001
_LATIN = "\xc0-\xd6\xd8-\xf6\xf8-\xff"
_GREEK, _CYRILLIC, _HEBREW, _ARABIC = "\u03ac-\u03ce", "\u0430-\u045f", "\u05d0-\u05ea", "\u0627-\u064a"
_SMALL, _CAPITAL = rf"\xdf-\xf6\xf8-\xff{_GREEK}{_CYRILLIC}", r"\xc0-\xd6\xd8-\xde\u0386-\u03ab\u0400-\u042f"
_ODD = re.compile(
    "|".join(
        (
            # Inside of a word: a sign; a capital behind a small letter.
            rf"(?<=[^\W\d_])[{_INNER_MARKS}](?=[^\W\d_])",
            rf"(?<=[a-z{_SMALL}])[{_CAPITAL}]|(?<=[{_SMALL}])[A-Z]",
            # A letter beside a figure, and a single one, but for those that are words.
            r"(?<=\d)[\xc0-\u04ff]|[\xc0-\xd6\xd8-\u04ff](?=\d)",
            r"(?<![^\W\d_])[\xc0-\xd6\xd8-\xdf\u0100-\u03ff\u0590-\u06ff\u0e00-\u0e7f](?![^\W\d_])",
            # Four letters in a row of which each has an accent.
            rf"(?<=[{_LATIN}]{{3}})[{_LATIN}]",
            # Greek: a long word without an accent; the sigma of the end inside, and the other at the end.
            r"(?<![\u0370-\u03ff])[\u03b1-\u03c9]{5,}+(?![\u0370-\u03ff])",
            rf"ς(?=[{_GREEK}])|(?<=[{_GREEK}])\u03c3(?![{_GREEK}])",
            # Cyrillic: a soft sign behind a vowel, a short i behind a consonant.
            "(?i:(?<=[аеёиоуыэюяіїє])ь|(?<=[бвгджзклмнпрстфхцчшщ])й)",
            # Hebrew and Arabic: the forms of the end inside; in Hebrew, the others at the end.
            rf"[ךםןףץ](?=[{_HEBREW}])|[ةى](?=[{_ARABIC}])",
            rf"(?<=[{_HEBREW}]{{2}})[כמנצ](?![{_HEBREW}'])",
        )
    )
)
# A word in two scripts.
_OTHER = r"\u0370-\u06ff\u0e00-\u0e7f\uff10-\uff9f"
_MIXED = re.compile(f"[A-Za-z][{_OTHER}]|[{_OTHER}][A-Za-z]")


def odd(text: str) -> int:
    """How often a character stands where it does not belong."""
    return len(_ODD.findall(text))


def mixed(text: str) -> int:
    """How often letters of two scripts stand side by side in one word."""
    return len(_MIXED.findall(text))
