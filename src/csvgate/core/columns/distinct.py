"""Hashes of values in; about how many different values there were, in a fixed few kilobytes, out.

HyperLogLog (Flajolet and others, 2007) with the estimator of Ertl, "New cardinality estimation algorithms for
HyperLogLog sketches" (2017), which is right over the whole range without tables.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from math import inf, log, sqrt
from operator import mul

from csvgate.core.columns.worth import Worth

BITS = 64
# 4,096 registers, of a byte each, have a standard error of 1.6 %; a small share of memory gets fewer.
LEAST_PRECISION, MOST_PRECISION = 8, 12
_LOWEST = -(1 << (BITS - 1))
# A hash with so many leading zeros, or more, is below this.
_LIMITS = tuple(_LOWEST + (1 << (BITS - zeros)) for zeros in range(BITS + 1))


def hash_texts(texts: Iterable[str]) -> Sequence[int]:
    """64 bits for each text as a signed number, the same in every process."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    digests = [blake2b(text, digest_size=8).digest() for text in encoded]
    return struct.unpack(f"<{len(digests)}q", b"".join(digests))


def hash_numbers(numbers: Sequence[Worth]) -> Sequence[int]:
    """64 bits for each integer as a signed number: Python salts its hashes of texts, not those of numbers.

    Its hash of a few numbers alone would spread a series too evenly to be counted; with the square it does not.
    """
    return list(map(hash, zip(numbers, map(mul, numbers, numbers), numbers, strict=True)))


class Distinct:
    """Counts different hashes; `precision` is the binary logarithm of the number of registers."""

    def __init__(self, *, precision: int) -> None:
        """Nothing is counted yet."""
        self._precision = precision
        self._registers = bytearray(1 << precision)

    @property
    def error(self) -> float:
        """The standard error of the count, as a share of it."""
        return 1.04 / sqrt(len(self._registers))

    def add(self, hashes: Iterable[int]) -> None:
        """The hashes are counted; one that came before changes nothing."""
        registers, low, width = self._registers, len(self._registers) - 1, BITS - self._precision
        # The low bits of a hash name its register, which keeps the most leading zeros of any; most have fewer.
        for mixed in [mixed for mixed in hashes if mixed < _LIMITS[registers[mixed & low]]]:
            zeros = width - ((mixed - _LOWEST) >> self._precision).bit_length() + 1
            registers[mixed & low] = max(registers[mixed & low], zeros)

    def merge(self, other: Distinct) -> None:
        """As if the hashes of the other had been added here; both have the same precision."""
        self._registers = bytearray(map(max, self._registers, other._registers))

    def count(self) -> int:
        """The estimate of how many different hashes were added."""
        size, width = len(self._registers), BITS - self._precision
        levels = Counter(self._registers)
        total = size * _tau(1 - levels[width + 1] / size)
        for level in range(width, 0, -1):
            total = 0.5 * (total + levels[level])
        total += size * _sigma(levels[0] / size)
        return round(size * size / (2 * log(2) * total)) if total < inf else 0


def precision_for(budget: int) -> int:
    """The precision that goes with so many values kept."""
    return min(MOST_PRECISION, max(LEAST_PRECISION, budget.bit_length() + 2))


def _sigma(share: float) -> float:
    """Ertl's sum over the registers that are still empty."""
    if share == 1:
        return inf
    total, power, weight, before = share, share, 1.0, -1.0
    while total != before:
        power, before = power * power, total
        total += power * weight
        weight += weight
    return total


def _tau(share: float) -> float:
    """Ertl's sum over the registers that are full."""
    if share in (0, 1):
        return 0.0
    total, power, weight, before = 1 - share, share, 1.0, -1.0
    while total != before:
        power, before = sqrt(power), total
        weight *= 0.5
        total -= (1 - power) ** 2 * weight
    return total / 3
