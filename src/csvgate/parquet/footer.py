"""The end of a Parquet file in; how many rows its footer says the file has, out.

The footer is a FileMetaData of parquet.thrift in Thrift's compact protocol, its length in four bytes, and `PAR1`.
Read here, and not by what wrote it: so that rows are counted by another one.
"""

from __future__ import annotations

from collections.abc import Iterator

from csvgate.errors import PermanentError

MAGIC = b"PAR1"
# The length of the footer, and the magic number.
TAIL = 8
NUM_ROWS = 3
_BINARY, _LIST, _SET, _STRUCT = 8, 9, 10, 12
_DOUBLE, _BYTE, _BOOLEANS = 7, 3, (1, 2)
_LONG_FORM = 15


def length_of(tail: bytes) -> int:
    """How many bytes the footer has, as the last eight of a file say, these included."""
    if len(tail) < TAIL or not tail.endswith(MAGIC):
        message = "what was stored does not end as a Parquet file does"
        raise PermanentError(message)
    return int.from_bytes(tail[-TAIL:-4], "little") + TAIL


def row_count(footer: bytes) -> int:
    """How many rows there are; `footer` may begin before the footer does."""
    start = len(footer) - length_of(footer)
    reader = _Compact(footer, start)
    for field, kind in reader.fields():
        if field == NUM_ROWS:
            return reader.number()
        reader.skip(kind)
    message = "the footer of a Parquet file does not say how many rows there are"
    raise PermanentError(message)


class _Compact:
    """Thrift's compact protocol, as far as it takes to skip what is not wanted."""

    def __init__(self, data: bytes, position: int) -> None:
        self._data = data
        self._at = position

    def fields(self) -> Iterator[tuple[int, int]]:
        """Number and kind of each field of a struct; the caller reads or skips it before asking for the next."""
        number = 0
        while byte := self._byte():
            number = number + (byte >> 4) if byte >> 4 else self.number()
            yield number, byte & 15

    def number(self) -> int:
        """A zigzag integer."""
        found = self._varint()
        return (found >> 1) ^ -(found & 1)

    def skip(self, kind: int) -> None:
        """Behind a value of that kind."""
        if kind == _STRUCT:
            for _, inner in self.fields():
                self.skip(inner)
        elif kind in (_LIST, _SET):
            self._skip_list()
        elif kind == _BINARY:
            size = self._varint()
            self._at += size
        elif kind not in _BOOLEANS:
            self._skip_number(kind)

    def _skip_list(self) -> None:
        header = self._byte()
        size = self._varint() if header >> 4 == _LONG_FORM else header >> 4
        for _ in range(size):
            # In a list a boolean has a byte of its own.
            self.skip(_BYTE if header & 15 in _BOOLEANS else header & 15)

    def _skip_number(self, kind: int) -> None:
        if kind in (_BYTE, _DOUBLE):
            self._at += 1 if kind == _BYTE else 8
        else:
            self._varint()

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _varint(self) -> int:
        value, shift = 0, 0
        while (byte := self._byte()) & 0x80:
            value |= (byte & 0x7F) << shift
            shift += 7
        return value | byte << shift
