"""Compressed chunks in, in any sizes; decompressed pieces of at most STEP bytes out: gzip, bzip2, xz and Zstandard.

All four may hold several members one after the other; zero bytes between or behind them are padding.
"""

from __future__ import annotations

import bz2
import sys
import zlib
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain
from typing import Any, Protocol

STEP = 256 * 1024
# xz may ask for gigabytes; `xz -9` asks for 65 MiB.
MAX_MEMORY = 128 * 1024 * 1024
NO_ZSTD = "Zstandard-compressed data (to read it: Python 3.14, or pip install 'csvgate[zstd]')"
TOO_MUCH_MEMORY = "compressed data that needs too much memory to be read"

Inflate = Callable[[Iterator[bytes]], Iterator[bytes]]


class DamagedError(Exception):
    """The compressed data ends early or is broken; `container` makes a fault of it."""


class EndsEarlyError(DamagedError):
    """The compressed data are sound as far as they go."""


class RefusedError(Exception):
    """The data is sound, but no single file that can be read from it; the argument says what it is."""


class _Member(Protocol):
    """A decompressor as in PEP 784: what does not fit into the output is kept inside."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def gunzip(stored: Iterator[bytes]) -> Iterator[bytes]:
    """The content of all members (RFC 1952); of damaged data, at least what their first chunk gives.

    isal reads them about one and a half times as fast as zlib.
    """
    first, given = next(stored, b""), 0
    try:
        for piece in _gunzip(chain((first,), stored), *_deflate()):
            given += len(piece)
            yield piece
    except DamagedError:
        yield from _salvaged(first, given)
        raise


def _gunzip(stored: Iterator[bytes], inflate: Callable[[int], Any], error: type[Exception]) -> Iterator[bytes]:
    member = inflate(31)
    for chunk in stored:
        data, is_pending = chunk, False
        while data or is_pending:
            if member.eof:
                data = data.lstrip(b"\0")
                member = inflate(31) if data else member
                is_pending = False
                continue
            piece = step(member.decompress, data, error)
            yield piece
            data = member.unused_data or member.unconsumed_tail  # of which only one is ever filled
            is_pending = len(piece) == STEP  # the output was cut: there may be more, even without more input
    if not member.eof:
        raise EndsEarlyError


def _salvaged(data: bytes, given: int) -> Iterator[bytes]:
    """What data up to the damage give, behind so many bytes: a step that fails takes along what it had found."""
    sound = bisect_left(range(1, len(data) + 1), x=True, key=lambda size: _is_broken(data[:size]))
    with suppress(EndsEarlyError):
        for piece in _gunzip(iter([data[:sound]]), zlib.decompressobj, zlib.error):
            yield piece[given:]
            given = max(0, given - len(piece))


def _is_broken(data: bytes) -> bool:
    """The data are damaged, not merely cut."""
    try:
        for _ in _gunzip(iter([data]), zlib.decompressobj, zlib.error):
            pass
    except EndsEarlyError:
        return False
    except DamagedError:
        return True
    return False


def _deflate() -> tuple[Callable[[int], Any], type[Exception]]:
    try:
        from isal import igzip_lib, isal_zlib  # noqa: PLC0415  other files need not pay for it
    except ImportError:
        return lambda wbits: zlib.decompressobj(wbits=wbits), zlib.error
    return lambda wbits: isal_zlib.decompressobj(wbits=wbits), igzip_lib.IsalError  # type: ignore[return-value]  # its stub takes the class for an error


def bunzip(stored: Iterator[bytes]) -> Iterator[bytes]:
    """The content of a bzip2 file."""
    return _members(stored, bz2.BZ2Decompressor, OSError)


def unxz(stored: Iterator[bytes]) -> Iterator[bytes]:
    """The content of an xz file."""
    import lzma  # noqa: PLC0415  xz is rare: other files need not pay for it

    def member() -> _Member:
        return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=MAX_MEMORY)

    return _members(stored, member, lzma.LZMAError)


def unzstd(stored: Iterator[bytes]) -> Iterator[bytes]:
    """The content of a Zstandard file (RFC 8878); refused where this Python cannot read it."""
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd  # noqa: PLC0415  as above
        else:
            from backports import zstd  # noqa: PLC0415  an extra, which need not be installed
    except ImportError:
        raise RefusedError(NO_ZSTD) from None
    return _members(stored, zstd.ZstdDecompressor, zstd.ZstdError)


def _members(stored: Iterator[bytes], fresh: Callable[[], _Member], error: type[Exception]) -> Iterator[bytes]:
    member = fresh()
    for chunk in stored:
        data = chunk
        while data or not (member.needs_input or member.eof):
            if member.eof:
                data = data.lstrip(b"\0")
                member = fresh() if data else member
                continue
            yield step(member.decompress, data, error)
            data = member.unused_data
    if not member.eof:
        raise EndsEarlyError


def step(decompress: Callable[[bytes, int], bytes], data: bytes, error: type[Exception] = zlib.error) -> bytes:
    """The next piece; what the library calls an error is damage, unless it asks for more memory than there is."""
    try:
        return decompress(data, STEP)
    except (error, EOFError) as exc:
        if "memory" in str(exc).lower():
            raise RefusedError(TOO_MUCH_MEMORY) from exc
        raise DamagedError from exc
