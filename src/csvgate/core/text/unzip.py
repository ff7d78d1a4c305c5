"""The chunks of a zip archive in; the content of its only file out, front to back, without its directory at the end.

Source: PKWARE's APPNOTE.TXT, sections 4.3.7 (local header), 4.3.9 (data descriptor), 4.3.11 to 4.3.16 (directory) and
4.5.3 (zip64 sizes).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from csvgate.core.text.inflate import STEP, DamagedError, RefusedError, step

MAGIC = b"PK\x03\x04"
# The names with which the archives of office programs, and Java's, begin: they are documents, not packed files.
DOCUMENTS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"word/", b"ppt/", b"mimetype", b"META-INF/")
# What Finder and Explorer write into every folder that they show.
LEFT_BEHIND = (b".ds_store", b"thumbs.db", b"desktop.ini")
LOCAL_HEADER, NAME_AT = struct.Struct("<HHHHHIIIHH"), 30
# What the directory is made of (4.3.11 to 4.3.16): of each, what is always there, and how long the rest of it is.
END_RECORD = b"PK\x05\x06"
DIRECTORY = {
    b"PK\x01\x02": struct.Struct("<28xHHH12x"),
    b"PK\x05\x05": struct.Struct("<4xH"),
    b"PK\x06\x06": struct.Struct("<4xQ"),
    b"PK\x06\x07": struct.Struct("<20x"),
    END_RECORD: struct.Struct("<20xH"),
}
STORED, DEFLATED = 0, 8
ENCRYPTED, DESCRIPTOR = 0x2041, 0x0008
IN_ZIP64, ZIP64 = 0xFFFFFFFF, 1

SEVERAL_FILES = "a zip archive of several files"
NO_FILE = "a zip archive without a file"
LOCKED = "an encrypted zip archive"
OTHER_METHOD = "a zip archive packed by method {} (which is not read; 8, deflate, is)"
OF_UNKNOWN_LENGTH = "a zip archive that neither packs its file nor says before it how long it is"


def is_document(head: bytes) -> bool:
    """The archive is the file itself, such as a workbook."""
    return head[NAME_AT:].startswith(DOCUMENTS)


def unzip(stored: Iterator[bytes]) -> Iterator[bytes]:
    """The content of the only file; directories, and what file managers add, are passed over."""
    source, has_file = _Input(stored), False
    while entry := _next_entry(source):
        if entry.is_file and has_file:
            raise RefusedError(SEVERAL_FILES)
        for piece in _content(source, entry):
            if entry.is_file:
                yield piece
        has_file = has_file or entry.is_file
    if not has_file:
        raise RefusedError(NO_FILE)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """What the local header says; with a descriptor, check sum and sizes may stand behind the content instead."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int

    @property
    def is_file(self) -> bool:
        """It is neither a directory nor what a file manager leaves beside the files."""
        last = self.name.rpartition(b"/")[-1]
        is_left = last.lower() in LEFT_BEHIND or last.startswith(b"._")
        return bool(last) and not is_left and not self.name.startswith(b"__MACOSX/")

    @property
    def has_descriptor(self) -> bool:
        return bool(self.flags & DESCRIPTOR)


