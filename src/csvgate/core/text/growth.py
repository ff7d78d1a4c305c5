"""The pieces of a file that is being unpacked in; whether it grows out of all proportion, out.

No ratio tells a bomb: a table of zeros shrinks a thousandfold, as far as deflate goes. What tells it is that it is no
table: blank lines, ragged records, stray quotes, one long line. Of such, little is read; of a table, gigabytes are.
"""

from __future__ import annotations

import codecs
import re

from csvgate.core.dialect import Dialect

# What shrinks less is never a bomb.
BOMB_RATIO = 100
# So much is unpacked of what is no plain table, and so much at all: the time that it takes is bounded.
NO_TABLE_LIMIT, LIMIT = 4 * 1024 * 1024, 8 * 1024 * 1024 * 1024


class Growth:
    """Follows a file as it is unpacked; what is no table counts from when the dialect is known."""

    def __init__(self) -> None:
        """Nothing was unpacked."""
        self._size = self._odd = 0
        self._table: TableText | None = None

    def expect(self, dialect: Dialect, width: int) -> None:
        """From here on, records of so many cells are written so."""
        self._table = TableText(dialect, width)

    def is_out_of_hand(self, piece: bytes, stored: int) -> bool:
        """Whether, with this piece, so many stored bytes have become too many."""
        self._size += len(piece)
        if self._size <= BOMB_RATIO * stored:
            return False
        if self._table and not self._table.holds(piece):
            self._odd += len(piece)
        return self._odd > NO_TABLE_LIMIT or self._size > LIMIT


class TableText:
    """Knows how the records of a table are written, as stored bytes, and that they all have one width."""

    def __init__(self, dialect: Dialect, width: int) -> None:
        """The line end is the one that the head has most often."""
        name, end = dialect.encoding, dialect.line_terminators[0]
        self._name, self._width, self._is_crlf = name, width, end == "\r\n"
        self._end, self._return, self._nul = (mark.encode(name) for mark in (end, "\r", "\0"))
        self._delimiter, quote = dialect.delimiter.encode(name), (dialect.quote_char or '"').encode(name)
        self._quote = quote
        self._quoted = re.compile(re.escape(quote) + b"[^" + re.escape(quote) + b"]*+" + re.escape(quote))
        before, behind = (self._delimiter, end[-1].encode(name)), (self._delimiter, self._end)
        self._edges = (*(mark + quote for mark in before), *(quote + mark for mark in behind))

    def holds(self, piece: bytes) -> bool:
        """Whether the piece is of plain records, told by counting; one that is cut out may lack a part at each end."""
        if self._nul in piece or not self._is_text(piece):
            return False
        if self._quote not in piece:
            return self._is_even(piece)
        # It is not known whether the piece begins within quotes.
        rest = piece[piece.index(self._quote) + len(self._quote) :]
        return self._is_quoted(piece) and (self._is_even(self._outside(piece)) or self._is_even(self._outside(rest)))

    def _is_even(self, text: bytes) -> bool:
        """There are as many delimiters as so many lines have, and no line is blank or ends in another way."""
        ends = text.count(self._end)
        if not ends or self._end * 2 in text or text.count(self._return) - ends * self._is_crlf > 1:
            return False
        return abs(text.count(self._delimiter) - ends * (self._width - 1)) <= self._width

    def _outside(self, piece: bytes) -> bytes:
        """What stands outside of quotes, up to one that is not closed."""
        return self._quoted.sub(b"", piece).partition(self._quote)[0]

    def _is_quoted(self, piece: bytes) -> bool:
        """Every quote begins a cell, ends one, or is doubled."""
        inner = piece.count(self._quote) - sum(map(piece.count, self._edges))
        return inner <= 2 * piece.count(self._quote * 2) + len(self._edges)

    def _is_text(self, piece: bytes) -> bool:
        """It is UTF-8, unless the file is in another encoding."""
        if piece.isascii() or self._name != "utf-8":
            return True
        try:
            codecs.getincrementaldecoder("utf-8")().decode(piece.lstrip(_CONTINUATION))
        except UnicodeDecodeError:
            return False
        return True


_CONTINUATION = bytes(range(0x80, 0xC0))
