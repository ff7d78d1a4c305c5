"""The cells of a sheet in; those that hold characters which nobody sees, out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from csvgate.core.bulk.grid import Grid, Outline
from csvgate.core.bulk.words import FRONT
from csvgate.core.text.invisible import PLACES, invisible_in, may_hold


def unseen(data: bytes, outline: Outline) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of each such cell of the outline, which was made of the data, in the order of the file."""
    if not may_hold(data, "utf-8"):
        return
    grid = outline.grid()
    places = [match.start() - FRONT for match in PLACES.finditer(grid.page.bytes.data)]
    width = grid.edges.shape[1] - 1
    for cell in np.unique(np.searchsorted(grid.edges[:, 1:].ravel(), places)).tolist():
        row, column = divmod(cell, width)
        text = _text(grid, row, column)
        if invisible_in(text):
            yield row, column, text


def _text(grid: Grid, row: int, column: int) -> str:
    start, stop = int(grid.edges[row, column]) + 1 + FRONT, int(grid.edges[row, column + 1]) + FRONT
    is_quoted = grid.quote is not None and int(grid.page.bytes[start]) == grid.quote
    return grid.page.text(start + is_quoted, stop - is_quoted)
