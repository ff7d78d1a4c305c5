"""The bytes of a file in, as far as they were read; how its text is encoded, UTF-8 unless they say otherwise, out."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from csvgate.core.text.encoding import Encoding
from csvgate.core.text.evidence import Evidence, evidence_of

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


# Of text in Latin letters nearly every other byte is a NUL; of other alphabets those of digits and delimiters are.
NULS_IN_ASCII, NULS, STRAY_NULS = 0.9, 0.4, 0.05
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x19]")


def _wide_without_bom(head: bytes) -> str | None:
    """UTF-16 shows by NULs at every other byte of mostly Latin text (RFC 2781, section 4.3 asks for more; few obey)."""
    sample = head[:4096]
    half = len(sample) // 2
    if not half:
        return None
    even, odd = sample[0 : half * 2 : 2].count(0), sample[1 : half * 2 : 2].count(0)
    many = (NULS_IN_ASCII if sample.replace(b"\0", b"").isascii() and not _CONTROL.search(sample) else NULS) * half
    if odd > many and even < STRAY_NULS * half:
        return "utf-16-le"
    return "utf-16-be" if even > many and odd < STRAY_NULS * half else None
