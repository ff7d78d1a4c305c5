"""Cells of records in, one column behind the other; the records that have just the cells that are asked for, out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from csvgate.core.bulk.cells import Cells
from csvgate.core.bulk.words import WORD, Places


def rows_with(wanted: Sequence[str], cells: Cells, count: int) -> list[int]:
    """Which of the `count` records; nearly all are told apart by the lengths of their first cells."""
    rows: Places | slice = slice(None)
    for column, text in enumerate(wanted):
        found = cells.take(slice(column * count, (column + 1) * count)).take(rows)
        same = _begin_alike(text, found)
        if not len(same):
            return []
        rows = same if isinstance(rows, slice) else rows[same]
    likely = np.arange(count)[rows].tolist()
    places = [np.arange(len(wanted)) * count + row for row in likely]
    return [row for row, at in zip(likely, places, strict=True) if _texts(cells.take(at)) == list(wanted)]


def _begin_alike(text: str, cells: Cells) -> Places:
    """The rows of a column that are as long as the text and have its first word."""
    rows = np.flatnonzero(cells.lengths == len(text))
    if not len(rows):
        return rows
    word = int.from_bytes(text.encode("utf-8", "replace")[:WORD].ljust(WORD, b"\0"))
    same: Places = rows[cells.take(rows).words(0) == np.uint64(word)]
    return same


def _texts(cells: Cells) -> list[str]:
    """All of them, however long."""
    return cells.page.texts(cells.starts, cells.starts + cells.sizes)
