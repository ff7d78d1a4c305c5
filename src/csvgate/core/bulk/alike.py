"""The cells of records in, column by column; the records that have just the cells that are asked for, out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from csvgate.core.bulk.cells import Cells
from csvgate.core.bulk.words import WORD, Places, places_of


def rows_with(wanted: Sequence[str], cells_of: Callable[[int], Cells]) -> list[int]:
    """Which of the records; nearly all are told apart by the lengths of their first cells."""
    rows: Places | slice = slice(None)
    for column, text in enumerate(wanted):
        found = cells_of(column).take(rows)
        same = _begin_alike(text, found)
        if not len(same):
            return []
        rows = same if isinstance(rows, slice) else rows[same]
    likely = np.arange(len(cells_of(0)))[rows]
    texts = zip(*(_texts(cells_of(column).take(likely)) for column in range(len(wanted))), strict=True)
    return [row for row, found in zip(likely.tolist(), texts, strict=True) if found == tuple(wanted)]


def _begin_alike(text: str, cells: Cells) -> Places:
    """The rows of a column that are as long as the text and have its first word."""
    rows = places_of(cells.lengths == len(text))
    if not len(rows):
        return rows
    word = int.from_bytes(text.encode("utf-8", "replace")[:WORD].ljust(WORD, b"\0"))
    same: Places = rows[cells.take(rows).words(0) == np.uint64(word)]
    return same


def _texts(cells: Cells) -> list[str]:
    """All of them, however long."""
    return cells.page.texts(cells.starts, cells.starts + cells.sizes)
