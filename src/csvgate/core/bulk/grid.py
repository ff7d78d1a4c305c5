"""The text of a sheet and where its separators are in; the cells of any of its columns, out.

The cells are made by whoever counts them, a few columns at a time: who cuts the next sheet has enough to do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csvgate.core.bulk.cells import Cells
from csvgate.core.bulk.separators import Separators
from csvgate.core.bulk.words import FRONT, Bytes, Page, Places, Shorts, places_of

# Of the bytes with a high bit, those below this one continue a character.
_FIRST_LEAD = 0xC0 - 0x100
# Around a cell that holds nothing.
QUOTES = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """Cells of some columns: one begins behind its edge in `edges`, and ends before the next one of its row.

    `before` says how many bytes before each edge continue a character, where there are any; `quote` is what may stand
    around a cell.
    """

    page: Page
    edges: Shorts
    before: Shorts | None
    quote: int | None

    @property
    def height(self) -> int:
        """How many records there are."""
        return len(self.edges)

    def cells(self, begin: int, end: int) -> Cells:
        """The cells of the columns from `begin` up to `end`, one column behind the other, without their quotes."""
        edges = self.edges[:, begin : end + 1].T.astype(np.int64, order="C")
        starts, stops = edges[:-1] + (1 + FRONT), edges[1:] + FRONT
        if self.quote is not None:
            is_quoted = self.page.bytes[starts] == self.quote
            starts += is_quoted
            stops -= is_quoted
        stops -= starts
        return Cells(page=self.page, starts=starts.ravel(), sizes=stops.ravel(), extra=self._extra(begin, end))

    def _extra(self, begin: int, end: int) -> Places | None:
        """How many bytes of each cell continue a character."""
        if self.before is None:
            return None
        before = self.before[:, begin : end + 1].T.astype(np.int64, order="C")
        found: Places = (before[1:] - before[:-1]).ravel()
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Outline:
    """Records as they are written: edges as in a Grid, and the places of quotes that only double the one before."""

    text: Bytes
    edges: Shorts
    doubled: Shorts
    quote: int | None

    def part(self, begin: int, end: int) -> Outline:
        """The columns from `begin` up to `end` only."""
        edges = np.ascontiguousarray(self.edges[:, begin : end + 1])
        return Outline(text=self.text, edges=edges, doubled=self.doubled, quote=self.quote)

    def may_begin_with(self, cell: str) -> bool:
        """Whether some record's first cell is as long as this one, in quotes or without them."""
        sizes, plain = self.edges[:, 1] - self.edges[:, 0] - 1, len(cell.encode("utf-8", "replace"))
        quoted = plain + 2 + (cell.count(chr(self.quote)) if self.quote is not None else 0)
        return bool(((sizes == plain) | (sizes == quoted)).any())

    def blank(self) -> list[int]:
        """The records of two and more cells that are all empty; nearly all others are told by their length."""
        width = self.edges.shape[1] - 1
        most = 0 if self.quote is None else 2 * width
        rows = places_of(self.edges[:, -1] - self.edges[:, 0] <= width + most)
        for column in range(width if most else 0):
            begins, sizes = self.edges[rows, column] + 1, self.edges[rows, column + 1] - self.edges[rows, column] - 1
            rows = rows[(sizes == 0) | ((sizes == QUOTES) & (self.text[begins] == self.quote))]
        return rows.tolist() if width > 1 else []

    def grid(self) -> Grid:
        """The cells, in a text in which no quote is doubled."""
        text, edges = self.text, self.edges
        if len(self.doubled):
            text = np.delete(text, self.doubled)
            edges = edges - np.searchsorted(self.doubled, edges).astype(np.int32)
        continued = _continued(text)
        before = np.searchsorted(continued, edges).astype(np.int32) if len(continued) else None
        return Grid(page=Page.of(text), edges=edges, before=before, quote=self.quote)


def outline_of(view: Bytes, found: Separators, ends: Places, quote: int | None, *, has_cr: bool) -> Outline:
    """The cells that end at these places, one row of them for each record."""
    text, edges = view[: int(ends[-1, -1]) + 1], _framed(ends)
    edges[:, -1] -= has_cr
    doubled = found.doubled[: np.searchsorted(found.doubled, len(text))].astype(np.int32)
    return Outline(text=text, edges=edges, doubled=doubled, quote=quote if found.quoted else None)


def _continued(text: Bytes) -> Shorts:
    """The places of bytes that continue a character of UTF-8; as signed numbers they are the least."""
    return places_of(text.view(np.int8) < _FIRST_LEAD).astype(np.int32)


def _framed(places: Places) -> Shorts:
    """What is at the end of each record is also before the first cell of the next one."""
    framed = np.empty((len(places), places.shape[1] + 1), np.int32)
    framed[:, 1:] = places
    framed[0, 0], framed[1:, 0] = -1, places[:-1, -1]
    return framed
