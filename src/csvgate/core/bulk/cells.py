"""Where the cells of one column are in; their words, lengths, texts and keys out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from csvgate.core.bulk.words import FIRST_BYTES, HASH_FACTORS, WORD, Page, Places, Words, folded, places_of
from csvgate.core.columns import abridged, hashing

# Longer cells have no key: they are taken one by one.
LONGEST = hashing.LONGEST
# So many bytes hold more characters than are shown of any value.
HEAD = 4 * (abridged.LONGEST + 1)
# Odd, and other than those of the hash: both sums together tell values apart.
_FACTORS = np.array([hashing.mix(factor) | 1 for factor in hashing.FACTORS], np.uint64)
_FACTORS[0] = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Cells:
    """Cells in the order of the file: `sizes` bytes from `starts` on.

    `extra` of them are no characters of their own, where there are such bytes. `seen` are words that were read, here
    or in the cells from which these were `taken`.
    """

    page: Page
    starts: Places
    sizes: Places
    extra: Places | None = None
    seen: dict[int, Words] = field(default_factory=dict, repr=False, compare=False)
    taken: tuple[Cells, Places | slice] | None = field(default=None, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.starts)

    def texts(self, rows: Places | None = None) -> Sequence[str]:
        """What counters keep of the cells, or of these rows: their texts, abridged where they are long."""
        part = self if rows is None else self.take(rows)
        return abridged.abridge(part.page.texts(part.starts, part.starts + part.sizes))

    def heads(self, rows: Places) -> Sequence[str]:
        """Of these rows the texts that are short, and of long ones more than counters show."""
        part = self.take(rows)
        short = part.page.texts(part.starts, part.starts + np.minimum(part.sizes, HEAD), errors="ignore")
        return [text[: abridged.LONGEST + 1] for text in short]

    def text(self, row: int) -> str:
        """What counters keep of one cell."""
        start = int(self.starts[row])
        found = self.page.text(start, start + int(self.sizes[row]))
        return found if len(found) <= abridged.LONGEST else abridged.abridge([found])[0]

    @property
    def lengths(self) -> Places:
        """How many characters each has."""
        return self.sizes if self.extra is None else self.sizes - self.extra

    def take(self, rows: Places | slice) -> Cells:
        """These rows only."""
        extra = None if self.extra is None else self.extra[rows]
        return Cells(page=self.page, starts=self.starts[rows], sizes=self.sizes[rows], extra=extra, taken=(self, rows))

    def words(self, number: int) -> Words:
        """The word of that number (from 0) of each cell; zeros stand for what is behind its end.

        They are read once: pages are larger than what the processor has at hand.
        """
        if number not in self.seen:
            whole, rows = self.taken or (self, slice(None))
            self.seen[number] = whole.seen[number][rows] if number in whole.seen else self._read(number)
        return self.seen[number]

    def _read(self, number: int) -> Words:
        if not number:
            found, left = self.page.words_at(self.starts), self.sizes
        else:
            found, left = self.page.words_near(self.starts + WORD * number), self.sizes - WORD * number
        return found if left.min() >= WORD else found & FIRST_BYTES[np.clip(left, 0, WORD)]


@dataclass(frozen=True, slots=True)
class Keys:
    """Two numbers for each cell, the same for the same value only; `hash` is what `hashing` mixes."""

    hash: Words
    other: Words

    def take(self, rows: Places | slice) -> Keys:
        """The keys of these rows only."""
        return Keys(self.hash[rows], self.other[rows])


def keys_of(cells: Cells, first: Words) -> Keys:
    """The keys of cells of LONGEST bytes at the most, whose first words are given.

    Of a value of one word they are its bytes, in two ways; of a longer one 128 bits that depend on all of them.
    """
    hashes, others = folded(first) * HASH_FACTORS[0], first.copy()
    live: Places | slice = slice(None)
    rest, number = cells, 1
    while longer := np.count_nonzero(rest.sizes > WORD * number):
        if 2 * longer < len(rest):
            rows = places_of(rest.sizes > WORD * number)
            live, rest = rows if isinstance(live, slice) else live[rows], rest.take(rows)
        words = rest.words(number)
        hashes[live] += folded(words) * HASH_FACTORS[number]
        others[live] += words * _FACTORS[number]
        number += 1
    return Keys(hashes, others)


def least_of(cells: Cells, first: Words) -> str:
    """The first of all texts by code point."""
    return _extreme(cells, first, np.argmin)


def greatest_of(cells: Cells, first: Words) -> str:
    """The last of all texts by code point."""
    return _extreme(cells, first, np.argmax)


def _extreme(cells: Cells, first: Words, pick: Callable[[Words], np.intp]) -> str:
    """Word by word, among those that are still equal; abridged texts differ in their digests only."""
    words, rest, number = first, cells, 0
    while True:
        best = pick(words)
        if number == 0 and cells.sizes[best] < WORD:
            return cells.text(int(best))  # its end is in the word: no other begins like it
        (equal,) = (words == words[best]).nonzero()
        number += 1
        if len(equal) < len(rest):
            rest = rest.take(equal)
        if len(rest) == 1 or number * WORD >= HEAD or rest.sizes.max() <= WORD * number:
            return rest.text(0)
        words = rest.words(number)
