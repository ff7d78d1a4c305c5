"""A source and its Inspection in; every data record again, with its place, its cells and its own bytes, out.

It is read by the dialect that was found: nothing is sniffed twice, so what was counted is what comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from csvgate.core.inspection import Inspection
from csvgate.core.reading import HEAD, Source
from csvgate.core.structure.batch import Batch, count_lines
from csvgate.core.structure.ending import Ending
from csvgate.core.structure.grammar import LINE_END
from csvgate.core.structure.scan import Scanner
from csvgate.core.text.container import ByteStream, Reader
from csvgate.core.text.encoding import Encoding, Transcoder, stored_length


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One data record: its `number` and physical `line`, both from 1, its `byte_offset`, its cells.

    `written` are the sender's own bytes, with their line end, if there is one.
    """

    number: int
    line: int
    byte_offset: int
    cells: Sequence[str]
    written: bytes


class Rows:
    """Consecutive data records: `cells` of all of them at once, and what else there is to know on demand."""

    def __init__(self, batch: Batch, span: range, first: int, original: Original | None) -> None:
        """The rows of the batch that `span` names, of which the first has the number `first`."""
        self._batch = batch
        self._span = span
        self._original = original
        self.first = first

    def __len__(self) -> int:
        return len(self._span)

    @cached_property
    def cells(self) -> list[list[str]]:
        """The cells of each row."""
        rows = self._batch.rows
        return rows if len(rows) == len(self._span) else rows[self._span.start : self._span.stop]

    @cached_property
    def garbled(self) -> frozenset[int]:
        """The rows (from 0) that hold bytes which are not valid in the encoding."""
        return self._holding(self._batch.undecodable())

    @cached_property
    def with_nul(self) -> frozenset[int]:
        """The rows (from 0) that hold NUL bytes."""
        return self._holding(self._batch.nul_bytes())

    def hold(self, text: bytes) -> bool:
        """Whether the text stands anywhere in these rows, or between them."""
        return text in self._batch.data

    def pick(self, chosen: Iterable[int]) -> Iterator[Row]:
        """Those rows (from 0, ascending), with all that is known of them: found in one pass."""
        batch, done = self._batch, 0
        line, offset = batch.line, batch.offset
        for at in chosen:
            start, end = batch.extent(self._span[at])
            line += count_lines(batch.data[done:start])
            offset += stored_length(batch.data[done:start], batch.encoding)
            done = start
            yield Row(
                number=self.first + at,
                line=line,
                byte_offset=offset,
                cells=batch.rows[self._span[at]],
                written=self._written(start, end, offset),
            )

    def __iter__(self) -> Iterator[Row]:
        return self.pick(range(len(self)))

    def _holding(self, places: Iterable[int]) -> frozenset[int]:
        found = map(self._batch.row_at, places)
        return frozenset(at - self._span.start for at in found if at in self._span)

    def _written(self, start: int, end: int, offset: int) -> bytes:
        scanned, at = self._batch.data[start:end], offset - self._batch.offset
        if self._original is None:
            return scanned
        return self._stored[at : at + stored_length(scanned, self._batch.encoding)]

    @cached_property
    def _stored(self) -> bytes:
        """The bytes of the batch before they were transcoded."""
        return self._original.cut(self._batch.offset, self._batch.size()) if self._original else b""


class RowReader:
    """Reads the source once more; what was counted must be what the inspection counted."""

    def __init__(self, source: Source, inspection: Inspection) -> None:
        """Nothing is read yet; the inspection is of the same source, and did not reject it."""
        self._source = source
        self._inspection = inspection
        self._stream = ByteStream(source())
        self._counted = 0

    @property
    def agrees(self) -> bool:
        """After the last row: these were the bytes that were inspected, and as many records came out of them."""
        same = self._stream.sha256 == self._inspection.sha256
        return same and self._counted == self._inspection.row_count

    def batches(self) -> Iterator[Rows]:
        """All data records, in order, many at a time; without header and footer."""
        header, records = self._inspection.dialect.header_row_count, self._inspection.row_count
        original = Original(self._source) if self._encoding.is_transcoded else None
        for batch in self._scanner().batches():
            start = max(0, header - batch.first_row)
            span = range(len(batch.rows))[start : max(0, header + records - batch.first_row)]
            self._counted += len(span)
            if span:
                yield Rows(batch, span, batch.first_row + span.start - header + 1, original)
        self._stream.drain()

    def __iter__(self) -> Iterator[Row]:
        for rows in self.batches():
            yield from rows

    @property
    def _encoding(self) -> Encoding:
        return Encoding(name=self._inspection.dialect.encoding, bom=self._inspection.bytes.bom)

    def _scanner(self) -> Scanner:
        """At the first record of the table."""
        encoding, dialect, ledger = self._encoding, self._inspection.dialect, self._inspection.bytes
        self._stream.read(encoding.bom)
        blocks = _blocks(self._stream)
        text = Reader(Ending().blocks(Transcoder(encoding).blocks(blocks) if encoding.is_transcoded else blocks))
        table = Reader(_without_lines(text, dialect.skip_rows))
        offset = ledger.bom + ledger.preamble
        return Scanner(table, dialect, encoding, width=self._inspection.column_count, offset=offset)


class Original:
    """The decompressed bytes of a source as they are; read only if somebody asks, and once if he asks in order."""

    def __init__(self, source: Source) -> None:
        """Nothing is read yet."""
        self._source = source
        self._stream: ByteStream | None = None
        self._at = 0

    def cut(self, offset: int, size: int) -> bytes:
        """The bytes from `offset` on."""
        if self._stream is None or offset < self._at:
            self._stream, self._at = ByteStream(self._source()), 0
        while skipped := self._stream.read(min(HEAD, offset - self._at)) if offset > self._at else b"":
            self._at += len(skipped)
        self._at = offset + size
        return self._stream.read(size)


def _blocks(stream: ByteStream) -> Iterator[bytes]:
    while block := stream.read(HEAD):
        yield block


def _without_lines(text: Reader, skip: int) -> Iterator[bytes]:
    """The text behind so many physical lines: those before the header, which are near."""
    head = text.read(HEAD)
    ends = (match.end() for match, _ in zip(LINE_END.finditer(head), range(skip), strict=False))
    *_, start = 0, *ends
    yield head[start:]
    while block := text.read(HEAD):
        yield block
