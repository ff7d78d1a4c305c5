"""An inspected source and its feed in; the judgement on it, and what a sink is asked to load, out.

The file is judged before a sink hears of it: how many rows there are to load, if any, is known by then, and kept as
an Acceptance, so that whoever loads the same bytes later does not judge them again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

from csvgate.core.contracts.cells import Shown
from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.feed import Feed
from csvgate.core.contracts.infer import infer
from csvgate.core.contracts.judge import Cells
from csvgate.core.contracts.judge import Judged as JudgedRows
from csvgate.core.contracts.judging import Judgement, Judging, layout_of
from csvgate.core.contracts.layout import Layout
from csvgate.core.contracts.quarantine import AsSent, Quarantine
from csvgate.core.contracts.schema import Constraints, Field, Schema
from csvgate.core.contracts.storage import storage_of
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
# Changes whenever an Acceptance means something else: what an earlier version has accepted is judged again.
FORM = 3
# What other readers of CSV take in other ways.
NOT_RAW = frozenset({"unclosed-quote", "stray-quote", "mixed-line-endings", "encoding-error", "nul-byte"})
# These parts of a file are no records, and no other reader knows it.
NO_RECORDS = ("bom", "preamble", "comments", "blank", "footer", "rejected")
# On a line of its own this ends the data for some versions of PostgreSQL, also inside of quotes.
END_MARK = b"\\."


@dataclass(frozen=True, kw_only=True, slots=True)
class Acceptance:
    """What has to be known of a judged file by whoever loads it: nobody has to judge the same bytes again.

    `feed` is the digest of the one that it was judged by; `types` are those of the columns of the target, as only
    their values tell; `is_as_stored`: the stored bytes are what was accepted. Of a rejected file no row is, for this
    `reason`.
    """

    feed: str
    row_count: int
    rows_quarantined: int
    reason: str | None
    types: tuple[CellType, ...]
    is_as_stored: bool

    def to_json(self) -> dict[str, Any]:
        """The acceptance as it lies beside the inspection."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What became of a file: `put_aside` bad rows are in the quarantine file, `left_out` found no room there."""

    judgement: Judgement
    acceptance: Acceptance
    put_aside: int
    left_out: int


