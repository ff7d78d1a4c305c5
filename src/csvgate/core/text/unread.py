"""The first bytes of a file in; the encoding in which they would be text, if it is one that is not read, out.

In these, bytes that look like delimiters and quotes are parts of other characters, or the other way round, so that
nothing of the table could be told.
"""

from __future__ import annotations

import re

# ISO/IEC 2022: what designates the sets of JIS, and of KS X 1001.
_JAPANESE, _KOREAN = re.compile(rb"\x1b(?:\$[@B]|\$\([DOPQ]|\([IJ])"), b"\x1b$)C"
_ESCAPE = b"\x1b"
# Of EBCDIC: blank, full stop, comma, semicolon, quote, letters and digits; and its line ends, NEL and LF.
_EBCDIC = bytes([0x40, 0x4B, 0x6B, 0x5E, 0x7F, 0x60, 0x61, 0x7A, 0x6D])
_EBCDIC += bytes(first + at for first in (0x81, 0x91, 0xC1, 0xD1, 0xF0) for at in range(9)) + b"\xf9"
_EBCDIC += bytes(first + at for first in (0xA2, 0xE2) for at in range(8))
_EBCDIC_ENDS = b"\x15\x25\x0d"
# Of a text in a language with many accents, one character in eight is another one.
_MOST, _FEWEST = 0.85, 20


def unread_text(head: bytes) -> str | None:
    """What the text is; None where it may be in any encoding that is read."""
    if _ESCAPE in head and head.isascii():
        if _JAPANESE.search(head):
            return "text in ISO-2022-JP, an encoding that is not read"
        if _KOREAN in head:
            return "text in ISO-2022-KR, an encoding that is not read"
    return "text in EBCDIC, an encoding that is not read" if _is_ebcdic(head) else None


def _is_ebcdic(head: bytes) -> bool:
    """Nearly all of it is letters, digits and marks of EBCDIC, in lines, and no line ends as elsewhere."""
    if len(head) < _FEWEST or b"\n" in head or head.isascii():
        return False
    rest = head.translate(None, _EBCDIC + _EBCDIC_ENDS)
    has_lines = any(bytes([end]) in head for end in _EBCDIC_ENDS)
    return has_lines and len(rest) <= (1 - _MOST) * len(head)
