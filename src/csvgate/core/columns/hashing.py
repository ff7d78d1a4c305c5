"""Texts in; 64 bits for each, the same in every process and on every path, out.

A text is taken as big-endian words of eight UTF-8 bytes; each is folded, multiplied by an odd number of its own, all
are added modulo 2**64, and the sum is mixed as in MurmurHash3. NumPy does the same for many cells at once
(`csvgate.core.bulk.words`). These hashes count and tell apart; they are no protection against forgery.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from operator import mul

BITS = 64
WORD = 8
MASK = (1 << BITS) - 1
# A longer text is hashed by BLAKE2: words past this have no factor.
LONGEST = 4096
_FEW_WORDS = 4
_GOLDEN = 0x9E3779B97F4A7C15
_FIRST, _SECOND = 0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53


def mix(total: int) -> int:
    """Every bit of the sum changes about half of the bits (Appleby's finalizer of MurmurHash3)."""
    total ^= total >> 33
    total = total * _FIRST & MASK
    total ^= total >> 33
    total = total * _SECOND & MASK
    return total ^ total >> 33


def _factors(seed: int) -> tuple[int, ...]:
    return tuple(mix((at + seed) * _GOLDEN & MASK) | 1 for at in range(1, LONGEST // WORD + 1))


FACTORS = _factors(0)


def hash_texts(texts: Iterable[str]) -> list[int]:
    """The hash of each text; surrogates that stand for undecodable bytes are taken as they are."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    count = -(-max(map(len, encoded), default=0) // WORD)
    if count > _FEW_WORDS:
        return list(map(hash_bytes, encoded))
    # Short texts are hashed together: words of zeros add nothing.
    joined = b"".join([text.ljust(WORD * count, b"\0") for text in encoded])
    folded = [word ^ word >> 32 for word in struct.unpack(f">{len(encoded) * count}Q", joined)]
    totals = [0] * len(encoded)
    for number in range(count):
        factor = FACTORS[number]
        totals = [total + word * factor for total, word in zip(totals, folded[number::count], strict=True)]
    return [mix(total & MASK) for total in totals]


def hash_bytes(data: bytes) -> int:
    """The hash of the text whose UTF-8 bytes these are."""
    if len(data) > LONGEST:
        return int.from_bytes(blake2b(data, digest_size=WORD).digest(), "big")
    # Folded, because a product keeps little of the high bits: there the first letters stand.
    folded = [word ^ word >> 32 for word in words_of(data)]
    return mix(sum(map(mul, folded, FACTORS)) & MASK)


def words_of(data: bytes) -> Sequence[int]:
    """The bytes as big-endian words, the last one filled up with zeros."""
    count = -(-len(data) // WORD)
    return struct.unpack(f">{count}Q", data.ljust(count * WORD, b"\0"))
