"""Bytes of many records in; where delimiters and line ends separate them, as far as all quotes obey the rules, out.

RFC 4180: a quote opens at the start of a field and closes at its end, and inside it is doubled. Where that holds for
every quote of a stretch, each one opens or closes in turn, and what separates has an even number of quotes before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csvgate.core.bulk.bits import Bits
from csvgate.core.bulk.words import Bytes, Marks, Places, places_of

LF, CR = 10, 13
# Of so many delimiters, line ends and quotes the places are held, eight bytes each; where there are more, fewer bytes
# are looked at.
MOST_MARKS = 3_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Quoted:
    """The quotes that open a field, and the delimiters and LFs inside of quotes."""

    opening: Bits
    delimiters: Bits
    lines: Bits


@dataclass(frozen=True, kw_only=True, slots=True)
class Separators:
    """Before `stop`: where delimiters and LFs `separate`, and where quotes are `doubled`, the second of each pair.

    `quoted` is None where there are no quotes at all.
    """

    stop: int
    separate: Places
    doubled: Places
    quoted: Quoted | None

    def lines_inside(self, stop: int) -> int:
        """How many LFs are inside of quotes before this place."""
        return self.quoted.lines.count(stop) if self.quoted else 0


_NONE: Places = np.zeros(0, np.int64)


def find(data: Bytes, delimiter: int, quote: int | None) -> Separators:
    """The separators of data that begin at a record's start."""
    is_line, is_delimiter = data == LF, data == delimiter
    if quote is None or not (is_quote := data == quote).any():
        is_mark = is_line | is_delimiter
        stop = _bounded(is_mark)
        return Separators(stop=stop, separate=places_of(is_mark[:stop]), doubled=_NONE, quoted=None)
    stop = _bounded(is_line | is_delimiter | is_quote)
    lines, delimiters, quotes = (Bits.of(marks[:stop]) for marks in (is_line, is_delimiter, is_quote))
    return _outside(data[:stop], lines, delimiters, quotes)


def _bounded(is_mark: Marks) -> int:
    """The length of a beginning with no more marks than are held."""
    size = len(is_mark)
    while np.count_nonzero(is_mark[:size]) > MOST_MARKS:
        size //= 2
    return size


def _outside(data: Bytes, lines: Bits, delimiters: Bits, quotes: Bits) -> Separators:
    """As above: a separator with an odd number of quotes before it is text."""
    inside = quotes.parity()
    separators = lines | delimiters
    opening, closing = quotes & inside, quotes.without(inside)
    stop = _first_fault(data, opening, closing, separators | quotes)
    doubled = opening & closing.later(first=False)
    return Separators(
        stop=stop,
        separate=separators.without(inside).places(stop),
        doubled=doubled.places(stop) if doubled.any() else _NONE,
        quoted=Quoted(opening=opening.without(doubled), delimiters=delimiters & inside, lines=lines & inside),
    )


def _first_fault(data: Bytes, opening: Bits, closing: Bits, marks: Bits) -> int:
    """The first quote that opens in a field or closes before its end; the end of the data if there is none.

    What the end of the data would show of its last byte, nobody knows yet.
    """
    is_return = data == CR
    behind = marks | Bits.of(is_return) if is_return.any() else marks
    never_opened = opening.without(marks.later(first=True))
    never_closed = closing.without(behind.earlier(last=True))
    return min(never_opened.first(), never_closed.first())
