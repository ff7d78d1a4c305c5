"""Names and values of records in; those that hold characters which nobody sees, in the tally, out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from csvgate.core.findings import Place
from csvgate.core.notes import printable
from csvgate.core.structure.batch import Batch, Stretch
from csvgate.core.tally import Tally, excerpt_of
from csvgate.core.text.invisible import invisible_in, is_like_key, marks_in

CODE = "invisible-character"


class Unseen:
    """Counts names and values; the first ones have a place."""

    def __init__(self, tally: Tally, *, header_rows: int) -> None:
        """Nothing is counted yet."""
        self._tally = tally
        self._header_rows = header_rows

    def labels(self, batch: Batch, row: int, names: Sequence[str]) -> None:
        """Names of columns, which a row of the batch holds: whoever looks for one does not find it."""
        for column, name in enumerate(names):
            if invisible_in(name):
                self._tally.weigh(CODE, "warning")
                self._add("name", name, column, lambda: (batch, row))

    def values(self, stretch: Stretch) -> None:
        """The values of records."""
        batch = stretch.batch
        if not marks_in(batch.data, batch.encoding.scanned_as):
            return
        for row, cells in enumerate(stretch.rows, start=stretch.start):
            for column, text in enumerate(cells):
                if invisible_in(text):
                    self.value(text, column, lambda row=row: (batch, row))  # type: ignore[misc]  # mypy infers no lambda default

    def value(self, text: str, column: int, where: Callable[[], tuple[Batch, int]]) -> None:
        """One value that holds some; `where` gives a batch and the row in it, if that is wanted."""
        if is_like_key(text):
            self._tally.weigh(CODE, "warning")
        self._add("value", text, column, where)

    def _add(self, what: str, text: str, column: int, where: Callable[[], tuple[Batch, int]]) -> None:
        if not self._tally.wants_place(CODE):
            self._tally.add(CODE)
            return
        batch, row = where()
        start, _ = batch.extent(row)
        place = Place(
            record=max(0, batch.first_row + row + 1 - self._header_rows),
            line=batch.line_at(start),
            byte_offset=batch.offset_at(start),
            column=column + 1,
            excerpt=excerpt_of(printable(text)),
        )
        message = f"line {place.line}: the {what} in column {column + 1} holds {invisible_in(text)}, which nobody sees"
        self._tally.add(CODE, message, place)
