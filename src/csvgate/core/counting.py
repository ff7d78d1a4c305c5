"""A scanner and a table in; all records counted, out: batch by batch, and most of a large file in long strides.

Strides are for plain records and give the same figures; without NumPy there are none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from csvgate.core.partner import Partner
from csvgate.core.structure.batch import Batch
from csvgate.core.structure.scan import Scanner
from csvgate.core.table import Table

# A file that is no longer than this is read in batches: to import NumPy takes as long. Of a longer one only its
# beginning is, which shows what its columns are.
LIGHT, EARLY = 2 * 1024 * 1024, 192 * 1024


class Strides(Protocol):
    """Counts plain records many at a time, into a table that also takes batches."""

    def take(self, scanner: Scanner) -> None:
        """All plain records from here on are counted, up to the first place that is not plain."""


class NoStrides:
    """Leaves all to the batches."""

    def take(self, scanner: Scanner) -> None:
        """Nothing."""


def count(
    scanner: Scanner, table: Table, look: Callable[[Batch], None], *, partner: Partner, light: int = LIGHT
) -> None:
    """All records are in the table; `look` saw every batch. In a file of more than `light` bytes strides are taken."""
    strides: Strides | None = None
    early = min(light, EARLY)
    for batch in scanner.batches(is_abridged=True):
        look(batch)
        table.add(batch)
        if scanner.offset >= early and table.is_settled and scanner.reaches(light):
            strides = strides or _strides(table, partner)
            strides.take(scanner)


def _strides(table: Table, partner: Partner) -> Strides:
    try:
        from csvgate.core.bulk.sheets import Sheets  # noqa: PLC0415  a small file does not pay for NumPy
    except ImportError:
        return NoStrides()
    return Sheets(table, partner)
