"""A text in; the first character of it that nobody sees, and whether that spoils more than how it looks, out.

Joiners and marks of direction are none of these: scripts and emoji need them. A no-break space belongs between words
and groups of digits, but not at an end.
"""

from __future__ import annotations

import functools
import re
from contextlib import suppress

ANYWHERE = {
    "\u00ad": "soft hyphen",
    "\u200b": "zero width space",
    "\u2060": "word joiner",
    "\ufeff": "byte order mark",
}
AT_AN_END = {"\u00a0": "no-break space", "\u2007": "figure space", "\u202f": "narrow no-break space"}
NAMES = ANYWHERE | AT_AN_END
_ENDS = "".join(AT_AN_END)
_INVISIBLE = re.compile(rf"[{''.join(ANYWHERE)}]|\A[{_ENDS}]|[{_ENDS}]\Z")
_TAKEN_OUT = str.maketrans(dict.fromkeys(NAMES))
_KEY = re.compile(r"\S*\d\S*")


def invisible_in(text: str) -> str | None:
    """The first such character, by its number and its name; None where there is none."""
    found = None if text.isascii() else _INVISIBLE.search(text)
    return f"U+{ord(found[0]):04X} ({NAMES[found[0]]})" if found else None


def is_like_key(text: str) -> bool:
    """Without such characters the text would be a number, a date or a code: something that is compared as a whole."""
    return bool(_KEY.fullmatch(text.translate(_TAKEN_OUT)))


def marks_in(data: bytes, encoding: str) -> list[bytes]:
    """The bytes of those of the characters that stand anywhere in the data; where they belong there, too."""
    return [mark for mark in likely_marks(data, encoding) if mark in data]


def likely_marks(data: bytes, encoding: str) -> list[bytes]:
    """All of these, and a few others: a byte that is rare is found faster than several."""
    if data.isascii():
        return []
    return [mark for mark in _marks_of(encoding) if mark[:1] in data and mark[-1:] in data]


@functools.cache
def _marks_of(encoding: str) -> tuple[bytes, ...]:
    """The bytes of each of the characters that the encoding has."""
    found = []
    for mark in NAMES:
        with suppress(UnicodeEncodeError):
            found.append(mark.encode(encoding))
    return tuple(found)
