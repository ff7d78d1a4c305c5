"""The separators inside of quotes in; the records of which a value may hold lines that look like records, out."""

from __future__ import annotations

import numpy as np

from csvgate.core.bulk.separators import Separators
from csvgate.core.bulk.words import Places
from csvgate.core.notes import FEW_LINES


def suspects(found: Separators, ends_of_records: Places, width: int) -> tuple[int, ...]:
    """Records with FEW_LINES inner lines of the table's width in one value; who finds one there looks closer."""
    lines = found.lines_inside
    if len(lines) <= FEW_LINES:
        return ()
    delimiters = np.diff(np.searchsorted(found.delimiters_inside, lines))
    value = np.searchsorted(found.opening, lines)
    is_alike = (value[1:] == value[:-1]) & (delimiters == width - 1)
    records = np.searchsorted(ends_of_records, lines[:-1][is_alike], side="right")
    which, times = np.unique(records, return_counts=True)
    return tuple(int(row) for row in which[(times >= FEW_LINES) & (which < len(ends_of_records))])
