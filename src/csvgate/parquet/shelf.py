"""What was loaded, as the ledger keeps it, in; what becomes of it at a load or an undo, out: decisions only.

A Shelf is what changes at one stroke: one delivery where deliveries are appended, all of a table where they replace
each other.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

from csvgate.delivery import Delivery
from csvgate.errors import PermanentError
from csvgate.load import Load


@dataclass(frozen=True, kw_only=True, slots=True)
class Rank:
    """Which version of which object it is: what decides what is newer."""

    bucket: str
    key: str
    order: str
    uploaded: str

    @classmethod
    def of(cls, delivery: Delivery) -> Rank:
        """The rank of a delivery."""
        arrival = delivery.arrival
        uploaded = delivery.upload_timestamp.isoformat()
        return cls(bucket=arrival.bucket, key=arrival.key, order=arrival.order, uploaded=uploaded)

    def comes_after(self, other: Rank) -> bool:
        """Within a key by sequencer, where both have one; else by upload time."""
        if (self.bucket, self.key) == (other.bucket, other.key) and self.order and other.order:
            return self.order > other.order
        return datetime.fromisoformat(self.uploaded) >= datetime.fromisoformat(other.uploaded)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """The newest generation of a delivery: the answer that its load got, and the files that hold its rows.

    state: `live` is seen by readers; `kept` was replaced, and comes back if what replaced it is undone; `moved` stands
    on another shelf by now, and only keeps away who comes too late to this one.
    """

    delivery_id: str
    generation: int
    rank: Rank
    load: Load
    files: tuple[str, ...] = ()
    state: Literal["live", "kept", "gone", "moved"] = "live"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """Entries that change together; `live` is the address of the list that readers follow, `doomed` files go."""

    live: str
    replaces: bool
    entries: tuple[Entry, ...] = ()
    doomed: tuple[str, ...] = ()

    def entry(self, delivery_id: str) -> Entry | None:
        """What is known of a delivery."""
        return next((entry for entry in self.entries if entry.delivery_id == delivery_id), None)

    @property
    def files(self) -> tuple[str, ...]:
        """What readers see."""
        return tuple(file for entry in self.entries if entry.state == "live" for file in entry.files)


def is_late(shelf: Shelf, entry: Entry) -> bool:
    """Whether the entry would replace what is newer."""
    return shelf.replaces and not all(entry.rank.comes_after(other.rank) for other in _seen_beside(shelf, entry))


def superseded(entry: Entry) -> Entry:
    """The entry, as it stands where something newer was there first."""
    return replace(entry, state="gone", load=replace(entry.load, rows_loaded=0, outcome="superseded"))


def entered(shelf: Shelf, entry: Entry) -> Shelf:
    """The entry stands on the shelf; what it takes the place of makes room.

    A repeated one changes nothing, and neither does one that was loaded before and comes late now.
    """
    known = shelf.entry(entry.delivery_id)
    if known and known.generation >= entry.generation:
        return shelf
    others = [other for other in shelf.entries if other is not known]
    if is_late(shelf, entry):
        if entry.generation > 1:
            return shelf
        entry = superseded(entry)
    elif shelf.replaces and _seen_beside(shelf, entry):
        others = [_made_room(other) for other in others]
    return _settled(replace(shelf, entries=(*others, entry)), (known,) if known else ())


def taken_back(shelf: Shelf, delivery_id: str) -> Shelf:
    """The delivery's rows are not seen any more, and what it had replaced is."""
    known = shelf.entry(delivery_id)
    if known is None or known.state in {"gone", "moved"}:
        return shelf
    undone = replace(known, state="gone", load=replace(known.load, rows_loaded=0, outcome="undone"))
    others = [
        replace(other, state="live") if other.state == "kept" and known.state == "live" else other
        for other in shelf.entries
        if other is not known
    ]
    return _settled(replace(shelf, entries=(*others, undone)), ())


def left(shelf: Shelf, entry: Entry, *, is_first: bool) -> Shelf:
    """The delivery has left for another shelf, where it stands as the entry says; what it had replaced here is seen.

    Of two shelves with the same generation it stands on the first. Whoever comes with it here later is too late.
    """
    known = shelf.entry(entry.delivery_id)
    is_same = known is not None and known.generation == entry.generation
    if known and (known.generation > entry.generation or (is_same and (is_first or known.state == "moved"))):
        return shelf
    back = taken_back(shelf, entry.delivery_id)
    others = tuple(other for other in back.entries if other.delivery_id != entry.delivery_id)
    return replace(back, entries=(*others, replace(entry, state="moved", files=())))


def to_json(shelf: Shelf) -> bytes:
    """The document of a shelf."""
    return json.dumps(asdict(shelf), indent=1).encode()


def from_json(document: bytes) -> Shelf:
    """The shelf that a document says; PermanentError if somebody has damaged it."""
    try:
        facts = json.loads(document)
        entries = tuple(_entry(each) for each in facts["entries"])
        return Shelf(**{**facts, "entries": entries, "doomed": tuple(facts["doomed"])})
    except (ValueError, KeyError, TypeError) as exc:
        message = "a part of the ledger of Parquet files, below parquet/shelves/, is damaged: an earlier version has it"
        raise PermanentError(message) from exc


def _entry(facts: dict[str, Any]) -> Entry:
    parts = {"rank": Rank(**facts["rank"]), "load": Load(**facts["load"]), "files": tuple(facts["files"])}
    return Entry(**{**facts, **parts})


def _seen_beside(shelf: Shelf, entry: Entry) -> list[Entry]:
    """What readers see of other deliveries."""
    return [other for other in shelf.entries if other.state == "live" and other.delivery_id != entry.delivery_id]


def _made_room(other: Entry) -> Entry:
    """What was seen is kept, and what was kept goes: an undo goes back by one version."""
    if other.state == "live":
        return replace(other, state="kept")
    return replace(other, state="gone") if other.state == "kept" else other


def _settled(shelf: Shelf, dropped: tuple[Entry, ...]) -> Shelf:
    """The files of what is gone are doomed."""
    gone = [entry for entry in shelf.entries if entry.state == "gone"]
    doomed = [file for entry in (*dropped, *gone) for file in entry.files]
    entries = tuple(replace(entry, files=()) if entry.state == "gone" else entry for entry in shelf.entries)
    return replace(shelf, entries=entries, doomed=(*shelf.doomed, *doomed))
