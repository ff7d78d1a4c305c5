"""Judged rows in; those that break the contract, as the sender wrote them, each behind its reasons, as a file out.

The reasons stand first: a row with too many cells, or too few, does not push them into other columns. Whoever deletes
the four columns has the sender's own rows again, byte for byte.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Protocol

from csvgate.core.canonical import BOM, is_formula
from csvgate.core.contracts.judge import Judged, Violation
from csvgate.core.dialect import Dialect
from csvgate.core.inspection import Inspection
from csvgate.core.notes import printable
from csvgate.core.rows import Row, RowReader

REASONS = ("csvgate_line", "csvgate_code", "csvgate_column", "csvgate_reason")
# Of a row that breaks many rules, so many are told.
TOLD = 5
# More records than any quarantine has.
_ALL = 1 << 40
_BREAK = re.compile("\r\n|\n|\r")


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """How much is kept of a bad file: nobody mends more by hand, and `Breaches` count it all."""

    rows: int = 100_000
    size: int = 64 * 1024 * 1024


USUAL_BOUNDS = Bounds()


class Form(Protocol):
    """How rows and their reasons are written."""

    def header(self, names: Sequence[str]) -> bytes:
        """The first line."""

    def row(self, reasons: Sequence[str], row: Row) -> bytes:
        """One row behind its reasons."""


class Quarantine:
    """Counts the rows that are written, their `size`, and those that are left out where there is no more room."""

    def __init__(self, form: Form, bounds: Bounds = USUAL_BOUNDS) -> None:
        """Nothing is written yet."""
        self._form = form
        self._bounds = bounds
        self.size = 0
        self.written = 0
        self.left_out = 0

    def header(self, names: Sequence[str]) -> bytes:
        """The names of the reasons, then those of the file's columns."""
        return self._form.header([*REASONS, *names])

    def rows(self, judged: Judged) -> bytes:
        """Those of the rows that break the contract, as long as there is room."""
        return b"".join(self._rows(judged))

    def _rows(self, judged: Judged) -> Iterator[bytes]:
        bad, before = sorted(judged.violations), self.written
        room = max(0, self._bounds.rows - self.written) if not self.left_out else 0
        for at, row in zip(bad, judged.rows.pick(bad[:room]), strict=False):
            line = self._form.row(reasons_of(row, judged.violations[at]), row)
            if self.size + len(line) > self._bounds.size:
                break
            self.size += len(line)
            self.written += 1
            yield line
        self.left_out += len(bad) - (self.written - before)


class AsSent:
    """In the file's own dialect and encoding; the sender's bytes stay as they are."""

    def __init__(self, inspection: Inspection) -> None:
        """The inspection is of the file whose rows are written."""
        self._dialect = inspection.dialect
        self._has_bom = inspection.bytes.bom > 0

    def header(self, names: Sequence[str]) -> bytes:
        """The names, quoted where they need it."""
        return self._encoded((BOM if self._has_bom else "") + self._joined(names) + self._end)

    def row(self, reasons: Sequence[str], row: Row) -> bytes:
        """The reasons, then the bytes of the row; the last one of a file gets the line end that it may lack."""
        is_ended = row.written.endswith((self._encoded("\n"), self._encoded("\r")))
        end = b"" if is_ended else self._encoded(self._end)
        return self._encoded(self._joined([*reasons, ""])) + row.written + end

    @property
    def _end(self) -> str:
        return self._dialect.line_terminators[0]

    def _joined(self, cells: Sequence[str]) -> str:
        return self._dialect.delimiter.join(_quoted(cell, self._dialect) for cell in cells)

    def _encoded(self, text: str) -> bytes:
        return text.encode(self._dialect.encoding, "replace")


class ForSpreadsheets:
    """UTF-8 that Excel sees as such, commas, and no cell that it would run as a formula; not the sender's bytes."""

    def header(self, names: Sequence[str]) -> bytes:
        """The names behind a byte order mark."""
        return BOM.encode() + self._line(names)

    def row(self, reasons: Sequence[str], row: Row) -> bytes:
        """The reasons, then the cells."""
        return self._line([*reasons, *row.cells])

    def _line(self, cells: Sequence[str]) -> bytes:
        lines: list[str] = []
        guarded = [f"'{cell}" if is_formula(cell) else cell for cell in cells]
        csv.writer(SimpleNamespace(write=lines.append), lineterminator="\r\n").writerow(guarded)
        return printable("".join(lines)).encode()


def guarded(quarantine: bytes, inspection: Inspection) -> Iterator[bytes]:
    """A quarantine that was written as sent, in pieces of one for spreadsheets."""
    dialect = replace(inspection.dialect, skip_rows=0, header_row_count=0)
    ledger = replace(inspection.bytes, preamble=0)
    written = replace(inspection, dialect=dialect, bytes=ledger, row_count=_ALL)
    form = ForSpreadsheets()
    yield BOM.encode()
    for rows in RowReader(lambda: iter([quarantine]), written).batches():
        yield b"".join(form.row((), row) for row in rows)


def reasons_of(row: Row, violations: Sequence[Violation]) -> tuple[str, str, str, str]:
    """Where the row stands, which codes it has, in which columns, and why; of many reasons the first."""
    told = violations[:TOLD]
    more = [f"and {len(violations) - TOLD} more"] if len(violations) > TOLD else []
    columns = dict.fromkeys(found.field for found in told if found.field)
    return (
        str(row.line),
        "; ".join(dict.fromkeys(found.code for found in told)),
        "; ".join(columns),
        "; ".join([*(printable(found.message) for found in told), *more]),
    )


def _quoted(cell: str, dialect: Dialect) -> str:
    """The cell as the dialect writes it; where that knows no quotes, without what would need them."""
    quote, escape = dialect.quote_char, dialect.escape_char
    needs_quotes = dialect.delimiter[0] in cell or _BREAK.search(cell) or (quote and quote in cell)
    if not needs_quotes:
        return cell
    if quote is None:
        return _BREAK.sub(" ", cell).replace(dialect.delimiter[0], " ")
    inner = (
        cell.replace(escape, escape * 2).replace(quote, escape + quote) if escape else cell.replace(quote, quote * 2)
    )
    return f"{quote}{inner}{quote}"
