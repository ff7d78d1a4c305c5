"""Marks of many bytes in; one bit for each, sixty-four to a word, and what is asked of them all at once, out.

Two prefix sums of a simdjson kind: which bytes have an odd number of marks before them, and how many marks there are
before a place. (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", section 3.1.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csvgate.core.bulk.words import Marks, Places, Words, places_of

_WIDTH = 64
_ONE, _LAST, _INDEX = np.uint64(1), np.uint64(_WIDTH - 1), np.uint64(6)
_STEPS = [np.uint64(1 << step) for step in range(6)]


@dataclass(frozen=True, slots=True, eq=False)
class Bits:
    """`size` bits, the first in the lowest place of the first word; those behind them are zero."""

    words: Words
    size: int

    @classmethod
    def of(cls, marks: Marks) -> Bits:
        """A bit for each mark."""
        packed = np.packbits(marks, bitorder="little")
        words = np.zeros(-(-len(marks) // _WIDTH), "<u8")
        words.view(np.uint8)[: len(packed)] = packed
        return cls(words, len(marks))

    def __and__(self, other: Bits) -> Bits:
        return Bits(self.words & other.words, self.size)

    def __or__(self, other: Bits) -> Bits:
        return Bits(self.words | other.words, self.size)

    def without(self, other: Bits) -> Bits:
        """Those of these bits that the other does not have."""
        return Bits(self.words & ~other.words, self.size)

    def any(self) -> bool:
        """Some bit is set."""
        return bool(self.words.any())

    def first(self) -> int:
        """The place of the first bit that is set; the size where none is."""
        if not self.any():
            return self.size
        at = int((self.words != 0).argmax())
        word = int(self.words[at])
        return at * _WIDTH + (word & -word).bit_length() - 1

    def places(self, stop: int) -> Places:
        """The places of all bits that are set before this one."""
        marks = np.unpackbits(self.words.view(np.uint8), count=stop, bitorder="little")
        return places_of(marks.view(np.bool_))

    def count(self, stop: int) -> int:
        """How many bits are set before this place."""
        whole, rest = divmod(stop, _WIDTH)
        last = int(self.words[whole]) & ((1 << rest) - 1) if rest else 0
        return int(np.bitwise_count(self.words[:whole]).sum(dtype=np.int64)) + last.bit_count()

    def before(self, places: Places) -> Places:
        """How many bits are set before each place."""
        counts = np.bitwise_count(self.words).astype(np.int64)
        counts[1:], counts[0] = np.cumsum(counts)[:-1], 0
        at = places >> 6
        below = (_ONE << (places.view(np.uint64) & _LAST)) - _ONE
        found: Places = counts[at] + np.bitwise_count(self.words[at] & below)
        return found

    def parity(self) -> Bits:
        """Set where an odd number of bits is set, up to and with the place itself."""
        words = self.words.copy()
        for step in _STEPS:
            words ^= words << step
        ends = words >> _LAST
        odd_before = np.bitwise_xor.accumulate(ends) ^ ends
        return Bits(words ^ (np.uint64(0) - odd_before), self.size)

    def later(self, *, first: bool) -> Bits:
        """Each bit one place further on, behind a first one."""
        words = self.words << _ONE
        words[1:] |= self.words[:-1] >> _LAST
        words[:1] |= np.uint64(first)
        return Bits(words, self.size)

    def earlier(self, *, last: bool) -> Bits:
        """Each bit one place ahead, before a last one."""
        words = self.words >> _ONE
        words[:-1] |= self.words[1:] << _LAST
        words[-1:] |= np.uint64(last) << np.uint64((self.size - 1) % _WIDTH)
        return Bits(words, self.size)
