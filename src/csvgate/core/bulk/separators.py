"""Bytes of many records in; where delimiters and line ends separate them, as far as all quotes obey the rules, out.

RFC 4180: a quote opens at the start of a field and closes at its end, and inside it is doubled. Where that holds for
every quote of a stretch, each one opens or closes in turn, and what separates has an even number of quotes before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csvgate.core.bulk.words import Bytes, Marks, Places

LF, CR = 10, 13
# Of so many delimiters, line ends and quotes the places are held, eight bytes each; where there are more, fewer bytes
# are looked at.
MOST_MARKS = 3_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Separators:
    """Where delimiters and LFs are: those that `separate`, and of each kind those `inside` of quotes.

    `opening` are the quotes that open a field, `doubled` the second ones of pairs inside of one.
    All hold for the bytes before `stop`.
    """

    stop: int
    separate: Places
    opening: Places
    doubled: Places
    delimiters_inside: Places
    lines_inside: Places


_NONE: Places = np.zeros(0, np.int64)


def find(data: Bytes, delimiter: int, quote: int | None) -> Separators:
    """The separators of data that begin at a record's start."""
    is_mark = data == delimiter
    is_mark |= data == LF
    if quote is None or not (is_quote := data == quote).any():
        stop = _bounded(is_mark)
        return Separators(
            stop=stop,
            separate=np.flatnonzero(is_mark[:stop]),
            opening=_NONE,
            doubled=_NONE,
            delimiters_inside=_NONE,
            lines_inside=_NONE,
        )
    is_mark |= is_quote
    stop = _bounded(is_mark)
    return _outside(data[:stop], np.flatnonzero(is_mark[:stop]), delimiter, quote)


def _bounded(is_mark: Marks) -> int:
    """The length of a beginning with no more marks than are held."""
    size = len(is_mark)
    while np.count_nonzero(is_mark[:size]) > MOST_MARKS:
        size //= 2
    return size


def _outside(data: Bytes, marks: Places, delimiter: int, quote: int) -> Separators:
    """As above; the marks are all separators and quotes: a separator with an odd number of quotes before it is text."""
    are_quotes = data[marks] == quote
    quotes = marks[are_quotes]
    stop = _first_fault(data, quotes, delimiter, quote)
    quotes, count = quotes[quotes < stop], int(np.searchsorted(marks, stop))
    marks, are_quotes = marks[:count], are_quotes[:count]
    is_inside = (np.cumsum(are_quotes, dtype=np.uint8) & 1).view(np.bool_)
    places, is_inside = marks[~are_quotes], is_inside[~are_quotes]
    inside = places[is_inside]
    is_line = data[inside] == LF
    is_doubled = np.zeros(len(quotes), np.bool_)
    is_doubled[2::2] = quotes[2::2] == quotes[1:-1:2] + 1
    return Separators(
        stop=stop,
        separate=places[~is_inside],
        opening=quotes[0::2][~is_doubled[0::2]],
        doubled=quotes[is_doubled],
        delimiters_inside=inside[~is_line],
        lines_inside=inside[is_line],
    )


def _first_fault(data: Bytes, quotes: Places, delimiter: int, quote: int) -> int:
    """The first quote that opens in a field or closes before its end; the end of the data if there is none."""
    opening, closing = quotes[0::2], quotes[1::2]
    before = data[opening - 1]
    is_open = (before == delimiter) | (before == LF) | (before == quote) | (opening == 0)
    behind = data[np.minimum(closing + 1, len(data) - 1)]
    is_close = (behind == delimiter) | (behind == LF) | (behind == quote) | (behind == CR)
    # What the end of the data would show of its last byte, nobody knows yet.
    is_close |= closing + 1 == len(data)
    faults = [*opening[~is_open][:1], *closing[~is_close][:1]]
    return int(min(faults, default=len(data)))
