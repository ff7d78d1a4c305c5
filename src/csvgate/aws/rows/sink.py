"""Deliveries and their rows in; the rows in a table of DynamoDB, each once, out: the Sink of `csvgate.ports`.

No transaction holds a whole file, so its rows are written where nobody looks, counted there, and shown by one
transaction that changes the ledger and what readers see. Whoever is killed before it leaves rows that nobody sees;
whoever comes again goes on where he was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from csvgate.aws.dynamodb_items import instant
from csvgate.aws.errors import translated
from csvgate.aws.patience import tries
from csvgate.aws.rows import items, writes
from csvgate.aws.rows.batches import Request
from csvgate.aws.rows.rows import Overflow, requests_of
from csvgate.aws.rows.state import Entry, Head, Listing, Place, Running, shards_for
from csvgate.aws.rows.sweep import sweep
from csvgate.aws.rows.table import RowsTable
from csvgate.aws.rows.writes import Loading
from csvgate.delivery import Delivery
from csvgate.errors import PermanentError, TransientError
from csvgate.load import Content, Load, Stored, Target
from csvgate.ports.objects import ObjectStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

Clock = Callable[[], datetime]
# After so many rows the ledger is told how far the load is.
CHECKPOINT_ROWS = 5_000
# How often somebody else may be faster.
CONTENDED = 20


class DynamoDbSink:
    """A Sink in the table that `dynamodb.yaml` makes; safe to share between threads."""

    def __init__(
        self, client: DynamoDBClient, table: str, *, objects: ObjectStore, results_bucket: str, clock: Clock
    ) -> None:
        """Rows that are too large for an item go into the results bucket."""
        self._overflow = Overflow(objects, results_bucket)
        self._table = RowsTable(client, table, self._overflow.remove)
        self._clock = clock

    def load(self, delivery: Delivery, target: Target, content: Content, generation: int = 1) -> Load:
        """See Sink."""
        with translated():
            if done := self._table.entry(delivery.delivery_id).told(generation):
                return done
            done = self._load(measured(delivery, target, content, generation), content)
            sweep(self._table, target.table, now=self._clock(), rows=content.row_count)
        return done

    def undo(self, delivery_id: str) -> int:
        """See Sink."""
        with translated():
            for _ in tries(CONTENDED):
                entry = self._table.entry(delivery_id)
                if not entry.place:
                    return self._nothing_to_undo(entry)
                head = self._table.head(entry.place.table)
                if not head.keeps(entry.edition):
                    return 0
                is_alone = next(self._table.listed(head, entry.edition, but=delivery_id), None) is None
                if self._table.transact(writes.hide(entry, head, self._now(), is_alone=is_alone)):
                    return self._cleared(entry)
        raise _overtaken(delivery_id)

    def count(self, delivery_id: str) -> int:
        """See Sink."""
        with translated():
            place = self._shown_at(self._table.entry(delivery_id))
            return self._table.count(place) if place else 0

    def generation(self, delivery_id: str) -> int:
        """See Sink."""
        with translated():
            return self._table.entry(delivery_id).generation

    def loads(self) -> Iterator[Stored]:
        """See Sink."""
        heads: dict[str, Head] = {}
        with translated():
            for entry in self._table.entries():
                if not entry.load:
                    continue
                table = entry.load.table
                head = heads[table] = heads.get(table) or self._table.head(table)
                yield Stored(
                    delivery_id=entry.delivery_id,
                    generation=entry.generation,
                    load=entry.load,
                    is_seen=entry.place is not None and entry.edition == head.edition,
                )

    def mend(self, delivery_id: str) -> bool:
        """See Sink. A head that somebody deleted is there again; a listing is only with the next load."""
        with translated():
            entry = self._table.entry(delivery_id)
            head = self._table.head(entry.place.table) if entry.place else None
            if head is None or head.version or not self._table.transact(writes.lead(head)):
                return False
            return self._shown_at(entry) is not None

    def forget(self, delivery_id: str) -> int:
        """See Sink. Rows are looked for wherever a load of the delivery was begun, whoever was killed in it."""
        removed = self.undo(delivery_id)
        with translated():
            for place in self._forgotten(delivery_id).places:
                self._table.delete(items.dropped_item(place))
        self._overflow.forget(delivery_id)
        return removed

    def _forgotten(self, delivery_id: str) -> Entry:
        """The entry of the delivery, of which no row is there; now it says no more than that it was."""
        for _ in tries(CONTENDED):
            entry = self._table.entry(delivery_id)
            for place in entry.places:
                self._table.clear(place)
            if not entry.version or self._table.transact(writes.forget(entry)):
                return entry
        raise _overtaken(delivery_id)

    def _shown_at(self, entry: Entry) -> Place | None:
        return self._table.shown(entry.load.table, entry.delivery_id) if entry.load else None

    def _now(self) -> str:
        return instant(self._clock())

    def _cleared(self, hidden: Entry) -> int:
        """The rows are deleted that nobody sees any more; how many readers saw."""
        assert hidden.place and hidden.load  # noqa: S101, PT018  it was hidden just now
        self._table.clear(hidden.place)
        self._table.delete(items.dropped_item(hidden.place))
        return hidden.load.rows_loaded

    def _nothing_to_undo(self, entry: Entry) -> int:
        """Somebody undid it before, and may have been killed while he deleted rows."""
        if entry.load:
            sweep(self._table, entry.load.table, now=self._clock(), rows=0)
        return 0

    def _load(self, loading: Loading, content: Content) -> Load:
        begun = self._begun(loading)
        if isinstance(begun, Load):
            return begun
        if self._write(begun, loading, content) and self._has_all(begun, loading):
            return self._shown(begun, loading)
        return self._given_up(begun, loading)

    def _begun(self, loading: Loading) -> Running | Load:
        """The load that runs, begun by us or by somebody who writes the same; or the answer, if there is one."""
        for _ in tries(CONTENDED):
            entry = self._table.entry(loading.delivery.delivery_id)
            if done := entry.told(loading.generation):
                return done
            if loading.is_late(self._replaced(loading, self._table.head(loading.target.table))):
                if self._gives_way(entry, loading):
                    return loading.superseded()
            elif entry.running and loading.is_same(entry.running):
                return entry.running
            else:
                running = _running(entry, loading)
                if self._table.transact(writes.begin(entry, running, self._now())):
                    return running
        raise _overtaken(loading.delivery.delivery_id)

    def _gives_way(self, entry: Entry, loading: Loading) -> bool:
        """What is newer stays; False if somebody else has changed the entry meanwhile."""
        members = writes.supersede(entry, loading, self._now())
        return not members or self._table.transact(members)

    def _replaced(self, loading: Loading, head: Head) -> list[Listing]:
        """What readers see now and would not see any more; of a table that grows, nothing has to be read."""
        if loading.target.disposition != "replace":
            return []
        return list(self._table.listed(head, head.edition, but=loading.delivery.delivery_id))

    def _write(self, running: Running, loading: Loading, content: Content) -> bool:
        """All rows are in the table; False if somebody else has ended the load before."""
        told = running.written
        for written in self._table.write(self._requests(running, loading, content)):
            if written - told >= CHECKPOINT_ROWS:
                if not self._table.advance(running, written):
                    return False
                told = written
        return True

    def _requests(self, running: Running, loading: Loading, content: Content) -> Iterator[Request]:
        return requests_of(running, loading.target, content, self._overflow.keep)

    def _has_all(self, running: Running, loading: Loading) -> bool:
        return self._table.count(running.place) == loading.row_count

    def _shown(self, running: Running, loading: Loading) -> Load:
        """Readers see the rows; or somebody else was faster, and this is his answer."""
        for _ in tries(CONTENDED):
            entry = self._table.entry(loading.delivery.delivery_id)
            if not entry.running or entry.running.place != running.place:
                return self._given_up(running, loading)
            head = self._table.head(loading.target.table)
            replaced = self._replaced(loading, head)
            if loading.is_late(replaced):
                if self._gives_way(entry, loading):
                    return loading.superseded()
            elif self._table.transact(writes.show(entry, head, replaced, loading, self._now())):
                return loading.answer()
        raise _overtaken(loading.delivery.delivery_id)

    def _given_up(self, running: Running, loading: Loading) -> Load:
        """The answer of whoever ended the load in our place; without one, it has to be begun anew."""
        entry = self._table.entry(loading.delivery.delivery_id)
        if entry.running and entry.running.place == running.place:
            # It is still ours, and rows are missing that were written: somebody deletes them.
            self._table.transact(writes.abandon(entry))
        elif not entry.is_held(running.place):
            # He who ended it may have cleared it before we wrote our last rows.
            self._table.clear(running.place)
        if done := entry.told(loading.generation):
            return done
        raise _overtaken(loading.delivery.delivery_id)


def measured(delivery: Delivery, target: Target, content: Content, generation: int) -> Loading:
    """What is to be loaded, read once through: two who find the same digest write the same items.

    PermanentError if there are other rows than were counted before, or if it cannot be done here.
    """
    if target.disposition == "merge":
        message = "rows cannot be merged in DynamoDB: append them, or replace what was there"
        raise PermanentError(message)
    columns = [(column.name, column.type) for column in target.columns]
    digest, count = hashlib.sha256(repr((target.shape, columns)).encode()), 0
    for number, cells in content.rows():
        digest.update(repr((number, *cells)).encode())
        count += 1
    if count != content.row_count:
        message = f"{count:,} rows are in the sink, and {content.row_count:,} were to be loaded"
        raise PermanentError(message)
    return Loading(
        delivery=delivery,
        target=target,
        generation=generation,
        row_count=count,
        rows_quarantined=content.rows_quarantined,
        digest=digest.hexdigest(),
    )


def _running(entry: Entry, loading: Loading) -> Running:
    place = Place(
        table=loading.target.table,
        delivery_id=entry.delivery_id,
        load=f"{loading.generation}-{entry.attempts + 1}",
        shards=shards_for(loading.row_count),
    )
    return Running(generation=loading.generation, place=place, digest=loading.digest)


def _overtaken(delivery_id: str) -> TransientError:
    return TransientError(f"somebody else loads {delivery_id}, or another delivery of its table, at the same time")
