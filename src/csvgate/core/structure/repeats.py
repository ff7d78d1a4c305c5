"""A header in; the records that are that header once more, as in files written one behind the other, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from csvgate.core.structure.header import HeaderJudgement

# The first file may have no byte order mark where a later one has.
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Repeats:
    """Finds a header again; `spellings` are its cells, as they are in the middle of a file."""

    spellings: tuple[tuple[str, ...], ...] = ()

    def rows_of(self, rows: Sequence[Sequence[str]]) -> list[int]:
        """Which of the rows are the header, cell by cell."""
        firsts = {cells[0] for cells in self.spellings}
        likely = [at for at, row in enumerate(rows) if row[0] in firsts]
        return [at for at in likely if tuple(rows[at]) in self.spellings]


def repeats_of(header: Sequence[str], judgement: HeaderJudgement, quote: str | None) -> Repeats:
    """What a header looks like behind the records of another file.

    Not looked for is one that names nothing, nor a lone cell that may be a value: values come again.
    """
    if not any(cell.strip() for cell in header) or (len(header) == 1 and judgement != "sure"):
        return Repeats()
    first, rest = header[0].removeprefix(_BOM), header[1:]
    # A quote behind the mark does not open the cell: it is part of it.
    marked = [_BOM + first, *([f"{_BOM}{quote}{first}{quote}"] if quote else [])]
    return Repeats(tuple((spelled, *rest) for spelled in (first, *marked)))