class AcceptedRows:
    """The accepted rows of a file, as a Content: its cells are judged anew each time that they are asked for."""

    def __init__(self, judging: Callable[[], Judging], acceptance: Acceptance, raw: RawCsv | None) -> None:
        """The rows were accepted; `raw` are the same, where nothing has to be done to them."""
        self._judging = judging
        self._raw = raw
        self.row_count = acceptance.row_count
        self.rows_quarantined = acceptance.rows_quarantined

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Each row by its number, with its cells in the order of the target."""
        judging = self._judging()
        for piece in judging.pieces():
            yield from judging.accepted(piece)
        _require_same(is_same=judging.agrees)

    def raw(self) -> RawCsv | None:
        """The stored bytes, where they are already what was promised."""
        return self._raw


def judge(source: Source, inspection: Inspection, feed: Feed, aside: Aside) -> Judged:
    """The file is judged, and its bad rows were handed to `aside`.

    The inspection is of the same source, and did not reject it. Where nothing was promised, its types are.
    """
    judging, quarantine = _judging(source, inspection, feed), Quarantine(AsSent(inspection))
    is_as_stored = _is_plain(inspection)
    for piece in judging.pieces():
        is_as_stored = is_as_stored and _is_same(piece)
        _put_aside(quarantine, quarantine.rows(piece), inspection, aside)
    _require_same(is_same=judging.agrees)
    judgement = judging.judgement()
    acceptance = Acceptance(
        feed=_digest(feed),
        row_count=judgement.accepted,
        rows_quarantined=judgement.quarantined,
        reason=judgement.reason,
        types=_types(feed, judging),
        is_as_stored=is_as_stored,
    )
    return Judged(
        judgement=judgement, acceptance=acceptance, put_aside=quarantine.written, left_out=quarantine.left_out
    )


def acceptance_of(written: Mapping[str, Any] | None, feed: Feed) -> Acceptance | None:
    """What this feed, as it is now, accepted of a file; None if the file has to be judged: again, or for once."""
    if not written or written["feed"] != _digest(feed):
        return None
    return Acceptance(**{**written, "types": tuple(written["types"])})


def accepted(source: Source, inspection: Inspection, feed: Feed, acceptance: Acceptance) -> tuple[Target, AcceptedRows]:
    """What a sink is asked to load of a file that was accepted, by that feed; nothing is read yet."""
    content = AcceptedRows(
        lambda: _judging(source, inspection, feed),
        acceptance,
        _raw(source, inspection) if acceptance.is_as_stored else None,
    )
    return _target(feed, layout_of(inspection, _contract(feed, inspection), feed.cleansing), acceptance.types), content


def _judging(source: Source, inspection: Inspection, feed: Feed) -> Judging:
    return Judging(source, inspection, _contract(feed, inspection), feed.cleansing, storage_of(feed))


def _contract(feed: Feed, inspection: Inspection) -> Contract:
    return feed.contract or Contract(schema=_as_found(inspection))


def _digest(feed: Feed) -> str:
    """The same for as long as the feed says the same, and we mean the same by it."""
    return sha256(f"{FORM} {feed!r}".encode()).hexdigest()


def _is_same(piece: JudgedRows) -> bool:
    """The rows stand in the file as a sink takes them, and any reader finds them there."""
    return piece.is_as_written and not piece.violations and not piece.rows.hold(END_MARK)


def _put_aside(quarantine: Quarantine, bad: bytes, inspection: Inspection, aside: Aside) -> None:
    """A quarantine file begins with its header; where no row is bad, there is none."""
    if not bad:
        return
    if quarantine.size == len(bad):
        aside(quarantine.header(inspection.column_names))
    aside(bad)


def _require_same(*, is_same: bool) -> None:
    if not is_same:
        message = "the file changed between its inspection and now"
        raise TransientError(message)


def _as_found(inspection: Inspection) -> Schema:
    """The types of the columns, and no promise beyond."""
    schema = infer(inspection)
    fields = tuple(replace(field, constraints=Constraints()) for field in schema.fields)
    return replace(schema, fields=fields, primary_key=())


def _types(feed: Feed, judging: Judging) -> tuple[CellType, ...]:
    """What the columns hold, all rows considered: where a value would be changed, texts, which change none."""
    puts_aside = feed.contract is not None and feed.contract.on_violation != "warn"
    fields = zip(judging.layout.fields, judging.shown, strict=True)
    return tuple("string" if shown.is_beyond and not puts_aside else _type(field, shown) for field, shown in fields)


def _type(field: Field, shown: Shown) -> CellType:
    """A column without values takes any type, unless it is known which: a moment may tell a zone, or not."""
    if field.type == "any":
        return "string" if shown.has_values else "any"
    if field.type != "datetime":
        return field.type
    if shown.is_zoned is None:
        return "any"
    return "zoned-datetime" if shown.is_zoned else "datetime"


def _target(feed: Feed, layout: Layout, types: Sequence[CellType]) -> Target:
    columns = zip(layout.fields, types, strict=True)
    return Target(
        table=feed.table or feed.name,
        columns=[Column(name=field.name, type=kind) for field, kind in columns],
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


def _raw(source: Source, inspection: Inspection) -> RawCsv:
    def chunks() -> Iterator[bytes]:
        stream = ByteStream(source())
        while chunk := stream.read(CHUNK):
            yield chunk
        stream.drain()
        _require_same(is_same=stream.sha256 == inspection.sha256)

    return RawCsv(chunks=chunks, delimiter=inspection.dialect.delimiter, has_header=inspection.dialect.header)
