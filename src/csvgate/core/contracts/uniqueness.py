"""Keys of rows in; which of them stood in an earlier row out: exactly, and in bounded memory.

A short key is kept as it is, a longer one as a digest of 16 bytes: that two of a million different keys have the same
one happens in one of 10^26 files. At most LIMIT keys are kept at a time, about a hundred bytes each; those of a file
with more fall into parts, and the file is read once more for each part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Protocol
from zlib import crc32

LIMIT = 1_000_000
SHORT = 16
_Kept = str | bytes


class Memory(Protocol):
    """Knows which keys stood in an earlier row."""

    def repeated(self, numbers: Sequence[int], keys: Sequence[str | None]) -> list[int]:
        """Which of the keys (from 0) did; they are those of the rows with these numbers, and None is no key."""


class Seen:
    """Remembers the keys of one part, as they come; a key of another part is never repeated."""

    def __init__(self, part: int = 0, parts: int = 1) -> None:
        """Nothing was seen yet."""
        self._part, self._parts = part, parts
        self._kept: set[_Kept] = set()

    def repeated(self, numbers: Sequence[int], keys: Sequence[str | None]) -> list[int]:  # noqa: ARG002
        """Those that were asked for before, or stand earlier among these."""
        kept = [None if key is None else _kept(key) for key in keys]
        mine = {key for key in kept if key is not None and self._is_mine(key)}
        if len(mine) == len(kept) and mine.isdisjoint(self._kept):
            self._kept |= mine
            return []
        return [at for at, key in enumerate(kept) if key is not None and key in mine and self._was_there(key)]

    def _was_there(self, key: _Kept) -> bool:
        if key in self._kept:
            return True
        self._kept.add(key)
        return False

    def _is_mine(self, key: _Kept) -> bool:
        return self._parts == 1 or crc32(_encoded(key)) % self._parts == self._part


class Known:
    """Was told beforehand which rows repeat a key; a bit for each row of the file."""

    def __init__(self, rows: int) -> None:
        """None does, as far as is known."""
        self._bits = bytearray(rows // 8 + 1)

    def add(self, numbers: Iterable[int]) -> None:
        """The rows with these numbers do."""
        for number in numbers:
            self._bits[number // 8] |= 1 << number % 8

    def repeated(self, numbers: Sequence[int], keys: Sequence[str | None]) -> list[int]:  # noqa: ARG002
        """The rows that were named."""
        return [at for at, number in enumerate(numbers) if self._bits[number // 8] >> number % 8 & 1]


def parts_for(keys: int, limit: int = LIMIT) -> int:
    """Into how many parts so many keys fall."""
    return max(1, -(-keys // limit))


def _kept(key: str) -> _Kept:
    return key if len(key) <= SHORT else blake2b(_encoded(key), digest_size=16).digest()


def _encoded(key: _Kept) -> bytes:
    return key if isinstance(key, bytes) else key.encode("utf-8", "surrogatepass")
