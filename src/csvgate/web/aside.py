"""The quarantine of a delivery, as its sender wrote it, in; the same as a spreadsheet may open it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from csvgate.core.canonical import BOM
from csvgate.core.contracts.quarantine import ForSpreadsheets
from csvgate.core.inspection import Inspection
from csvgate.core.rows import RowReader

# More records than any quarantine has.
ALL = 1 << 40


def for_spreadsheets(quarantine: bytes, inspection: Inspection) -> Iterator[bytes]:
    """Its records, the header first; it is read by the dialect of the file, in which it was written."""
    dialect = replace(inspection.dialect, skip_rows=0, header_row_count=0)
    ledger = replace(inspection.bytes, preamble=0)
    written = replace(inspection, dialect=dialect, bytes=ledger, row_count=ALL)
    form = ForSpreadsheets()
    yield BOM.encode()
    for rows in RowReader(lambda: iter([quarantine]), written).batches():
        yield b"".join(form.row((), row) for row in rows)
