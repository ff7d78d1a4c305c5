"""Deliveries and their rows in; the rows in PostgreSQL, each once, out: the Sink of `csvgate.ports`.

One transaction holds the ledger, the rows, the count, the head and the outbox. Whoever is killed in here leaves nothing
or everything, and the next one finds out which: the ledger's key is the guard.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from psycopg import Connection

from csvgate.delivery import Delivery
from csvgate.load import Content, Load, Stored, Target
from csvgate.postgres import tables
from csvgate.postgres.connection import Database
from csvgate.postgres.copying import Copying, OnStep, Step
from csvgate.postgres.filling import fill
from csvgate.postgres.ledger import Entry, Ledger
from csvgate.postgres.names import storable

PAGE = 500


def _onward(_step: Step) -> None:
    """Nothing happens at a step; tests kill the process there."""


class PostgresSink:
    """A Sink in a database that `csvgate migrate` has prepared."""

    def __init__(self, database: Database, step: OnStep = _onward, page: int = PAGE) -> None:
        self._database = database
        self._step = step
        self._page = page

    def load(self, delivery: Delivery, target: Target, content: Content, generation: int = 1) -> Load:
        """See Sink."""
        target = _labelled(target)
        with self._database.transaction() as connection:
            ledger = Ledger(connection)
            # Without a lock: most who come a second time come long after the first.
            if done := ledger.told(delivery.delivery_id, generation):
                return done
            if generation > 1 and (late := _come_late(connection, delivery, target, content)):
                return late
            place = tables.prepare(connection, target)
            labels = tuple(column.name for column in target.columns)
            entry = ledger.enter(delivery, place, content, labels, generation)
            if entry:
                self._step("after_ledger")
                self._load(connection, entry, content)
                self._step("before_commit")
            done = ledger.told(delivery.delivery_id, generation)
        assert done  # noqa: S101  ours, or that of a twin who was faster
        return done

    def undo(self, delivery_id: str) -> int:
        """See Sink."""
        with self._database.transaction() as connection:
            return _taken_back(connection, delivery_id)

    def count(self, delivery_id: str) -> int:
        """See Sink."""
        with self._database.transaction() as connection:
            seen = [rows for rows in Ledger(connection).standing(delivery_id) if rows.state == "live"]
            return sum(tables.count(connection, rows.relation, rows.delivery) for rows in seen)

    def generation(self, delivery_id: str) -> int:
        """See Sink."""
        with self._database.transaction() as connection:
            return Ledger(connection).generation(delivery_id)

    def loads(self) -> Iterator[Stored]:
        """See Sink. A page at a time: no transaction is open while somebody looks at what he got."""
        after = 0
        while page := self._read(after):
            yield from (stored for _, stored in page)
            after = page[-1][0]

    def mend(self, delivery_id: str) -> bool:  # noqa: ARG002  as in every sink
        """See Sink. The ledger changes with the rows, and views follow it."""
        return False

    def forget(self, delivery_id: str) -> int:
        """See Sink. What was killed left nothing."""
        with self._database.transaction() as connection:
            removed = _taken_back(connection, delivery_id)
            Ledger(connection).forget(delivery_id)
        return removed

    def _read(self, after: int) -> list[tuple[int, Stored]]:
        with self._database.transaction() as connection:
            return Ledger(connection).page(after, self._page)

    def _load(self, connection: Connection, entry: Entry, content: Content) -> None:
        """The rows are in, and everything says so; or a newer version was there first, and the ledger says that."""
        ledger = Ledger(connection)
        if entry.place.disposition == "replace" and ledger.is_late(entry):
            ledger.conclude(entry, "superseded", 0, entry.place.relation)
            return
        _make_room(connection, ledger, entry)
        copying = Copying(
            connection=connection,
            place=entry.place,
            delivery=entry.delivery,
            content=content,
            labels=entry.labels,
            step=self._step,
        )
        place = fill(copying)
        self._step("after_copy")
        ledger.conclude(entry, "loaded", content.row_count, place.relation)


def _taken_back(connection: Connection, delivery_id: str) -> int:
    """No row of the delivery is there, and what it had replaced is seen again; how many rows went."""
    ledger = Ledger(connection)
    for rows in ledger.standing(delivery_id):
        tables.lock(connection, rows.target)
    removed = 0
    # Looked at again: until the lock was ours, another one may have replaced or undone them.
    for rows in ledger.standing(delivery_id):
        removed += tables.remove(connection, rows.relation, rows.delivery)
        ledger.take_back(rows, delivery_id)
    return removed


def _labelled(target: Target) -> Target:
    """The same with labels that can be stored; its rows go by their order."""
    columns = [replace(column, name=storable(column.name)) for column in target.columns]
    return replace(target, columns=columns, keys=[storable(key) for key in target.keys])


def _come_late(connection: Connection, delivery: Delivery, target: Target, content: Content) -> Load | None:
    """The answer to what was loaded before and would replace what is newer now: nothing changes, not even columns."""
    number, relation = tables.locked(connection, target)
    if number is None or target.disposition != "replace":
        return None
    return Ledger(connection).late(delivery, number, relation, content.rows_quarantined)


def _make_room(connection: Connection, ledger: Ledger, entry: Entry) -> None:
    """What this load takes the place of is out of sight when the transaction ends, and not before."""
    gone = ledger.earlier(entry)
    if entry.place.disposition == "replace":
        gone += ledger.replaced_before(entry)
        ledger.replace_others(entry)
    for rows in gone:
        tables.lock(connection, rows.target)
        tables.remove(connection, rows.relation, rows.delivery)
        ledger.drop(rows)
