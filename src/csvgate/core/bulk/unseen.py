"""The cells of a sheet in; those that hold characters which nobody sees, out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from csvgate.core.bulk.grid import Outline
from csvgate.core.bulk.words import Bytes, Marks, Places, places_of
from csvgate.core.text.invisible import ANYWHERE, invisible_in, likely_marks


def unseen(data: bytes, outline: Outline) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of each such cell of the outline, which was made of the data, in the order of the file."""
    found = [_cells(outline, mark) for mark in likely_marks(data, "utf-8")]
    width = outline.edges.shape[1] - 1
    for cell in np.unique(np.concatenate(found)).tolist() if found else ():
        row, column = divmod(cell, width)
        if invisible_in(text := _text(outline, row, column)):
            yield row, column, text


def _cells(outline: Outline, mark: bytes) -> Places:
    """The cells that hold the mark or, if that belongs between words, may hold it at an end; from 0, row by row."""
    places = _find(mark, outline.text)
    cells = np.searchsorted(outline.edges[:, 1:].ravel(), places)
    if mark.decode() in ANYWHERE:
        return cells
    return cells[_are_at_an_end(outline, cells, places, len(mark))]


def _are_at_an_end(outline: Outline, cells: Places, places: Places, size: int) -> Marks:
    """Nothing but a quote may stand between the mark and the edge."""
    rows, columns = np.divmod(cells, outline.edges.shape[1] - 1)
    before = places - outline.edges[rows, columns] - 1
    behind = outline.edges[rows, columns + 1] - places - size
    found: Marks = np.minimum(before, behind) <= 1
    return found


def _find(mark: bytes, text: Bytes) -> Places:
    """Where the mark stands; its last byte is the rarest."""
    places = places_of(text == mark[-1]) - (len(mark) - 1)
    for at, byte in enumerate(mark[:-1]):
        places = places[text[places + at] == byte]
    return places


def _text(outline: Outline, row: int, column: int) -> str:
    start, stop = int(outline.edges[row, column]) + 1, int(outline.edges[row, column + 1])
    written = outline.text[start:stop].tobytes().decode()
    quote = None if outline.quote is None else chr(outline.quote)
    return written[1:-1].replace(quote * 2, quote) if quote and written.startswith(quote) else written
