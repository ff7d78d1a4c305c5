"""The bytes of a file in, as far as they were read; how its text is encoded, UTF-8 unless they say otherwise, out."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from csvgate.core.text.encoding import REPLACEMENT, Encoding
from csvgate.core.text.evidence import Evidence, evidence_of, is_utf8

# Byte order marks, longest first: UTF-32-LE begins like UTF-16-LE.
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
FIRST_BEYOND_ASCII, FIRST_LEAD_BYTE = 0x80, 0xC0


def decide(head: bytes, *, whole: bool) -> Encoding:
    """The encoding of the text that begins with `head`."""
    for bom, name in BOMS:
        if head.startswith(bom):
            return Encoding(name=name, bom=len(bom))
    if wide := _wide_without_bom(head):
        return Encoding(name=wide, is_guess=True)
    return settle(evidence_of(head if whole else _whole_lines(head)))


def settle(evidence: Evidence) -> Encoding:
    """UTF-8, with errors if need be, or a guessed code page where that explains the invalid bytes better."""
    if evidence.valid >= evidence.invalid:
        return Encoding(name="utf-8")
    from csvgate.core.text import pages  # noqa: PLC0415  only a file that is no UTF-8 pays for the languages of the world

    found = pages.read(evidence.sample)
    if found is None:
        return Encoding(name="utf-8")
    name, rivals = found
    return Encoding(name=name, is_guess=True, rivals=rivals)


class Witness:
    """Sees all of a file pass by and can say at its end how it is encoded."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._evidence = Evidence()
        self._cut = b""

    def watch(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """The same blocks; they are seen as they pass."""
        for block in blocks:
            if not self._evidence.is_enough:
                self._see(block)
            yield block

    def encoding(self) -> Encoding:
        """The encoding of all that passed by."""
        return settle(self._evidence + evidence_of(self._cut))

    def _see(self, block: bytes) -> None:
        data = self._cut + block
        lines = _whole_lines(data)
        self._evidence += evidence_of(lines)
        self._cut = data[len(lines) :]


def _whole_lines(data: bytes) -> bytes:
    """The data up to its last line end; without one, up to its last whole character."""
    end = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
    return data[:end] or _whole_characters(data)


def _whole_characters(data: bytes) -> bytes:
    """The data without a character that its end cut in two."""
    for back in range(1, min(4, len(data)) + 1):
        lead = data[-back]
        if lead >= FIRST_LEAD_BYTE:
            return data[:-back]
        if lead < FIRST_BEYOND_ASCII:
            break
    return data


# Of text in Latin letters nearly every other byte is a NUL.
MOST_NULS, STRAY_NULS = 0.9, 0.05
# So much of the text, in bytes, shows what it is; of so many characters one may mean nothing, and one is a plain sign.
SAMPLE, MEANINGFUL, PLAIN = 64 * 1024, 500, 20
# What bytes below 0x80 give when they are taken in pairs: letters and digits are the upper halves of ideographs.
FIRST_IDEOGRAPH = "\u3000"
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x19]")
_LINE_ENDS, _PRINTABLE = "\r\n", {chr(code) for code in range(0x20, 0x7F)}
_MEANINGLESS = ("Cc", "Cn", "Co", "Cs")


def _wide_without_bom(head: bytes) -> str | None:
    """UTF-16 shows by the NULs of Latin text, or by being text in pairs of bytes (RFC 2781, 4.3 wants BE; few obey)."""
    if b"\0" not in head[:SAMPLE]:
        return None
    return _wide_latin(head[:4096]) or _wide_text(head[:SAMPLE])


def _wide_latin(sample: bytes) -> str | None:
    """Nearly every other byte is a NUL."""
    half = len(sample) // 2
    even, odd = sample[0 : half * 2 : 2].count(0), sample[1 : half * 2 : 2].count(0)
    if _CONTROL.search(sample):
        return None
    if odd > MOST_NULS * half and even < STRAY_NULS * half:
        return "utf-16-le"
    return "utf-16-be" if even > MOST_NULS * half and odd < STRAY_NULS * half else None


def _wide_text(sample: bytes) -> str | None:
    """In pairs, the bytes are characters with a meaning, in lines that hold plain signs, such as delimiters."""
    is_narrow = is_utf8(_whole_characters(sample))
    for name in ("utf-16-le", "utf-16-be"):
        counts = Counter(codecs.getincrementaldecoder(name)("replace").decode(sample))
        lines = sum(counts[end] for end in _LINE_ENDS)
        plain = sum(count for letter, count in counts.items() if letter in _PRINTABLE)
        strange = sum(count for letter, count in counts.items() if _is_strange(letter, is_narrow=is_narrow))
        if 0 < lines <= plain and plain * PLAIN >= counts.total() >= strange * MEANINGFUL:
            return name
    return None


def _is_strange(letter: str, *, is_narrow: bool) -> bool:
    """No text is written with it; or it is what a pair of bytes of a narrower encoding gives."""
    if letter in "\t\r\n":
        return False
    is_by_chance = is_narrow and letter >= FIRST_IDEOGRAPH
    return is_by_chance or letter == REPLACEMENT or unicodedata.category(letter) in _MEANINGLESS
