"""The first bytes of a file in; how its text is encoded, and bytes that a byte scanner can read, out.

The scanner reads bytes in which delimiters, quotes and line ends are ASCII: UTF-8 and the single-byte code
pages as they are; UTF-16 is transcoded to UTF-8 on the way, and offsets are counted back.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Byte order marks, longest first: UTF-32-LE begins like UTF-16-LE.
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
FIRST_BEYOND_ASCII, FIRST_LEAD_BYTE = 0x80, 0xC0
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
# Letters and marks that western text really uses, as Windows-1252 bytes.
_WESTERN = re.compile(
    rb"[\x80\x82\x84\x85\x8a\x8c\x8e\x91-\x97\x99\x9a\x9c\x9e\x9f\xa0\xa1\xa3\xa7\xa9\xab\xae\xb0-\xb5\xb7"
    rb"\xb9-\xbf\xc0-\xcf\xd1-\xd6\xd8-\xdd\xdf\xe0-\xef\xf1-\xf6\xf8-\xfc]"
)
ESCAPED = re.compile("[\udc80-\udcff]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoding:
    """`name` as Python knows it; `bom` bytes before the text; `is_guess` where nothing but plausibility decided."""

    name: str
    bom: int = 0
    is_guess: bool = False

    @property
    def is_wide(self) -> bool:
        """Characters are units of two or four bytes: the text is transcoded before it is scanned."""
        return self.name in WIDE

    @property
    def scanned_as(self) -> str:
        """The encoding of the bytes that the scanner sees."""
        return "utf-8" if self.is_wide else self.name


def decide(head: bytes, *, whole: bool) -> Encoding:
    """The encoding of the text that begins with `head`; UTF-8 unless the bytes say otherwise."""
    for bom, name in BOMS:
        if head.startswith(bom):
            return Encoding(name=name, bom=len(bom))
    if wide := _wide_without_bom(head):
        return Encoding(name=wide, is_guess=True)
    return settle(count_utf8(head if whole else _whole_characters(head)))


@dataclass(frozen=True, slots=True)
class Utf8Evidence:
    """What speaks for and against UTF-8 in some bytes; evidence of parts adds up."""

    valid: int = 0
    invalid: int = 0
    western: int = 0

    def __add__(self, other: Utf8Evidence) -> Utf8Evidence:
        """The evidence of both parts."""
        return Utf8Evidence(self.valid + other.valid, self.invalid + other.invalid, self.western + other.western)


def count_utf8(data: bytes) -> Utf8Evidence:
    """How many characters beyond ASCII are valid UTF-8, how many bytes are not, and how many of these look western."""
    if data.isascii():
        return Utf8Evidence()
    text = data.decode("utf-8", "surrogateescape")
    wrong = "".join(ESCAPED.findall(text)).encode("utf-8", "surrogateescape")
    beyond = len(text) - len(text.encode("ascii", "ignore")) - len(wrong)
    return Utf8Evidence(beyond, len(wrong), len(_WESTERN.findall(wrong)))


def settle(evidence: Utf8Evidence) -> Encoding:
    """UTF-8, with errors if need be, or a guessed code page where the invalid bytes are better explained by it."""
    if not evidence.invalid or evidence.valid >= evidence.invalid or evidence.western < 0.9 * evidence.invalid:
        return Encoding(name="utf-8")
    return Encoding(name="windows-1252", is_guess=True)


def _whole_characters(head: bytes) -> bytes:
    """The head without a character that its end cut in two."""
    for back in range(1, min(4, len(head)) + 1):
        lead = head[-back]
        if lead >= FIRST_LEAD_BYTE:
            return head[:-back]
        if lead < FIRST_BEYOND_ASCII:
            break
    return head


def _wide_without_bom(head: bytes) -> str | None:
    """UTF-16 shows by NULs at every other byte of mostly Latin text (RFC 2781, section 4.3 asks for more; few obey)."""
    sample = head[:4096]
    half = len(sample) // 2
    if not half:
        return None
    even, odd = sample[0 : half * 2 : 2].count(0), sample[1 : half * 2 : 2].count(0)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.05 * half else None


class Transcoder:
    """Blocks of wide text in, the same text as UTF-8 out; what cannot be decoded becomes U+FFFD.

    `left_over` bytes at the end of the file are no whole character.
    """

    def __init__(self, encoding: Encoding) -> None:
        """Nothing is decoded yet."""
        self.left_over = 0
        self._decoder = codecs.getincrementaldecoder(encoding.name)("replace")

    def blocks(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """As many blocks, transcoded."""
        for block in blocks:
            yield self._decoder.decode(block).encode("utf-8", "replace")
        self.left_over = len(self._decoder.getstate()[0])


def stored_length(data: bytes, encoding: Encoding) -> int:
    """How many bytes of the file the scanned bytes stand for."""
    if not encoding.is_wide:
        return len(data)
    return len(data.decode("utf-8", "replace").encode(encoding.name, "replace"))
