"""Bytes of UTF-8 in; the places where a character stands as two or three others, since it was encoded twice, out.

Only what no language writes is told, such as “Ã¼” for “ü”. “Ã” before a quotation mark, a dash or a no-break space may
be the end of a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# What bytes 80 to BF are in Windows-1252, or in Latin-1, and behind a letter in no text.
_BEHIND = "ŸœŒŠšŽžƒˆ˜„†‡‰€‹¡¢£¤¥¦§¨©ª¬\u00ad®¯°±²³´µ¶¸¹º¼½¾¿" + "".join(map(chr, range(0x80, 0xA0)))  # noqa: RUF001  they are meant
_DOUBLED = re.compile(
    rb"(?:\xc3(?:[\x82\x83](?:%s)|\xa2\xe2\x82\xac(?:\xc2[\x80-\xbf]|\xc5[\x92\x93]|\xe2[\x80-\x84][\x80-\xbf])"
    rb"|\xa2\xc2\x80\xc2[\x80-\xbf]))++" % "|".join(_BEHIND).encode()
)


def doubled(data: bytes) -> Iterator[int]:
    """Where they stand; a run of them counts once."""
    # Bytes that are rare are found faster than all of them, and each of these characters has two of three.
    is_possible = not data.isascii() and b"\xc3" in data and (b"\x83" in data or b"\x82" in data or b"\xa2" in data)
    return (match.start() for match in _DOUBLED.finditer(data)) if is_possible else iter(())
