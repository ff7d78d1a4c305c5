"""The cells of a sheet in; those that hold characters which nobody sees, out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from csvgate.core.bulk.grid import Grid
from csvgate.core.bulk.words import FRONT, Bytes, Marks, Places
from csvgate.core.text.invisible import ANYWHERE, invisible_in, marks_in


def unseen(data: bytes, grid: Grid) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of each such cell of the grid, which was made of the data, in the order of the file."""
    found = [_cells(grid, mark) for mark in marks_in(data, "utf-8")]
    width = grid.edges.shape[1] - 1
    for cell in np.unique(np.concatenate(found)).tolist() if found else ():
        row, column = divmod(cell, width)
        if invisible_in(text := _text(grid, row, column)):
            yield row, column, text


def _cells(grid: Grid, mark: bytes) -> Places:
    """The cells that hold the mark or, if that belongs between words, may hold it at an end; from 0, row by row."""
    places = _find(mark, grid.page.bytes) - FRONT
    cells = np.searchsorted(grid.edges[:, 1:].ravel(), places)
    if mark.decode() in ANYWHERE:
        return cells
    return cells[_are_at_an_end(grid, cells, places, len(mark))]


def _are_at_an_end(grid: Grid, cells: Places, places: Places, size: int) -> Marks:
    """Nothing but a quote may stand between the mark and the edge."""
    rows, columns = np.divmod(cells, grid.edges.shape[1] - 1)
    before = places - grid.edges[rows, columns] - 1
    behind = grid.edges[rows, columns + 1] - places - size
    found: Marks = np.minimum(before, behind) <= 1
    return found


def _find(mark: bytes, text: Bytes) -> Places:
    """Where the mark stands; its last byte is the rarest."""
    places = np.flatnonzero(text == mark[-1]) - (len(mark) - 1)
    for at, byte in enumerate(mark[:-1]):
        places = places[text[places + at] == byte]
    return places


def _text(grid: Grid, row: int, column: int) -> str:
    start, stop = int(grid.edges[row, column]) + 1 + FRONT, int(grid.edges[row, column + 1]) + FRONT
    is_quoted = grid.quote is not None and int(grid.page.bytes[start]) == grid.quote
    return grid.page.text(start + is_quoted, stop - is_quoted)
