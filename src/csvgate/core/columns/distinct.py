"""Hashes of values in; about how many different values there were, in a fixed few kilobytes, out.

HyperLogLog (Flajolet and others, 2007) with the estimator of Ertl, "New cardinality estimation algorithms for
HyperLogLog sketches" (2017), which is right over the whole range without tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import inf, log, sqrt

from csvgate.core.columns.hashing import BITS

# 4,096 registers, of a byte each, have a standard error of 1.6 %; a small share of memory gets fewer.
LEAST_PRECISION, MOST_PRECISION = 8, 12
# A hash with so many leading zeros, or more, is at most this.
LIMITS = tuple((1 << (BITS - zeros)) - 1 for zeros in range(BITS + 1))


class Distinct:
    """Counts different hashes; `precision` is the binary logarithm of the number of registers."""

    def __init__(self, *, precision: int) -> None:
        """Nothing is counted yet."""
        self.precision = precision
        self.registers = bytearray(1 << precision)

    @property
    def error(self) -> float:
        """The standard error of the count, as a share of it."""
        return 1.04 / sqrt(len(self.registers))

    def add(self, hashes: Iterable[int]) -> None:
        """The hashes are counted; one that came before changes nothing."""
        registers, low, width = self.registers, len(self.registers) - 1, BITS - self.precision
        # The low bits of a hash name its register, which keeps the most leading zeros of any; most have fewer.
        for mixed in [mixed for mixed in hashes if mixed <= LIMITS[registers[mixed & low]]]:
            zeros = width - (mixed >> self.precision).bit_length() + 1
            registers[mixed & low] = max(registers[mixed & low], zeros)

    def merge(self, other: Distinct) -> None:
        """As if the hashes of the other had been added here; both have the same precision."""
        self.registers[:] = bytes(map(max, self.registers, other.registers))

    def count(self) -> int:
        """The estimate of how many different hashes were added."""
        size, width = len(self.registers), BITS - self.precision
        levels = Counter(self.registers)
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
