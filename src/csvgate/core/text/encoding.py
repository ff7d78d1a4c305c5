"""The stored bytes of a text and its encoding in; bytes that a byte scanner can read, out.

The scanner reads bytes in which delimiters, quotes and line ends are ASCII, and nothing else is: UTF-8 and the
single-byte code pages as they are; UTF-16 and the code pages of East Asia are transcoded to UTF-8 on the way, and
offsets are counted back.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
# In these, the second byte of a character may be ASCII, such as `|` or a backslash.
MULTIBYTE = ("cp932", "euc-jp", "gb18030", "cp950", "cp949")
# What decodes to a character that is written in fewer bytes is not decoded: offsets are counted back.
UNFAITHFUL = {"euc-jp": b"\x8f\xa2\xb7"}
# Stands for bytes that cannot be decoded. It is scanned as a byte that is never UTF-8, so that the U+FFFD which the
# sender's own software wrote is not taken for it.
UNDECODED, UNDECODED_BYTE = "\udcff", b"\xff"
REPLACEMENT = "\ufffd"
# Python gives the five bytes that no Japanese page assigns to private characters; they are no text.
_UNASSIGNED = re.compile("[\x80\uf8f0-\uf8f3]")
EACH_BYTE, EACH_UNIT = "csvgate.each-byte", "csvgate.each-unit"
ESCAPED = re.compile("[\udc80-\udcff]+")
# So much is decoded at once: a text may take four times the memory of its bytes.
_PIECE = re.compile(rb".{1,1048576}[\x80-\xff]*+", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoding:
    """`name` as Python knows it; `bom` bytes before the text; `is_guess` where nothing but plausibility decided.

    `rivals` are other encodings in which the text is nearly as plausible, and another one.
    """

    name: str
    bom: int = 0
    is_guess: bool = False
    rivals: tuple[str, ...] = ()

    @property
    def is_wide(self) -> bool:
        """Characters are units of two or four bytes."""
        return self.name in WIDE

    @property
    def is_transcoded(self) -> bool:
        """The text is transcoded before it is scanned."""
        return self.name in WIDE or self.name in MULTIBYTE

    @property
    def scanned_as(self) -> str:
        """The encoding of the bytes that the scanner sees."""
        return "utf-8" if self.is_transcoded else self.name


class Transcoder:
    """Blocks of text in, the same text as UTF-8 out; what cannot be decoded becomes UNDECODED_BYTE.

    `left_over` bytes at the end of the file are no whole character.
    """

    def __init__(self, encoding: Encoding) -> None:
        """Nothing is decoded yet."""
        self.left_over = 0
        self._is_japanese = encoding.name == "cp932"
        self._unfaithful = UNFAITHFUL.get(encoding.name)
        self._decoder = codecs.getincrementaldecoder(encoding.name)(EACH_UNIT if encoding.is_wide else EACH_BYTE)

    def blocks(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """As many blocks, transcoded."""
        for block in blocks:
            text = self._decoder.decode(self._without_unfaithful(block) if self._unfaithful else block)
            yield (_UNASSIGNED.sub(UNDECODED, text) if self._is_japanese else text).encode("utf-8", "surrogateescape")
        self.left_over = len(self._decoder.getstate()[0])

    def _without_unfaithful(self, block: bytes) -> bytes:
        """The block, and what is pending of the one before, with bytes that are never valid in place of such."""
        pending = self._decoder.getstate()[0]
        self._decoder.reset()
        wanted = self._unfaithful or b""
        return (pending + block).replace(wanted, b"\xff" * len(wanted))


def pieces_of(data: bytes) -> Iterator[bytes]:
    """The scanned bytes, cut only where ASCII begins: no character is cut, nor a run of bytes that are none."""
    return (match.group() for match in _PIECE.finditer(data))


def stored_length(data: bytes, encoding: Encoding) -> int:
    """How many bytes of the file the scanned bytes stand for."""
    if not encoding.is_transcoded:
        return len(data)
    return sum(len(stored(piece, encoding)) for piece in pieces_of(data))


def stored(data: bytes, encoding: Encoding) -> bytes:
    """The bytes of the file that the scanned bytes stand for; where they could not be decoded, as many others."""
    if not encoding.is_transcoded:
        return data
    return data.decode("utf-8", "surrogateescape").encode(encoding.name, "replace")


def _each_byte(error: UnicodeError) -> tuple[str, int]:
    """One mark for one byte that cannot be decoded, so that bytes can be counted back; ASCII is never swallowed."""
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101  the handler is only named where bytes are decoded
    return UNDECODED, error.start + 1


def _each_unit(error: UnicodeError) -> tuple[str, int]:
    """One mark for one unit of a wide encoding."""
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101  as above
    return UNDECODED, error.end


codecs.register_error(EACH_BYTE, _each_byte)
codecs.register_error(EACH_UNIT, _each_unit)
