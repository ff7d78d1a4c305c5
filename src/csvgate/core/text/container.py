"""Stored bytes in, in any chunks; decompressed blocks of exact size, a hash and a size out.

Knows what is packed by its first bytes; how it is unpacked, `inflate` and `unzip` know. Never holds more than a block
and a chunk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Literal

from csvgate.core.dialect import Dialect
from csvgate.core.text.growth import Growth
from csvgate.core.text.inflate import DamagedError, Inflate, RefusedError, bunzip, gunzip, unxz, unzstd
from csvgate.core.text.unzip import MAGIC as ZIP_MAGIC
from csvgate.core.text.unzip import is_document, unzip

# So many bytes tell the compression, and a packed file from a document that is a zip archive inside.
MAGIC_LENGTH = 64
SLICE = 64 * 1024
# The marks of a first block and of an empty stream: the digits of pi and of its square root.
BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")

Compression = Literal["gzip", "bzip2", "xz", "zstd", "zip"]
StreamFault = Literal["truncated", "compression-bomb"]

INFLATE: dict[Compression, Inflate] = {"gzip": gunzip, "bzip2": bunzip, "xz": unxz, "zstd": unzstd, "zip": unzip}
MAGIC: tuple[tuple[bytes, Compression], ...] = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x50\x2a\x4d\x18", "zstd"),  # a frame to skip, with which pzstd begins (RFC 8878, section 3.1.2)
)


def compression_of(head: bytes) -> Compression | None:
    """The compression that the first bytes announce (MAGIC_LENGTH of them, if there are so many)."""
    if head.startswith(b"BZh"):
        return "bzip2" if head[4:10] in BZIP2_BLOCKS else None
    if head.startswith(ZIP_MAGIC):
        return None if is_document(head) else "zip"
    return next((name for magic, name in MAGIC if head.startswith(magic)), None)


class Reader:
    """Pieces of any size, handed out in exactly the sizes asked for: how they were cut never shows."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        """Nothing is read yet."""
        self._pieces = pieces
        self._ready = b""

    def read(self, size: int) -> bytes:
        """The next `size` bytes; fewer only at the end."""
        parts, missing = [self._ready], size - len(self._ready)
        while missing > 0 and (piece := next(self._pieces, None)) is not None:
            parts.append(piece)
            missing -= len(piece)
        last = parts.pop()
        # Of the last piece not all is asked for; each byte is copied once.
        end = len(last) + min(missing, 0)
        self._ready = last[end:]
        return b"".join([*parts, last[:end]]) if any(parts) else last[:end]


class ByteStream:
    """The decompressed bytes of a source, front to back; `stored_size` and `sha256` cover what was read so far.

    `fault` says what is wrong with the compressed data; `refusal` why there is no file to be read from them.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        """The first chunk is read, to learn the compression."""
        self.stored_size = 0
        self.inflated_size = 0
        self.fault: StreamFault | None = None
        self.refusal: str | None = None
        self._taken = 0
        self._growth = Growth()
        self._hash = hashlib.sha256()
        self._stored = self._counted(chunks)
        first = _at_least(self._stored, MAGIC_LENGTH)
        self.compression = compression_of(first)
        self._reader = Reader(self._inflated(_prepend(first, self._stored)))

    def read(self, size: int) -> bytes:
        """The next `size` decompressed bytes; fewer only at the end."""
        return self._reader.read(size)

    def expect(self, dialect: Dialect, width: int) -> None:
        """From here on, what is no table of so many columns is only unpacked within bounds."""
        if self.compression:
            self._growth.expect(dialect, width)

    def drain(self) -> None:
        """The stored bytes are read, counted and hashed to their end, whatever was wrong in them.

        An archive is unpacked to its end, too: only there it shows that it holds a second file.
        """
        while self.compression == "zip" and self.read(SLICE):
            pass
        for _ in self._stored:
            pass

    @property
    def sha256(self) -> str:
        """The hash of the stored bytes read so far, in hex."""
        return self._hash.hexdigest()

    def _counted(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.stored_size += len(chunk)
            self._hash.update(chunk)
            yield chunk

    def _inflated(self, stored: Iterator[bytes]) -> Iterator[bytes]:
        if self.compression is None:
            for chunk in stored:
                self.inflated_size += len(chunk)
                yield chunk
            return
        try:
            for piece in INFLATE[self.compression](self._sliced(stored)):
                self.inflated_size += len(piece)
                if self._growth.is_out_of_hand(piece, self._taken):
                    self.fault = "compression-bomb"
                    return
                yield piece
        except DamagedError:
            self.fault = "truncated"
        except RefusedError as refused:
            self.refusal = str(refused)

    def _sliced(self, stored: Iterator[bytes]) -> Iterator[bytes]:
        """Slices of one size, so that what is a bomb never depends on how the bytes arrive."""
        reader = Reader(stored)
        while piece := reader.read(SLICE):
            self._taken += len(piece)
            yield piece


def _at_least(chunks: Iterator[bytes], size: int) -> bytes:
    head = b""
    while len(head) < size and (chunk := next(chunks, None)) is not None:
        head += chunk
    return head


def _prepend(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    for chunk in rest:  # noqa: UP028  `yield from` would close `rest` with us: it is drained later
        yield chunk
