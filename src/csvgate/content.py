"""An inspected source and its feed in; the judgement on it, and what a sink is asked to load, out.

The file is judged before a sink hears of it: how many rows there are to load, if any, is known by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.feed import Feed
from csvgate.core.contracts.infer import infer
from csvgate.core.contracts.judge import Cells
from csvgate.core.contracts.judging import Judgement, Judging
from csvgate.core.contracts.quarantine import AsSent, Quarantine
from csvgate.core.contracts.schema import Constraints, Schema
from csvgate.core.dialect import Dialect
from csvgate.core.inspection import Inspection
from csvgate.core.reading import Source
from csvgate.core.text.container import ByteStream
from csvgate.errors import TransientError
from csvgate.load import CellType, Column, RawCsv, Target

# Takes the quarantine file, piece by piece.
Aside = Callable[[bytes], object]
CHUNK = 1024 * 1024
NARROWEST = 2
# What other readers of CSV take in other ways.
NOT_RAW = frozenset({"unclosed-quote", "stray-quote", "mixed-line-endings", "encoding-error", "nul-byte"})
# These parts of a file are no records, and no other reader knows it.
NO_RECORDS = ("bom", "preamble", "comments", "blank", "footer", "rejected")
# On a line of its own this ends the data for some versions of PostgreSQL, also inside of quotes.
END_MARK = b"\\."


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What became of a file: its target and its content are there where rows are to be loaded.

    `put_aside` bad rows are in the quarantine file, `left_out` found no room there.
    """

    judgement: Judgement
    target: Target
    content: AcceptedRows | None
    put_aside: int
    left_out: int


class AcceptedRows:
    """The accepted rows of a file, as a Content: judged anew each time that they are asked for."""

    def __init__(self, judging: Callable[[], Judging], judgement: Judgement, raw: RawCsv | None) -> None:
        """The judgement accepted the rows; `raw` are the same, where nothing has to be done to them."""
        self._judging = judging
        self._raw = raw
        self.row_count = judgement.accepted
        self.rows_quarantined = judgement.quarantined

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Each row by its number, with its cells in the order of the target."""
        judging = self._judging()
        for piece in judging.pieces():
            yield from judging.accepted(piece)
        _require_same(judging)

    def raw(self) -> RawCsv | None:
        """The stored bytes, where they are already what was promised."""
        return self._raw


def judge(source: Source, inspection: Inspection, feed: Feed, aside: Aside) -> Judged:
    """The file is judged, and its bad rows were handed to `aside`; of a file that is rejected, nothing is loaded.

    The inspection is of the same source, and did not reject it. Where nothing was promised, its types are.
    """
    contract = feed.contract or Contract(schema=_as_found(inspection))

    def anew() -> Judging:
        return Judging(source, inspection, contract, feed.cleansing)

    judging, quarantine, is_raw = anew(), Quarantine(AsSent(inspection)), _is_plain(inspection)
    for piece in judging.pieces():
        is_raw = is_raw and piece.is_as_written and not piece.violations and not piece.rows.hold(END_MARK)
        _put_aside(quarantine, quarantine.rows(piece), inspection, aside)
    _require_same(judging)
    judgement = judging.judgement()
    raw = _raw(source, inspection.dialect) if is_raw else None
    return Judged(
        judgement=judgement,
        target=_target(feed, judging),
        content=None if judgement.reason else AcceptedRows(anew, judgement, raw),
        put_aside=quarantine.written,
        left_out=quarantine.left_out,
    )


def _put_aside(quarantine: Quarantine, bad: bytes, inspection: Inspection, aside: Aside) -> None:
    """A quarantine file begins with its header; where no row is bad, there is none."""
    if not bad:
        return
    if quarantine.size == len(bad):
        aside(quarantine.header(inspection.column_names))
    aside(bad)


def _require_same(judging: Judging) -> None:
    if not judging.agrees:
        message = "the file changed between its inspection and now"
        raise TransientError(message)


def _as_found(inspection: Inspection) -> Schema:
    """The types of the columns, and no promise beyond."""
    schema = infer(inspection)
    fields = tuple(replace(field, constraints=Constraints()) for field in schema.fields)
    return replace(schema, fields=fields, primary_key=())


def _target(feed: Feed, judging: Judging) -> Target:
    fields = zip(judging.layout.fields, judging.zoned, strict=True)
    types: list[tuple[str, CellType]] = [
        (field.name, "zoned-datetime" if is_zoned else "string" if field.type == "any" else field.type)
        for field, is_zoned in fields
    ]
    return Target(
        table=feed.table or feed.name,
        columns=[Column(name=name, type=kind) for name, kind in types],
        shape=feed.shape,
        disposition=feed.disposition,
        keys=feed.keys,
    )


def _is_plain(inspection: Inspection) -> bool:
    """The stored bytes are what any reader of CSV reads alike."""
    dialect, ledger = inspection.dialect, inspection.bytes
    is_usual = dialect == Dialect(
        delimiter=dialect.delimiter,
        header=dialect.header,
        header_row_count=int(dialect.header),
        line_terminators=dialect.line_terminators,
    )
    has_records_only = not any(getattr(ledger, part) for part in NO_RECORDS)
    is_told_alike = NOT_RAW.isdisjoint(finding.code for finding in inspection.findings)
    is_wide = inspection.column_count >= NARROWEST and len(dialect.delimiter) == 1
    return is_usual and has_records_only and is_told_alike and is_wide


def _raw(source: Source, dialect: Dialect) -> RawCsv:
    def chunks() -> Iterator[bytes]:
        stream = ByteStream(source())
        while chunk := stream.read(CHUNK):
            yield chunk

    return RawCsv(chunks=chunks, delimiter=dialect.delimiter, has_header=dialect.header)
