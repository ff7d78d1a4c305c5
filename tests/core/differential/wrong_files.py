"""How large in; a valid file that DuckDB's parallel reader refuses or miscounts, piece by piece, out.

Each has the columns `a` (a number from 0) and `b` (a text of many lines, most of which look like records). DuckDB cuts
a file into buffers and guesses whether a buffer begins inside quotes; in these, it guesses wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

HEADER = b"a,b\n"
# The one line of Q, as it is written.
LINE = b'line one, with ""q"" and more text\n'


@dataclass(frozen=True, kw_only=True, slots=True)
class WrongFile:
    """`text_of(i)` is what stands between the quotes of record `i`, as it is written."""

    records: int
    text_of: Callable[[int], bytes]

    def pieces(self) -> Iterator[bytes]:
        """The bytes of the file, record by record."""
        yield HEADER
        for number in range(self.records):
            yield b'%d,"%s"\n' % (number, self.text_of(number))

    def longest(self) -> int:
        """The characters of the longest text, as it is meant."""
        return max(len(self.text_of(number).replace(b'""', b'"')) for number in range(min(self.records, 40)))


def q(records: int) -> WrongFile:
    """Texts of one to forty lines."""
    return WrongFile(records=records, text_of=lambda number: LINE * (1 + number % 40))


def r(records: int, lines: int) -> WrongFile:
    """Texts of very many lines that are records of their own to everybody who does not see the quotes."""
    text = b"".join(b"%d,inner row text\n" % number for number in range(lines))
    return WrongFile(records=records, text_of=lambda _: text)


def r2(records: int, lines: int) -> WrongFile:
    """The same with quotes inside, doubled as they should be."""
    text = b"".join(b'%d,""inner"" row, text\n' % number for number in range(lines))
    return WrongFile(records=records, text_of=lambda _: text)


def s(records: int) -> WrongFile:
    """Short texts of three lines that look like records."""
    return WrongFile(records=records, text_of=lambda _: b'7,x\n8,y\n9,""z""')
