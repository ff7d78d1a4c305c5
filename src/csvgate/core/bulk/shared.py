"""All columns of a table; their cells in, counted here and, as soon as there is one, by a partner; what they are, out.

The columns are divided, not the rows: each is counted by one, in the order of the file, so that no figure depends on
who it was. The first columns stay here; of the others so many are handed over that nobody waits for the other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from csvgate.core.bulk.column import BulkColumn
from csvgate.core.bulk.columns import BulkColumns
from csvgate.core.bulk.sheet import Sheet
from csvgate.core.columns.column import Mark
from csvgate.core.columns.profile import ColumnProfiler
from csvgate.core.columns.profilers import Concluded, Marks
from csvgate.core.partner import Partner

# From this byte of the file on a partner is worth its start.
WORTH = 16 * 1024 * 1024
# So many sheets may wait for the partner while the next one is cut.
AHEAD = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A cell of a sheet is the first of its shape in the column of that number."""

    sheet: Sheet
    column: int
    mark: Mark


class SharedColumns:
    """Counts sheets and, between them, batches."""

    def __init__(self, profilers: Iterable[ColumnProfiler], partner: Partner) -> None:
        """All columns are here."""
        self._mine = BulkColumns(map(BulkColumn, profilers))
        self._partner = partner
        self._has_begun = False
        self._theirs = 0
        self._asked: deque[tuple[Sheet, int]] = deque()

    def count(self, sheet: Sheet) -> list[Seen]:
        """The sheet is counted, or will be; what is known by now of it and of those before."""
        is_idle = self._is_idle(sheet)
        seen = self._answers(0 if is_idle else AHEAD - 1)
        if is_idle:
            self._divide()
        mine = len(self._mine)
        if self._theirs:
            self._partner.show(BulkColumns.count, sheet.outline.part(mine, mine + self._theirs))
            self._asked.append((sheet, mine))
        return [*seen, *_seen(sheet, 0, self._mine.count(sheet.outline))]

    def settle(self) -> list[Seen]:
        """All sheets are counted; what was not known of them before."""
        return self._answers(0)

    def add(self, columns: Iterable[Sequence[str]]) -> Marks:
        """The values of a batch are counted; all sheets are settled."""
        every = iter(columns)
        mine = list(islice(every, len(self._mine)))
        if not self._theirs:
            return self._mine.add(mine)
        self._partner.ask(BulkColumns.add, list(every))
        return [*self._mine.add(mine), *self._partner.answer()]

    def conclude(self, names: Sequence[str]) -> Sequence[Concluded]:
        """What there is to say of the columns, which have these names; all sheets are settled."""
        mine = len(self._mine)
        if not self._theirs:
            return self._mine.conclude(names)
        self._partner.ask(BulkColumns.conclude, names[mine:])
        return [*self._mine.conclude(names[:mine]), *self._partner.answer()]

    def _is_idle(self, sheet: Sheet) -> bool:
        """There is a partner, and it waits for work; it is called when the file proves large."""
        if not self._has_begun and sheet.start.offset >= WORTH:
            self._has_begun = True
            self._partner.begin(BulkColumns())
        return self._partner.is_idle

    def _divide(self) -> None:
        """The partner gets some more columns; the first time half of them."""
        for _ in range(-(-len(self._mine) // (8 if self._theirs else 2))):
            self._partner.ask(BulkColumns.take, self._mine.give())
            self._partner.answer()
            self._theirs += 1

    def _answers(self, most: int) -> list[Seen]:
        """At most so many sheets are not counted; what was seen in the others."""
        seen: list[Seen] = []
        while len(self._asked) > most:
            sheet, first = self._asked.popleft()
            seen += _seen(sheet, first, self._partner.answer())
        return seen


def _seen(sheet: Sheet, first: int, marks: Marks) -> Iterator[Seen]:
    return (Seen(sheet=sheet, column=at, mark=mark) for at, each in enumerate(marks, first) for mark in each)
