"""Bytes of a text in; what speaks for and against UTF-8 in them out: evidence of parts adds up to that of the whole."""

from __future__ import annotations

from codecs import utf_8_decode
from dataclasses import dataclass

from csvgate.core.text.encoding import ESCAPED

# So many bytes of lines that are no UTF-8 tell in which code page they are written.
ENOUGH = 32 * 1024
# So many bytes are decoded at once: what they give stays at hand for the processor.
_PIECE = 64 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """How many bytes continue a `valid` character and how many are `invalid`; of the lines with such, a `sample`."""

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
    size, characters = valid_utf8(data)
    if size == len(data):
        return Evidence(valid=size - characters)
    text = data.decode("utf-8", "surrogateescape")
    invalid = sum(map(len, ESCAPED.findall(text)))
    sample = b"".join(line for line in data.splitlines(keepends=True) if not is_utf8(line))
    return Evidence(valid=len(data) - len(text), invalid=invalid, sample=sample[:ENOUGH])


def is_utf8(data: bytes) -> bool:
    """All of it is valid UTF-8."""
    return data.isascii() or valid_utf8(data)[0] == len(data)


def valid_utf8(data: bytes) -> tuple[int, int]:
    """How many bytes are valid before the first that is not, and how many characters were met on the way there."""
    view, at, characters = memoryview(data), 0, 0
    while at < len(data):
        try:
            text, size = utf_8_decode(view[at : at + _PIECE], "strict", at + _PIECE >= len(data))
        except UnicodeDecodeError as error:
            return at + error.start, characters
        at, characters = at + size, characters + len(text)
    return at, characters
