"""Deliveries and their rows in; what readers of each table see out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import RLock
from typing import Literal

from csvgate.delivery import Delivery
from csvgate.errors import PermanentError
from csvgate.load import Content, Kind, Load, Stored, Target
from csvgate.memory.load_outbox import MemoryLoadOutbox
from csvgate.memory.objects import EPOCH

Cells = tuple[str | None, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Loaded:
    """One load as the ledger keeps it: its rows by number, and whether readers see them."""

    delivery: Delivery
    target: Target
    generation: int
    load: Load
    rows: dict[int, Cells]
    state: Literal["live", "kept", "gone"] = "live"


class MemorySink:
    """A Sink in memory, with one lock in the place of transactions."""

    def __init__(self, clock: Callable[[], datetime] = lambda: EPOCH, kind: Kind = "postgresql") -> None:
        """Nothing is in it; its answers say that it is a sink of that kind."""
        self._kind = kind
        self.outbox = MemoryLoadOutbox(clock)
        self._loads: dict[str, _Loaded] = {}
        self._lock = RLock()

    def load(self, delivery: Delivery, target: Target, content: Content, generation: int = 1) -> Load:
        """See Sink."""
        with self._lock:
            known = self._loads.get(delivery.delivery_id)
            if known and known.generation >= generation:
                return known.load
            rows = {number: tuple(cells) for number, cells in content.rows()}
            _check(rows, target, content)
            load = Load(
                sink=self._kind,
                table=target.table,
                rows_loaded=len(rows),
                rows_quarantined=content.rows_quarantined,
                verified=True,
            )
            entered = _Loaded(delivery=delivery, target=target, generation=generation, load=load, rows=rows)
            placed = self._placed(entered)
            # What was loaded before and comes late now stays what it was.
            if generation == 1 or placed.load.outcome == "loaded":
                self._loads[delivery.delivery_id] = placed
                self.outbox.add(delivery.after(placed.load, generation))
            return placed.load

    def undo(self, delivery_id: str) -> int:
        """See Sink."""
        with self._lock:
            known = self._loads.get(delivery_id)
            if known is None or known.state == "gone":
                return 0
            undone = replace(known.load, rows_loaded=0, outcome="undone")
            self._loads[delivery_id] = replace(known, state="gone", load=undone, rows={})
            self.outbox.add(known.delivery.after(undone, known.generation))
            if known.state == "live":
                self._move(known, "kept", "live")
            return len(known.rows)

    def count(self, delivery_id: str) -> int:
        """See Sink."""
        with self._lock:
            known = self._loads.get(delivery_id)
            return len(known.rows) if known and known.state == "live" else 0

    def generation(self, delivery_id: str) -> int:
        """See Sink."""
        with self._lock:
            known = self._loads.get(delivery_id)
            return known.generation if known else 0

    def loads(self) -> Iterator[Stored]:
        """See Sink."""
        with self._lock:
            known = [*self._loads.items()]
        return (
            Stored(delivery_id=name, generation=own.generation, load=own.load, is_seen=own.state == "live")
            for name, own in known
        )

    def mend(self, delivery_id: str) -> bool:  # noqa: ARG002  as in every sink
        """See Sink. What readers see is the ledger."""
        return False

    def forget(self, delivery_id: str) -> int:
        """See Sink."""
        with self._lock:
            removed = self.undo(delivery_id)
            self.outbox.forget(delivery_id)
            return removed

    def table(self, name: str) -> list[Cells]:
        """What readers of the table see, in the order in which it was loaded."""
        with self._lock:
            live = [known for known in self._loads.values() if known.target.table == name and known.state == "live"]
            return [cells for known in live for _, cells in sorted(known.rows.items())]

    def _placed(self, entered: _Loaded) -> _Loaded:
        """The load as it stands to the others of its target, which make room for it."""
        others = self._others(entered, "live")
        if entered.target.disposition == "replace":
            if any(not _comes_after(entered.delivery, other.delivery) for other in others):
                load = replace(entered.load, rows_loaded=0, outcome="superseded")
                return replace(entered, load=load, rows={}, state="gone")
            if others:
                self._move(entered, "kept", "gone")
                self._move(entered, "live", "kept")
        elif entered.target.disposition == "merge":
            return self._merged(entered, others)
        return entered

    def _merged(self, entered: _Loaded, others: Sequence[_Loaded]) -> _Loaded:
        """Rows with the same key are one row: that of the newer delivery."""
        rows = {_key(cells, entered.target): number for number, cells in entered.rows.items()}
        for other in others:
            is_late = self._is_late(entered.delivery, other.delivery)
            theirs = {_key(cells, other.target): number for number, cells in other.rows.items()}
            same = theirs.keys() & rows.keys()
            if is_late:
                rows = {key: number for key, number in rows.items() if key not in same}
            else:
                left = {number: cells for number, cells in other.rows.items() if _key(cells, other.target) not in same}
                self._loads[other.delivery.delivery_id] = replace(other, rows=left)
        return replace(entered, rows={number: entered.rows[number] for number in rows.values()})

    def _is_late(self, new: Delivery, old: Delivery) -> bool:
        """Between keys at the same time, the one that was first heard of is the older one."""
        if _is_same_key(new, old) or new.upload_timestamp != old.upload_timestamp:
            return not _comes_after(new, old)
        known = [*self._loads]
        return new.delivery_id in known and known.index(new.delivery_id) < known.index(old.delivery_id)

    def _others(self, loaded: _Loaded, state: str) -> list[_Loaded]:
        """The loads of other deliveries into the same target."""
        own, table = loaded.delivery.delivery_id, loaded.target.table
        return [
            known
            for name, known in self._loads.items()
            if name != own and known.target.table == table and known.state == state
        ]

    def _move(self, loaded: _Loaded, state: str, new: Literal["live", "kept", "gone"]) -> None:
        for other in self._others(loaded, state):
            self._loads[other.delivery.delivery_id] = replace(other, state=new)


def _check(rows: dict[int, Cells], target: Target, content: Content) -> None:
    if len(rows) != content.row_count:
        message = f"{len(rows):,} rows are in the sink, and {content.row_count:,} were to be loaded"
        raise PermanentError(message)
    if target.disposition == "merge":
        for number, cells in rows.items():
            if None in _key(cells, target):
                message = f"row {number}: it has no value for the key {', '.join(target.keys)}"
                raise PermanentError(message)


def _key(cells: Cells, target: Target) -> Cells:
    names = [column.name for column in target.columns]
    return tuple(cells[names.index(key)] for key in target.keys)


def _is_same_key(one: Delivery, other: Delivery) -> bool:
    ours, theirs = one.arrival, other.arrival
    return (ours.bucket, ours.key) == (theirs.bucket, theirs.key)


def _comes_after(new: Delivery, old: Delivery) -> bool:
    """Within a key by sequencer, where both have one; else by upload time."""
    ours, theirs = new.arrival, old.arrival
    if _is_same_key(new, old) and ours.order and theirs.order:
        return ours.order > theirs.order
    return new.upload_timestamp >= old.upload_timestamp
