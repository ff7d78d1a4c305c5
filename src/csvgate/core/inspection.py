"""inspect(source) -> Inspection: the core's only composition of decoding, dialect, structure and profile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from csvgate.core.columns.profile import ColumnProfile
from csvgate.core.counting import count
from csvgate.core.dialect import Dialect, line_terminators_of
from csvgate.core.findings import Finding, Place, Verdict, verdict_of
from csvgate.core.gravity import is_fatal
from csvgate.core.guessed import describe, note_guess
from csvgate.core.partner import Company, Partner, PartnerLost, alone
from csvgate.core.reading import NoCsv, Source, Text, open_text
from csvgate.core.structure.record import MAX_CELLS
from csvgate.core.structure.scan import Scanner
from csvgate.core.structure.wellformed import MAX_RECORD
from csvgate.core.table import Table
from csvgate.core.tally import Tally, excerpt_of
from csvgate.core.text.container import ByteStream
from csvgate.core.text.encoding import Encoding

__all__ = ["ByteLedger", "Inspection", "Source", "inspect"]

LONGEST = f"{MAX_RECORD // 1024**2} MB"
BOMB = "the file grows more than a hundredfold when it is decompressed, too far for what it holds; reading stopped"
# Findings after which the file must not be used.


@dataclass(frozen=True, kw_only=True, slots=True)
class ByteLedger:
    """Every byte of the decompressed stream, classed: the parts add up to `total`."""

    total: int = 0
    bom: int = 0
    preamble: int = 0
    comments: int = 0
    header: int = 0
    records: int = 0
    blank: int = 0
    footer: int = 0
    rejected: int = 0
    complete: bool = True

    def to_json(self) -> dict[str, Any]:
        """The ledger as the receipt shows it."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection:
    """What one file is, from its bytes alone: no clock, no cloud, the same for the same bytes."""

    file_size_bytes: int
    sha256: str
    compression: str | None
    row_count: int
    column_count: int
    column_names: tuple[str, ...]
    verdict: Verdict
    reads: int
    dialect: Dialect
    confidence: float
    columns: tuple[ColumnProfile, ...]
    findings: tuple[Finding, ...]
    bytes: ByteLedger

    def to_json(self) -> dict[str, Any]:
        """The part of the receipt that needs no cloud, in the order of the receipt."""
        return {
            "file_size_bytes": self.file_size_bytes,
            "sha256": self.sha256,
            "compression": self.compression,
            "row_count": self.row_count,
            "column_count": self.column_count,
            "column_names": list(self.column_names),
            "verdict": self.verdict,
            "reads": self.reads,
            "dialect": {**self.dialect.to_json(), "confidence": self.confidence},
            "columns": [column.to_json() for column in self.columns],
            "findings": [finding.to_json() for finding in self.findings],
            "bytes": self.bytes.to_json(),
        }


def inspect(source: Source, *, company: Company = alone) -> Inspection:
    """The inspection of all bytes of the source; any bytes give one, in bounded memory.

    `company` gives a partner that counts some of the columns of a large file; no figure depends on it.
    """
    reads, encoding = 0, None
    while True:
        reads += 1
        try:
            with company() as partner:
                found = _inspect_once(source, partner, reads=reads, encoding=encoding)
        except PartnerLost:
            company = alone
            continue
        if isinstance(found, Inspection):
            return found
        # Only the whole stream showed how the text is encoded: what was counted is of no use.
        encoding = found


def _inspect_once(source: Source, partner: Partner, *, reads: int, encoding: Encoding | None) -> Inspection | Encoding:
    """The inspection, or the encoding with which the source has to be read again."""
    text = open_text(source, encoding)
    if isinstance(text, NoCsv):
        return _rejected(text, reads)
    tally = Tally()
    _note_dialect(text, tally)
    table = Table(text.sniffed, tally)
    offset = text.encoding.bom + text.preamble
    scanner = Scanner(text.rest, text.sniffed.dialect, text.encoding, width=text.sniffed.width, offset=offset)
    look = partial(note_guess, tally=tally, header_rows=text.sniffed.dialect.header_row_count)
    count(scanner, table, look, partner=partner)
    text.stream.drain()
    if text.stream.refusal:
        return _rejected(NoCsv(stream=text.stream, kind="", is_head_all=True), reads)
    settled = text.witness.encoding() if text.witness else text.encoding
    if settled.name != text.encoding.name:
        return settled
    table.conclude(is_whole=scanner.stopped is None and text.stream.fault is None)
    _note_end(text, scanner, tally)
    return _conclude(text, table, tally, reads=reads, was_stopped=scanner.stopped is not None)


