"""The separators inside of quotes in; the records with values that hold lines which look like records, out.

What looks like records, `csvgate.core.structure.swallowed` decides for one value; here it is decided for all at once.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from csvgate.core.bulk.separators import Separators
from csvgate.core.bulk.words import Places
from csvgate.core.structure.swallowed import NEARLY_ALL, TWO_COLUMNS, enough_lines


def swallowing(found: Separators, ends_of_records: Places, width: int) -> Mapping[int, int]:
    """How many such values each record has, of those that have any."""
    lines = found.lines_inside[found.lines_inside < ends_of_records[-1]]
    if width < TWO_COLUMNS or len(lines) <= enough_lines(width):
        return {}
    delimiters = np.diff(np.searchsorted(found.delimiters_inside, lines))
    value = np.searchsorted(found.opening, lines)
    is_inner = value[1:] == value[:-1]
    values = value[:-1][is_inner]
    inner = np.bincount(values)
    alike = np.bincount(values[delimiters[is_inner] == width - 1], minlength=len(inner))
    which = np.flatnonzero((alike >= enough_lines(width)) & (alike >= NEARLY_ALL * inner))
    records = np.searchsorted(ends_of_records, found.opening[which - 1], side="right")
    rows, times = np.unique(records, return_counts=True)
    return dict(zip(rows.tolist(), times.tolist(), strict=True))
