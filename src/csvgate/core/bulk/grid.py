"""The text of a sheet and where its separators are in; the cells of any of its columns, out.

The cells are made by whoever counts them, a few columns at a time: who cuts the next sheet has enough to do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csvgate.core.bulk.cells import Cells
from csvgate.core.bulk.separators import Separators
from csvgate.core.bulk.words import FRONT, Bytes, Page, Places, Shorts

# Of the bytes with a high bit, those below this one continue a character.
_FIRST_LEAD = 0xC0 - 0x100


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

    def part(self, begin: int, end: int) -> Grid:
        """The columns from `begin` up to `end` only."""
        columns = slice(begin, end + 1)
        before = None if self.before is None else np.ascontiguousarray(self.before[:, columns])
        edges = np.ascontiguousarray(self.edges[:, columns])
        return Grid(page=self.page, edges=edges, before=before, quote=self.quote)

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


def grid_of(view: Bytes, found: Separators, ends: Places, quote: int | None, *, has_cr: bool) -> Grid:
    """The cells that end at these places, one row of them for each record."""
    text = view[: int(ends[-1, -1]) + 1]
    doubled = found.doubled[: np.searchsorted(found.doubled, len(text))]
    if len(doubled):
        text = np.delete(text, doubled)
        ends = ends - np.searchsorted(doubled, ends)
    edges, continued = _framed(ends, -1), _continued(text)
    edges[:, -1] -= has_cr
    before = _framed(np.searchsorted(continued, ends), 0) if len(continued) else None
    return Grid(page=Page.of(text), edges=edges, before=before, quote=quote if len(found.opening) else None)


def _continued(text: Bytes) -> Places:
    """The places of bytes that continue a character of UTF-8; as signed numbers they are the least."""
    return np.flatnonzero(text.view(np.int8) < _FIRST_LEAD)


def _framed(places: Places, first: int) -> Shorts:
    """What is at the end of each record is also before the first cell of the next one."""
    framed = np.empty((len(places), places.shape[1] + 1), np.int32)
    framed[:, 1:] = places
    framed[0, 0], framed[1:, 0] = first, places[:-1, -1]
    return framed
