"""Zip archives of one file, read front to back."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator

import pytest

from csvgate.core.text.container import ByteStream
from csvgate.core.text.inflate import DamagedError, RefusedError
from csvgate.core.text.unzip import unzip
from tests.strategies import cut

NOISE = random.Random(2).randbytes(600_000)
TABLE = b"id,name\n" + b"1,somebody\n" * 50_000


class Pipe(io.RawIOBase):
    """A file that cannot be sought in: what is written to it has its sizes behind the content."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # bytes are what zipfile writes
        self.written += data
        return len(data)


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, to: Pipe | None = None) -> bytes:
    target = to or io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            with archive.open(info, "w", force_zip64=name.startswith("big")) as entry:
                entry.write(data)
    return bytes(target.written) if isinstance(target, Pipe) else target.getvalue()


def unpacked(stored: bytes, size: int = 1000) -> bytes:
    return b"".join(unzip(cut(stored, [size])()))


@pytest.mark.parametrize("size", [1, 7, 4096, 10_000_000])
@pytest.mark.parametrize("name", ["a.csv", "big.csv", "ü/ж.csv"])
@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_the_only_file_is_unpacked(size: int, name: str, method: int) -> None:
    data = TABLE[:5000] if size == 1 else TABLE
    assert unpacked(zipped((name, data), method=method), size) == data


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", TABLE, NOISE], ids=["empty", "small", "dense", "noise"])
@pytest.mark.parametrize("name", ["a.csv", "big.csv"])
def test_sizes_may_stand_behind_the_content(data: bytes, name: str) -> None:
    assert unpacked(zipped((name, data), to=Pipe())) == data


def test_directories_and_what_macos_adds_are_no_files() -> None:
    files = [("in/", b""), ("in/a.csv", TABLE), ("__MACOSX/in/._a.csv", NOISE)]
    assert unpacked(zipped(*files)) == TABLE
    assert unpacked(zipped(*files, to=Pipe())) == TABLE


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        (zipped(("a.csv", TABLE), ("b.csv", TABLE)), "of several files"),
        (zipped(("in/", b"")), "without a file"),
        (zipped(("a.csv", TABLE), method=zipfile.ZIP_LZMA), "packed by method 14"),
        (zipped(("a.csv", TABLE), method=zipfile.ZIP_STORED, to=Pipe()), "how long it is"),
        (zipped(("a.csv", TABLE)) + zipped(("b.csv", TABLE)), "of several files"),
        (b"PK\3\4\x14\0\1" + zipped(("a.csv", TABLE))[7:], "encrypted"),
    ],
)
def test_what_is_no_single_file_is_refused_with_the_reason(stored: bytes, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        unpacked(stored)


@pytest.mark.parametrize("to", [None, Pipe], ids=["header", "descriptor"])
def test_a_cut_or_changed_archive_is_damaged(to: type[Pipe] | None) -> None:
    stored = zipped(("a.csv", NOISE), to=to() if to else None)
    changed = bytearray(stored)
    changed[300_000] ^= 1
    for broken in (stored[:29], stored[:400_000], bytes(changed), stored[: stored.index(b"PK\1\2")]):
        with pytest.raises(DamagedError):
            unpacked(broken)


@pytest.mark.parametrize("size", [1, 10, 1_000_000])
def test_behind_the_archive_only_zeros_are_nothing(size: int) -> None:
    stored = zipped(("in/", b""), ("big.csv", TABLE[:5000]))
    assert unpacked(stored + bytes(3000), size) == TABLE[:5000]
    for broken in (stored + b"more", stored + bytes(3000) + b"\n", stored[:-1]):
        with pytest.raises(DamagedError):
            unpacked(broken, size)


def test_an_archive_may_have_a_comment() -> None:
    with zipfile.ZipFile(held := io.BytesIO(), "w") as archive:
        archive.writestr("a.csv", TABLE)
        archive.comment = b"PK\3\4, made by somebody"
    assert unpacked(held.getvalue()) == TABLE


def everything(stored: bytes) -> Iterator[bytes]:
    stream = ByteStream(iter([stored]))
    return iter(lambda: stream.read(100_000), b"")


def test_a_document_that_is_a_zip_archive_is_not_unpacked() -> None:
    workbook = zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"))
    assert b"".join(everything(workbook)) == workbook
