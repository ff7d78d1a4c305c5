"""An inspected source in; the same table as canonical CSV, and the records that are no part of it, piece by piece, out.

Canonical is RFC 4180 in UTF-8, with a comma, a header, and quotes only where a cell needs them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Literal

from csvgate.core.inspection import Inspection
from csvgate.core.notes import printable
from csvgate.core.reading import Source, Text, open_text
from csvgate.core.structure.batch import Batch, Stretch
from csvgate.core.structure.ending import MARK
from csvgate.core.structure.footer import is_like_footer
from csvgate.core.structure.repeats import repeats_of
from csvgate.core.structure.scan import Scanner
from csvgate.core.text.encoding import Encoding

Ragged = Literal["reject", "pad", "keep"]
Footer = Literal["reject", "keep"]
Row = Sequence[str]

# What a rejected record says of itself: its physical line, why, and the sender's own text.
REJECT_NAMES = ("line", "code", "message", "record")
BOM = "\ufeff"
# A spreadsheet takes a cell that begins like this for a formula (CWE-1236); the last four are the wide forms.
_FORMULA = re.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
# A number is no formula, whatever its sign.
_NUMBER = re.compile(r"[-+]?[0-9][0-9 .,']*(?:[eE][-+]?[0-9]+)?%?")
_START_OF_TEXT, _END_OF_TEXT = re.compile(f"{BOM}|sep=", re.IGNORECASE), MARK.decode()
_PLAIN_CELL = re.compile(r"[^,\r\n]*")
_LAST_LINE_END = re.compile(r"(?:\r?\r\n|\n|\r)\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """How the table is written.

    `ragged` says what becomes of records with more or fewer cells than there are columns: `reject` sets them apart,
    `pad` adds empty cells to short ones (long ones are set apart), `keep` writes them as they are.
    `footer` says the same of records that are none by what they say: a total at the end, the header once more.
    `excel_safe` puts an apostrophe before cells that a spreadsheet would run as formulas, and a BOM before the text.
    """

    ragged: Ragged = "reject"
    footer: Footer = "keep"
    line_end: Literal["\n", "\r\n"] = "\n"
    excel_safe: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Some of the canonical text and of the rejects, and how many rows are in them; empty where there are none.

    Every record was either `written` or `rejected`; `padded` and `guarded` were changed as the style asks.
    """

    text: str = ""
    rejects: str = ""
    written: int = 0
    rejected: int = 0
    footer: int = 0
    padded: int = 0
    guarded: int = 0