def _note_dialect(text: Text, tally: Tally) -> None:
    sniffed = text.sniffed
    if text.preamble and not sniffed.is_hinted:
        first = text.head[: sniffed.start].splitlines()[0].decode(text.encoding.scanned_as, "replace")
        lines = "1 line stands" if sniffed.dialect.skip_rows == 1 else f"{sniffed.dialect.skip_rows} lines stand"
        place = Place(line=1, byte_offset=text.encoding.bom, excerpt=excerpt_of(first))
        tally.add("preamble", f"{lines} before the header", place, count=sniffed.dialect.skip_rows)
    if sniffed.doubt:
        tally.add("dialect-unsure", sniffed.doubt)
    if sniffed.header == "unsure":
        tally.add("header-unsure", "the first record was taken for the header, but it may be data")
    if sniffed.header == "absent":
        tally.add("header-not-found", "the first record is data; the columns are named column_1, column_2 and so on")


def _note_end(text: Text, scanner: Scanner, tally: Tally) -> None:
    """What only the end of the file shows."""
    if text.encoding.is_guess and not tally.count("encoding-guessed"):
        tally.add("encoding-guessed", describe(text.encoding))
    if text.left_over:
        tally.add("encoding-error", f"the file ends in the middle of a character of {text.encoding.name}")
    if scanner.stopped == "too-long":
        tally.add("field-too-long", f"line {scanner.line}: a record is longer than {LONGEST}; reading stopped there")
    if scanner.stopped == "too-wide":
        tally.add("not-csv", f"line {scanner.line}: a record of more than {MAX_CELLS:,} cells is in no table")
    if text.mark:
        message = f"line {scanner.line}: the file ends with Ctrl-Z (0x1A), which was read as its end, not as a value"
        tally.add("end-of-file-mark", message, Place(line=scanner.line, byte_offset=scanner.offset))
    _note_fault(text.stream, tally)


def _note_fault(stream: ByteStream, tally: Tally) -> None:
    if stream.fault == "truncated":
        tally.add("truncated", "the compressed data ends early or is damaged")
    if stream.fault == "compression-bomb":
        tally.add("compression-bomb", BOMB)


def _conclude(text: Text, table: Table, tally: Tally, *, reads: int, was_stopped: bool) -> Inspection:
    findings = tally.findings()
    dialect, terminators = text.sniffed.dialect, line_terminators_of(table.terminators)
    if terminators and terminators != dialect.line_terminators:
        dialect = replace(dialect, line_terminators=terminators)
    return Inspection(
        file_size_bytes=text.stream.stored_size,
        sha256=text.stream.sha256,
        compression=text.stream.compression,
        row_count=table.row_count,
        column_count=len(table.names),
        column_names=table.names,
        verdict=verdict_of(findings, readable=not any(map(is_fatal, findings))),
        reads=reads,
        dialect=dialect,
        confidence=text.sniffed.confidence,
        columns=table.profiles(),
        findings=findings,
        bytes=_ledger(text, table, was_stopped=was_stopped),
    )


def _ledger(text: Text, table: Table, *, was_stopped: bool) -> ByteLedger:
    stream = text.stream
    known = text.encoding.bom + text.preamble + table.size + text.mark
    total = stream.inflated_size if stream.compression else stream.stored_size
    return ByteLedger(
        total=total,
        bom=text.encoding.bom,
        preamble=text.preamble,
        comments=table.comment_bytes,
        header=table.header_bytes,
        records=table.record_bytes,
        blank=table.blank_bytes,
        footer=table.footer_bytes + text.mark,
        rejected=total - known if was_stopped else text.left_over,
        complete=stream.fault is None and not (was_stopped and stream.compression),
    )


def _rejected(text: NoCsv, reads: int) -> Inspection:
    """What cannot be read as CSV is counted as rejected, byte by byte, with the reason."""
    stream, tally = text.stream, Tally()
    stream.drain()
    if kind := stream.refusal or text.kind:
        tally.add("not-csv", f"the file is {kind}, not a CSV")
    else:
        tally.add("empty-file", "the file holds no data")
    _note_fault(stream, tally)
    total = stream.inflated_size if stream.compression else stream.stored_size
    return Inspection(
        file_size_bytes=stream.stored_size,
        sha256=stream.sha256,
        compression=stream.compression,
        row_count=0,
        column_count=0,
        column_names=(),
        verdict="rejected",
        reads=reads,
        dialect=Dialect(header=False, header_row_count=0),
        confidence=0.0,
        columns=(),
        findings=tally.findings(),
        bytes=ByteLedger(total=total, rejected=total, complete=text.is_complete),
    )
