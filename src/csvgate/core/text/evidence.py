"""Bytes of a text in; what speaks for and against UTF-8 in them out: evidence of parts adds up to that of the whole."""

from __future__ import annotations

from codecs import utf_8_decode
from collections.abc import Iterator
from dataclasses import dataclass

from csvgate.core.text.encoding import ESCAPED

# So many bytes of lines that are no UTF-8 tell in which code page they are written.
ENOUGH = 32 * 1024
# So many bytes are decoded at once: what they give stays at hand for the processor.
_PIECE = 64 * 1024
# A character beyond ASCII has one of these bytes, its first, and they stand nowhere else.
_LEADS = bytes(range(0xC0, 0x100))


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """`valid` characters beyond ASCII, `invalid` bytes, and a `sample`: the first lines that hold such bytes."""

    valid: int = 0
    invalid: int = 0
    sample: bytes = b""

    def __add__(self, other: Evidence) -> Evidence:
        """The evidence of both parts."""
        sample = (self.sample + other.sample)[:ENOUGH]
        return Evidence(valid=self.valid + other.valid, invalid=self.invalid + other.invalid, sample=sample)

    @property
    def is_enough(self) -> bool:
        """The sample is full."""
        return len(self.sample) == ENOUGH


def evidence_of(data: bytes) -> Evidence:
    """The evidence of some whole lines."""
    if data.isascii():
        return Evidence()
    size = letters = 0
    for text, length in _decoded(data):
        letters += _letters(text, data[size : size + length])
        size += length
    if size == len(data):
        return Evidence(valid=letters)
    text = data.decode("utf-8", "surrogateescape")
    invalid = sum(map(len, ESCAPED.findall(text)))
    valid = len(text) - len(text.encode("ascii", "ignore")) - invalid
    sample = b"".join(line for line in data.splitlines(keepends=True) if not is_utf8(line))
    return Evidence(valid=valid, invalid=invalid, sample=sample[:ENOUGH])


def is_utf8(data: bytes) -> bool:
    """All of it is valid UTF-8."""
    return data.isascii() or valid_utf8(data) == len(data)


def valid_utf8(data: bytes) -> int:
    """How many bytes are valid before the first that is not."""
    return sum(length for _, length in _decoded(data))


def _decoded(data: bytes) -> Iterator[tuple[str, int]]:
    """The text, piece by piece, and the bytes of each, up to the first that is no UTF-8."""
    view, at = memoryview(data), 0
    while at < len(data):
        try:
            text, length = utf_8_decode(view[at : at + _PIECE], "strict", at + _PIECE >= len(data))
        except UnicodeDecodeError as error:
            yield str(view[at : at + error.start], "utf-8"), error.start
            return
        yield text, length
        at += length


def _letters(text: str, written: bytes) -> int:
    """The characters beyond ASCII of a text that is written so; those of Latin-1 have two bytes each."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return len(written) - len(written.translate(None, _LEADS))
    return len(written) - len(text)