class _Input:
    """The stored bytes, front to back, of which some may be looked at before they are taken."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""
        self._at = 0

    def peek(self, size: int) -> bytes:
        """The next bytes, at most `size`; fewer only at the end."""
        while len(self._held) - self._at < size and (chunk := next(self._chunks, None)) is not None:
            self._held, self._at = self._held[self._at :] + chunk, 0
        return self._held[self._at : self._at + size]

    def skip(self, size: int) -> None:
        """Bytes that were looked at are taken."""
        self._at += size

    def take(self, size: int) -> bytes:
        """Exactly so many bytes."""
        data = self.peek(size)
        if len(data) < size:
            raise DamagedError
        self.skip(size)
        return data

    def some(self, most: int = STEP) -> bytes:
        """The next bytes, at least one, looked at and not taken."""
        data = self.peek(1) and self._held[self._at : self._at + most]
        if not data:
            raise DamagedError
        return data

    def skip_zeros(self) -> bool:
        """Zeros are taken; whether anything follows them."""
        while piece := self.peek(STEP):
            zeros = len(piece) - len(piece.lstrip(b"\0"))
            self.skip(zeros)
            if zeros < len(piece):
                return True
        return False


def _next_entry(source: _Input) -> _Entry | None:
    """The next entry; None at the end of the file, behind a directory, which only repeats what was read.

    Behind that, zeros are padding, and an entry is one of another archive.
    """
    if source.peek(len(MAGIC)) in DIRECTORY:
        _skip_directory(source)
        if not source.skip_zeros():
            return None
    if source.take(len(MAGIC)) != MAGIC:
        raise DamagedError
    _, flags, method, _, _, crc, packed, size, name_length, extra_length = LOCAL_HEADER.unpack(
        source.take(LOCAL_HEADER.size)
    )
    name, extra = source.take(name_length), source.take(extra_length)
    if IN_ZIP64 in (packed, size):
        size, packed = _zip64_sizes(extra)
    return _Entry(name=name, flags=flags, method=method, crc=crc, packed=packed, size=size)


def _skip_directory(source: _Input) -> None:
    """Its records are taken, up to the one that ends it."""
    signature = b""
    while signature != END_RECORD:
        signature = source.peek(len(END_RECORD))
        if signature not in DIRECTORY:
            raise DamagedError
        layout = DIRECTORY[signature]
        rest = sum(layout.unpack(source.take(layout.size)))
        if rest > STEP:  # names and comments are shorter, and nobody makes us hold what is not
            raise DamagedError
        source.take(rest)


def _zip64_sizes(extra: bytes) -> tuple[int, int]:
    while len(extra) >= struct.calcsize("<HH"):
        kind, length = struct.unpack_from("<HH", extra)
        if kind == ZIP64 and length >= struct.calcsize("<QQ") and len(extra) >= struct.calcsize("<HHQQ"):
            size, packed = struct.unpack_from("<QQ", extra, 4)
            return size, packed
        extra = extra[4 + length :]
    raise DamagedError


def _content(source: _Input, entry: _Entry) -> Iterator[bytes]:
    """The content, checked against its check sum and sizes when its end is reached."""
    if entry.flags & ENCRYPTED:
        raise RefusedError(LOCKED)
    if entry.method not in (STORED, DEFLATED):
        raise RefusedError(OTHER_METHOD.format(entry.method))
    if entry.method == STORED and entry.is_file and entry.has_descriptor and not entry.packed:
        raise RefusedError(OF_UNKNOWN_LENGTH)
    inflate = _inflated if entry.method == DEFLATED else _copied
    packed = size = crc = 0
    for consumed, piece in inflate(source, entry):
        packed += consumed
        size += len(piece)
        crc = zlib.crc32(piece, crc)
        yield piece
    _check(source, entry, (crc, packed, size))


def _copied(source: _Input, entry: _Entry) -> Iterator[tuple[int, bytes]]:
    left = entry.packed
    while left:
        piece = source.some(min(left, STEP))
        source.skip(len(piece))
        left -= len(piece)
        yield len(piece), piece


def _inflated(source: _Input, _: _Entry) -> Iterator[tuple[int, bytes]]:
    """Pieces, each with the number of packed bytes that it took."""
    member, is_pending = zlib.decompressobj(wbits=-zlib.MAX_WBITS), False
    while not member.eof:
        data = b"" if is_pending else source.some()
        piece = step(member.decompress, data)
        left = member.unused_data or member.unconsumed_tail  # at the end, both may show the same bytes
        consumed = len(data) - len(left)
        source.skip(consumed)
        is_pending = len(piece) == STEP and not left
        yield consumed, piece


def _check(source: _Input, entry: _Entry, found: tuple[int, int, int]) -> None:
    """What was read is what was packed; a descriptor is taken, with or without signature and zip64."""
    if not entry.has_descriptor:
        if found != (entry.crc, entry.packed, entry.size):
            raise DamagedError
        return
    crc, packed, size = found
    layouts = [struct.pack("<IQQ", crc, packed, size)]
    layouts += [struct.pack("<III", crc, packed, size)] if max(packed, size) <= IN_ZIP64 else []
    for descriptor in (signature + layout for layout in layouts for signature in (b"PK\x07\x08", b"")):
        if source.peek(len(descriptor)) == descriptor:
            source.skip(len(descriptor))
            return
    raise DamagedError
