"""A sample of lines that are no UTF-8 in; the code page in which they are the most plausible text, and rivals, out.

Each page is asked how probable the characters are that it makes of the bytes, in the language of its that fits best
(naive Bayes); against all stands that the bytes mean nothing. Decoding is strict about structure and knows no words.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import attrgetter

from csvgate.core.text import alphabets as of
from csvgate.core.text.alphabets import frequencies, ideographs
from csvgate.core.text.encoding import EACH_BYTE
from csvgate.core.text.oddities import mixed, odd

# In natural logarithms: what a character costs that no language of the page uses, and one that nobody uses.
FOREIGN, MEANINGLESS = math.log(1e-5), math.log(1e-8)
ASCII = math.log(1 / 64)
# What a byte costs that means nothing, and how much less probable such bytes are than a page.
NOISE, NOISE_AT_ALL = math.log(1 / 128), -3.0
# A character where it does not belong, and letters of two scripts in one word.
ODD, MIXED = math.log(1 / 50), math.log(1 / 100)
SHOUTED = -2.0
# A rival that is at most e^4 times less probable is named.
CLOSE = 4.0

# Of ASCII, only what touches other characters tells anything: its first (or the end of a character) and its last one.
_PLAIN = re.compile(rb"([\x00-\x7f])[\x00-\x7f]+(?=[\x00-\x7f])")


@dataclass(frozen=True, slots=True)
class Page:
    """A code page, the languages that are written in it, and how unusual it is (in natural logarithms)."""

    name: str
    languages: tuple[str, ...]
    cost: float


PAGES = (
    Page("windows-1252", of.WESTERN, 0.0),
    Page("iso-8859-15", of.WESTERN, 2.0),
    Page("mac-roman", of.WESTERN, 4.0),
    Page("cp850", of.WESTERN, 4.0),
    Page("cp437", of.WESTERN, 4.5),
    Page("windows-1250", of.CENTRAL, 2.0),
    Page("iso-8859-2", of.CENTRAL, 3.0),
    Page("cp852", of.CENTRAL, 5.0),
    Page("windows-1251", of.CYRILLIC, 3.0),
    Page("cp866", of.CYRILLIC, 6.0),
    Page("koi8-r", of.CYRILLIC[:1], 6.0),
    Page("windows-1253", of.GREEK, 4.0),
    Page("windows-1254", of.TURKISH, 3.0),
    Page("windows-1255", of.HEBREW, 6.0),
    Page("windows-1256", of.ARABIC, 5.0),
    Page("windows-1257", of.BALTIC, 4.0),
    Page("cp874", of.THAI, 5.0),
    Page("cp932", ("ja", *of.HALFWIDTH), 4.0),
    Page("euc-jp", ("ja",), 5.0),
    Page("gb18030", ("zh-Hans",), 4.0),
    Page("cp950", ("zh-Hant",), 4.0),
    Page("cp949", ("ko",), 4.0),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A sample as a page reads it; its score is the logarithm of how probable it is."""

    page: str
    text: str
    score: float


_score = attrgetter("score")


@functools.lru_cache(maxsize=2)  # the head of a long file is often all of its sample
def read(sample: bytes) -> tuple[str, tuple[str, ...]] | None:
    """The page, and those that come close with another text; None where the bytes are more like noise."""
    telling = _PLAIN.sub(rb"\1", sample)
    readings = _best(telling)
    best = readings[0]
    if best.score < _noise(telling):
        return None
    close = [one for one in readings[1:] if best.score - one.score < CLOSE and one.text != best.text]
    return best.page, tuple(rival.page for rival in close)


def _best(sample: bytes) -> list[Reading]:
    """The readings that may be the best one or close to it, best first; to look for oddities costs time."""
    found: list[Reading] = []
    for reading in sorted((_reading(sample, page) for page in PAGES), key=_score, reverse=True):
        if found and reading.score < max(map(_score, found)) - CLOSE:
            break
        found.append(replace(reading, score=reading.score + _oddities(reading.text)))
    return sorted(found, key=_score, reverse=True)


def _noise(sample: bytes) -> float:
    ascii_bytes = len(sample.decode("ascii", "ignore"))
    return NOISE_AT_ALL + ASCII * ascii_bytes + NOISE * (len(sample) - ascii_bytes)


def _reading(sample: bytes, page: Page) -> Reading:
    text = sample.decode(page.name, EACH_BYTE)
    counts = Counter(text)
    ascii_letters = sum(counts.pop(letter) for letter in list(counts) if letter < "\x80")
    best = max(prior + _likelihood(counts, table) for prior, table in _tables(page))
    score = best - math.log(len(page.languages)) - page.cost + ASCII * ascii_letters
    return Reading(page=page.name, text=text, score=score)


def _tables(page: Page) -> Iterator[tuple[float, dict[str, float]]]:
    """What is probable in each language of the page, and how much less probable text in capitals is."""
    letters = tuple(name for name in page.languages if not name.isascii())
    yield from ((0.0, ideographs(name)) for name in page.languages if name.isascii())
    for index in range(len(letters)):
        yield 0.0, frequencies(letters, index, is_shouted=False)
        yield SHOUTED, frequencies(letters, index, is_shouted=True)


def _likelihood(counts: Counter[str], table: dict[str, float]) -> float:
    return sum(count * (table.get(letter) or _foreign(letter)) for letter, count in counts.items())


def _foreign(letter: str) -> float:
    is_text = unicodedata.category(letter) not in ("Cc", "Cn", "Co", "Cs")
    return FOREIGN if is_text else MEANINGLESS


def _oddities(text: str) -> float:
    """What is hardly ever written: the less of it, the better."""
    return ODD * odd(text) + MIXED * mixed(text)
