"""Stored bytes in, in any chunks; decompressed blocks of exact size, a hash and a size out.

Knows gzip (RFC 1952, also of several members) and bzip2. Never holds more than a block and a chunk.
"""

from __future__ import annotations

import bz2
import hashlib
import zlib
from collections.abc import Callable, Iterator
from typing import Literal

# A file that grows beyond both is a bomb; the floor lets small, very regular files pass.
BOMB_RATIO = 100
BOMB_FLOOR = 16 * 1024 * 1024
STEP = 256 * 1024
MAGIC_LENGTH = 10
# The marks of a first block and of an empty stream: the digits of pi and of its square root.
BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")

Compression = Literal["gzip", "bzip2"]
StreamFault = Literal["truncated", "compression-bomb"]


class _DamagedError(Exception):
    """The compressed data ends early or is broken; never leaves this module."""


def compression_of(magic: bytes) -> Compression | None:
    """The compression that the first ten bytes announce."""
    if magic.startswith(b"\x1f\x8b\x08"):
        return "gzip"
    return "bzip2" if magic.startswith(b"BZh") and magic[4:10] in BZIP2_BLOCKS else None


class Reader:
    """Pieces of any size, handed out in exactly the sizes asked for: how they were cut never shows."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        """Nothing is read yet."""
        self._pieces = pieces
        self._ready = bytearray()

    def read(self, size: int) -> bytes:
        """The next `size` bytes; fewer only at the end."""
        while len(self._ready) < size and (piece := next(self._pieces, None)) is not None:
            self._ready += piece
        block = bytes(memoryview(self._ready)[:size])
        del self._ready[:size]
        return block


class ByteStream:
    """The decompressed bytes of a source, front to back; `stored_size` and `sha256` cover what was read so far."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        """The first chunk is read, to learn the compression."""
        self.stored_size = 0
        self.inflated_size = 0
        self.fault: StreamFault | None = None
        self._hash = hashlib.sha256()
        self._stored = self._counted(chunks)
        first = _at_least(self._stored, MAGIC_LENGTH)
        self.compression = compression_of(first)
        self._reader = Reader(self._inflated(_prepend(first, self._stored)))

    def read(self, size: int) -> bytes:
        """The next `size` decompressed bytes; fewer only at the end."""
        return self._reader.read(size)

    def drain(self) -> None:
        """The stored bytes are read, counted and hashed to their end, whatever was wrong in them."""
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
        inflate = _gunzip if self.compression == "gzip" else _bunzip
        try:
            for piece in inflate(stored):
                self.inflated_size += len(piece)
                if self.inflated_size > max(BOMB_FLOOR, BOMB_RATIO * self.stored_size):
                    self.fault = "compression-bomb"
                    return
                yield piece
        except _DamagedError:
            self.fault = "truncated"


def _at_least(chunks: Iterator[bytes], size: int) -> bytes:
    head = b""
    while len(head) < size and (chunk := next(chunks, None)) is not None:
        head += chunk
    return head


def _prepend(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    for chunk in rest:  # noqa: UP028  `yield from` would close `rest` with us: it is drained later
        yield chunk


def _gunzip(stored: Iterator[bytes]) -> Iterator[bytes]:
    """Pieces of at most STEP bytes; zero padding after a member is not data (as gzip(1) has it)."""
    member = zlib.decompressobj(wbits=31)
    for chunk in stored:
        data, is_pending = chunk, False
        while data or is_pending:
            if member.eof:
                data = data.lstrip(b"\0")
                member = zlib.decompressobj(wbits=31) if data else member
                is_pending = False
                continue
            piece = _step(member.decompress, data)
            yield piece
            data = member.unused_data or member.unconsumed_tail  # of which only one is ever filled
            is_pending = len(piece) == STEP  # the output was cut: there may be more, even without more input
    if not member.eof:
        raise _DamagedError


def _bunzip(stored: Iterator[bytes]) -> Iterator[bytes]:
    member = bz2.BZ2Decompressor()
    for chunk in stored:
        data, is_pending = chunk, False
        while data or is_pending:
            piece = _step(member.decompress, data)
            yield piece
            is_pending = len(piece) == STEP and not member.eof
            data = member.unused_data
            if member.eof and data:
                member = bz2.BZ2Decompressor()
    if not member.eof:
        raise _DamagedError


def _step(decompress: Callable[[bytes, int], bytes], data: bytes) -> bytes:
    try:
        return decompress(data, STEP)
    except (zlib.error, OSError, EOFError) as exc:
        raise _DamagedError from exc