class Canonical:
    """Reads the source once more and writes it anew; what was counted must be what the inspection counted."""

    def __init__(self, source: Source, inspection: Inspection, style: Style) -> None:
        """Only the head is read; the inspection is of the same source, and did not reject it."""
        encoding = Encoding(name=inspection.dialect.encoding, bom=inspection.bytes.bom)
        text = open_text(source, encoding)
        assert isinstance(text, Text)  # noqa: S101  a file that is no CSV was rejected
        self._text = text
        self._inspection = inspection
        self._style = style
        self._width = inspection.column_count
        self._counted = 0
        self._repeats = repeats_of(inspection.column_names, text.sniffed.header, text.sniffed.dialect.quote_char)

    @property
    def agrees(self) -> bool:
        """After the last piece: these were the bytes that were inspected, and as many records came out of them."""
        same = self._text.stream.sha256 == self._inspection.sha256
        return same and self._counted == self._inspection.row_count

    def pieces(self) -> Iterator[Piece]:
        """The header, then the records, in order."""
        names, guarded = self._guarded([self._inspection.column_names])
        start = BOM if self._style.excel_safe else ""
        yield Piece(text=start + _opened(self._lines(names)), rejects=self._lines([REJECT_NAMES]), guarded=guarded)
        text = self._text
        offset = text.encoding.bom + text.preamble
        scanner = Scanner(text.rest, text.sniffed.dialect, text.encoding, width=text.sniffed.width, offset=offset)
        for batch in scanner.batches():
            piece = self._piece(batch)
            self._counted += piece.written + piece.rejected
            yield piece
        text.stream.drain()

    def _piece(self, batch: Batch) -> Piece:
        """The records of a batch; behind the last record of the file there may be a footer."""
        header = self._inspection.dialect.header_row_count
        first = max(0, header - batch.first_row)
        end = max(0, header + self._inspection.row_count - batch.first_row)
        rows = batch.rows[first:end]
        apart = self._apart(Stretch(batch, first, first + len(rows)), batch.first_row + first - header)
        sorted_out = self._sort(rows, apart)
        footer = [(first + at, "footer", "a line after the data") for at in range(len(rows), len(batch.rows) - first)]
        rejected = [(first + at, *(apart.get(at) or self._reason(rows[at]))) for at in sorted_out.rejected]
        written, guarded = self._guarded(sorted_out.kept)
        return Piece(
            text=self._lines(written),
            rejects=self._lines(_reject(batch, *reject) for reject in [*rejected, *footer]),
            written=len(written),
            rejected=len(rejected),
            footer=len(footer),
            padded=sorted_out.padded,
            guarded=guarded,
        )

    def _apart(self, stretch: Stretch, before: int) -> Mapping[int, tuple[str, str]]:
        """Which of the rows, behind so many others, are set apart for what they say, and why."""
        if self._style.footer == "keep" or not self._inspection.dialect.header:
            return {}
        rows, last = stretch.rows, Stretch(stretch.batch, stretch.stop - 1, stretch.stop)
        apart = dict.fromkeys(self._repeats.rows_of(rows), ("repeated-header", "the header once more"))
        is_end = before + len(rows) == self._inspection.row_count
        if rows and is_end and is_like_footer(last):
            apart[len(rows) - 1] = ("footer", "the last record, which says that it is none")
        return apart

    def _sort(self, rows: Sequence[Row], apart: Collection[int]) -> _Sorted:
        """Which rows are written and which are not."""
        width, ragged = self._width, self._style.ragged
        if not apart and (ragged == "keep" or all(len(row) == width for row in rows)):
            return _Sorted(kept=rows)
        fits = [at not in apart and self._fits(row) for at, row in enumerate(rows)]
        kept = [row for row, fit in zip(rows, fits, strict=True) if fit]
        return _Sorted(
            kept=kept if ragged == "keep" else [[*row, *[""] * (width - len(row))] for row in kept],
            rejected=[at for at, fit in enumerate(fits) if not fit],
            padded=0 if ragged == "keep" else sum(len(row) < width for row in kept),
        )

    def _fits(self, row: Row) -> bool:
        """Whether a row of so many cells is written."""
        ragged = self._style.ragged
        return ragged == "keep" or len(row) == self._width or (ragged == "pad" and len(row) < self._width)

    def _reason(self, row: Row) -> tuple[str, str]:
        """Why a ragged row is set apart."""
        code = "extra-cell" if len(row) > self._width else "missing-cell"
        cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
        return code, f"{cells}, the header has {self._width}"

    def _guarded(self, rows: Sequence[Row]) -> tuple[Sequence[Row], int]:
        """The rows as a spreadsheet may open them, and how many cells that changed."""
        if not self._style.excel_safe:
            return rows, 0
        guarded = [[f"'{cell}" if is_formula(cell) else cell for cell in row] for row in rows]
        return guarded, sum(map(is_formula, (cell for row in rows for cell in row)))

    def _lines(self, rows: Iterable[Sequence[Any]]) -> str:
        """The rows as canonical CSV."""
        lines: list[str] = []
        # With this line end the writer quotes CR and LF alike, in every version of Python; it is exchanged here.
        csv.writer(SimpleNamespace(write=lines.append), lineterminator="\r\n").writerows(rows)
        return printable("".join(_closed(line[:-2]) + self._style.line_end for line in lines))


def _opened(text: str) -> str:
    """The text with its first cell in quotes if that begins as a byte order mark or a `sep=` hint: it would be one."""
    if not _START_OF_TEXT.match(text):
        return text
    first = _PLAIN_CELL.match(text)[0]  # type: ignore[index]  # matches ''
    return f'"{first}"{text[len(first) :]}'


def _closed(line: str) -> str:
    """The line with its last cell in quotes if that ends as old systems end a text: it would be taken for that."""
    if not line.endswith(_END_OF_TEXT):
        return line
    before, comma, last = line.rpartition(",")
    return f'{before}{comma}"{last}"'


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sorted:
    kept: Sequence[Row]
    rejected: Sequence[int] = field(default_factory=list)
    padded: int = 0


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would take the cell for more than text or a number."""
    return bool(_FORMULA.match(cell)) and not _NUMBER.fullmatch(cell)


def _reject(batch: Batch, row: int, code: str, message: str) -> tuple[Any, ...]:
    start, end = batch.extent(row)
    written = batch.data[start:end].decode(batch.encoding.scanned_as, "replace")
    return batch.line_at(start), code, message, _LAST_LINE_END.sub("", written)
