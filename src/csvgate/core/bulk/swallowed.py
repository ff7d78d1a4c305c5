"""The separators inside of quotes in; the records with values that hold lines which look like records, out.

What looks like records, `csvgate.core.structure.swallowed` decides for one value; here it is decided for all at once.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from csvgate.core.bulk.separators import Separators
from csvgate.core.bulk.words import Places, places_of
from csvgate.core.structure.swallowed import NEARLY_ALL, TWO_COLUMNS, enough_lines


def swallowing(found: Separators, ends_of_records: Places, width: int) -> Mapping[int, int]:
    """How many such values each record has, of those that have any."""
    quoted, stop = found.quoted, int(ends_of_records[-1])
    if width < TWO_COLUMNS or quoted is None or quoted.lines.count(stop) <= enough_lines(width):
        return {}
    lines = quoted.lines.places(stop)
    delimiters, value = np.diff(quoted.delimiters.before(lines)), quoted.opening.before(lines)
    is_inner = value[1:] == value[:-1]
    values = value[:-1][is_inner]
    inner = np.bincount(values)
    alike = np.bincount(values[delimiters[is_inner] == width - 1], minlength=len(inner))
    which = places_of((alike >= enough_lines(width)) & (alike >= NEARLY_ALL * inner))
    if not len(which):
        return {}
    records = np.searchsorted(ends_of_records, quoted.opening.places(stop)[which - 1], side="right")
    rows, times = np.unique(records, return_counts=True)
    return dict(zip(rows.tolist(), times.tolist(), strict=True))
