"""Bytes of a text in; what speaks for and against UTF-8 in them out: evidence of parts adds up to that of the whole."""

from __future__ import annotations

from dataclasses import dataclass

from csvgate.core.text.encoding import ESCAPED

# So many bytes of lines that are no UTF-8 tell in which code page they are written.
ENOUGH = 32 * 1024
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
    if is_utf8(data):
        return Evidence(valid=len(data) - len(data.translate(None, _LEADS)))
    text = data.decode("utf-8", "surrogateescape")
    invalid = sum(map(len, ESCAPED.findall(text)))
    valid = len(text) - len(text.encode("ascii", "ignore")) - invalid
    sample = b"".join(line for line in data.splitlines(keepends=True) if not is_utf8(line))
    return Evidence(valid=valid, invalid=invalid, sample=sample[:ENOUGH])


def is_utf8(data: bytes) -> bool:
    """All of it is valid UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
