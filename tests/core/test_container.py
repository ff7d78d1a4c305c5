"""Stored bytes, compressed or not, as one stream."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.container import ByteStream, Reader, compression_of
from tests.strategies import cut, cuts

NOISE = random.Random(1).randbytes(700_000)


def everything(stream: ByteStream, size: int = 100_001) -> bytes:
    parts = []
    while part := stream.read(size):
        parts.append(part)
    return b"".join(parts)


@given(st.binary(max_size=400), cuts, st.integers(min_value=1, max_value=50))
def test_reading_never_shows_how_pieces_were_cut(data: bytes, sizes: list[int], size: int) -> None:
    reader = Reader(cut(data, sizes)())
    parts = list(iter(lambda: reader.read(size), b""))
    assert b"".join(parts) == data
    assert all(len(part) == size for part in parts[:-1])


@pytest.mark.parametrize("raw", [b"", b"a,b\n1,2\n", NOISE, b"x" * 3_000_000], ids=["empty", "small", "noise", "dense"])
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, bytes], ids=["gzip", "bzip2", "plain"])
def test_what_was_packed_is_unpacked_and_the_stored_bytes_are_hashed(raw: bytes, pack: type[bytes]) -> None:
    stored = pack(raw)
    stream = ByteStream(cut(stored, [7, 65_536])())
    assert everything(stream) == raw
    assert (stream.stored_size, stream.sha256) == (len(stored), hashlib.sha256(stored).hexdigest())
    assert stream.fault is None


def test_members_of_a_gzip_file_follow_each_other_and_padding_is_no_data() -> None:
    stored = gzip.compress(b"one,") + gzip.compress(b"two") + b"\0" * 512
    assert everything(ByteStream(iter([stored]))) == b"one,two"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress], ids=["gzip", "bzip2"])
def test_a_cut_archive_is_a_fault_and_gives_what_it_has(pack: type[bytes]) -> None:
    stored = pack(NOISE)
    stream = ByteStream(iter([stored[:-3000]]))
    assert NOISE.startswith(everything(stream))
    assert stream.fault == "truncated"


def test_a_bomb_stops_early_and_is_still_hashed_to_its_end() -> None:
    stored = gzip.compress(b"\n" * 200_000_000)
    stream = ByteStream(cut(stored, [1000])())
    assert len(everything(stream, 1 << 20)) < 100_000_000
    stream.drain()
    assert (stream.fault, stream.sha256) == ("compression-bomb", hashlib.sha256(stored).hexdigest())


def test_text_that_begins_like_an_archive_is_text() -> None:
    assert compression_of(b"BZh is a name,1\n") is None
    assert compression_of(b"\x1f\x8b,a\n") is None
