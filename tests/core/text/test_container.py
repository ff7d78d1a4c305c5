"""Stored bytes, compressed or not, as one stream."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import random
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from csvgate.core.text.container import ByteStream, Reader, compression_of
from tests.strategies import cut, cuts

NOISE = random.Random(1).randbytes(700_000)
# Without the time of packing: names of tests must be the same in every process that collects them.
PACKED = gzip.compress(b"a,b,c\n" * 2000, mtime=0)
DAMAGED = {"no sums": PACKED[:-8] + bytes(8), "no size": PACKED[:-4] + bytes(4), "cut off": PACKED[:-4]}
PACKERS = [gzip.compress, bz2.compress, lzma.compress, zstd.compress]


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
@pytest.mark.parametrize("pack", [*PACKERS, bytes], ids=lambda pack: pack.__module__)
def test_what_was_packed_is_unpacked_and_the_stored_bytes_are_hashed(raw: bytes, pack: type[bytes]) -> None:
    stored = pack(raw)
    stream = ByteStream(cut(stored, [7, 65_536])())
    assert everything(stream) == raw
    assert (stream.stored_size, stream.sha256) == (len(stored), hashlib.sha256(stored).hexdigest())
    assert stream.fault is None


@pytest.mark.parametrize("pack", PACKERS, ids=lambda pack: pack.__module__)
def test_members_follow_each_other_and_padding_is_no_data(pack: type[bytes]) -> None:
    stored = pack(b"one,") + pack(b"two") + b"\0" * 512
    stream = ByteStream(iter([stored]))
    assert (everything(stream), stream.fault) == (b"one,two", None)


@pytest.mark.parametrize("pack", PACKERS, ids=lambda pack: pack.__module__)
def test_a_cut_archive_is_a_fault_and_gives_what_it_has(pack: type[bytes]) -> None:
    stored = pack(NOISE)
    stream = ByteStream(iter([stored[:-3000]]))
    assert NOISE.startswith(everything(stream))
    assert stream.fault == "truncated"


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress], ids=lambda pack: pack.__module__)
def test_a_bomb_stops_early_and_is_still_hashed_to_its_end(pack: type[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("csvgate.core.text.growth.LIMIT", 16 * 1024 * 1024)
    stored = pack(b"\n" * 200_000_000)
    stream = ByteStream(cut(stored, [1000])())
    assert len(everything(stream, 1 << 20)) < 100_000_000
    stream.drain()
    assert (stream.fault, stream.sha256) == ("compression-bomb", hashlib.sha256(stored).hexdigest())


def test_a_frame_to_skip_may_stand_before_zstandard_data() -> None:
    stream = ByteStream(iter([b"\x50\x2a\x4d\x18\4\0\0\0size" + zstd.compress(b"a,b\n1,2\n")]))
    assert (stream.compression, everything(stream), stream.fault) == ("zstd", b"a,b\n1,2\n", None)


def test_text_that_begins_like_an_archive_is_text() -> None:
    assert compression_of(b"BZh is a name,1\n") is None
    assert compression_of(b"\x1f\x8b,a\n") is None


@pytest.mark.parametrize("damaged", DAMAGED.values(), ids=DAMAGED)
def test_damaged_gzip_gives_what_it_holds_up_to_the_damage(damaged: bytes) -> None:
    stream = ByteStream(iter([damaged]))
    assert everything(stream) == b"a,b,c\n" * 2000
    assert (stream.inflated_size, stream.fault) == (12_000, "truncated")


@given(st.integers(min_value=10, max_value=8000))
def test_damage_costs_only_what_is_behind_it(at: int) -> None:
    raw = NOISE[:6000].hex().encode()
    stored = gzip.compress(raw)
    found = everything(ByteStream(iter([stored[:at] + b"\xff" * 400 + stored[at + 400 :]])))
    sound = min(at - 400, 5000)
    assert found[: max(0, sound)] == raw[: max(0, sound)]


def test_a_table_that_shrinks_well_is_no_bomb() -> None:
    stored = gzip.compress(b"1,0,0,0,0,0,0,0\n" * 2_000_000)
    stream = ByteStream(iter([stored]))
    assert (len(everything(stream, 1 << 20)), stream.fault) == (32_000_000, None)


def test_what_is_a_bomb_never_depends_on_how_the_bytes_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("csvgate.core.text.growth.LIMIT", 16 * 1024 * 1024)
    stored = gzip.compress(b"\n" * 18_000_000 + NOISE)
    streams = [ByteStream(cut(stored, [size])()) for size in (1000, 10_000_000)]
    assert everything(streams[0]) == everything(streams[1])
    assert [stream.fault for stream in streams] == ["compression-bomb"] * 2


def test_data_that_asks_for_too_much_memory_are_refused() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 29}]
    stream = ByteStream(iter([lzma.compress(b"a,b\n", filters=filters)]))
    assert everything(stream) == b""
    assert "memory" in (stream.refusal or "")
