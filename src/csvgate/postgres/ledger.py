"""A load in; what the ledger, the heads and the outbox say of it out. All within the transaction of the connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from psycopg import Connection

from csvgate.delivery import Delivery
from csvgate.delivery_json import facts
from csvgate.load import Content, Load, Stored
from csvgate.postgres import load_outbox
from csvgate.postgres.statements import Statements, read
from csvgate.postgres.tables import Place, public_name

STATEMENTS = read("ledger")
Outcome = Literal["loaded", "superseded"]
# What an entry of the ledger means to whoever asks again; all others were loaded.
_OUTCOMES: dict[str, Literal["superseded", "undone"]] = {"undone": "undone", "superseded": "superseded"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A load that nobody else does: whose, its number in here, and which load of it this is."""

    whose: Delivery
    delivery: int
    generation: int
    place: Place
    labels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Rows that are there: whose, by which load, where, and whether readers see them."""

    delivery: int
    generation: int
    target: int
    relation: str | None
    state: Literal["live", "kept"]


class Ledger:
    """What was loaded, and what readers see of it."""

    def __init__(self, connection: Connection) -> None:
        self._sql = Statements(connection, STATEMENTS)

    def generation(self, delivery_id: str) -> int:
        """The latest load of the delivery; 0 if there is none."""
        return self._sql.value("told", delivery_id=delivery_id) or 0

    def told(self, delivery_id: str, generation: int) -> Load | None:
        """What became of the latest load of the delivery, if it is of this generation or a later one."""
        row = self._sql.run("told", delivery_id=delivery_id).fetchone()
        if row is None or row[0] < generation:
            return None
        return _load(*row[1:])

    def page(self, after: int, limit: int) -> list[tuple[int, Stored]]:
        """So many deliveries by their numbers, each with its latest load, behind the one that is numbered `after`."""
        return [
            (number, Stored(delivery_id=name, generation=generation, load=_load(state, *what), is_seen=state == "live"))
            for number, name, generation, state, *what in self._sql.run("page", after=after, limit=limit)
        ]

    def enter(
        self, delivery: Delivery, place: Place, content: Content, labels: tuple[str, ...], generation: int
    ) -> Entry | None:
        """The load is ours, or None: this generation or a later one was loaded meanwhile."""
        number = self._number(delivery)
        entered = self._sql.value(
            "enter",
            delivery=number,
            generation=generation,
            target=place.target,
            relation=place.relation,
            rows_quarantined=content.rows_quarantined,
            sha256=delivery.sha256,
            columns=list(labels),
        )
        if entered is None:
            return None
        return Entry(whose=delivery, delivery=number, generation=generation, place=place, labels=labels)

    def is_late(self, entry: Entry) -> bool:
        """Readers of the target see a delivery that came after this one."""
        return self._is_late(entry.delivery, entry.place.target)

    def late(self, delivery: Delivery, target: int, relation: str | None, rows_quarantined: int) -> Load | None:
        """The answer to what was loaded before, if readers of the target see what came after it."""
        is_late = self._is_late(self._number(delivery), target)
        return _load("superseded", 0, rows_quarantined, relation) if is_late else None

    def _is_late(self, number: int, target: int) -> bool:
        return bool(self._sql.value("is_late", delivery=number, target=target))

    def conclude(self, entry: Entry, outcome: Outcome, rows_loaded: int, relation: str | None) -> None:
        """The ledger has what came of it, the head of the key has moved if it may, and the catalog will hear of it."""
        self._sql.run(
            "conclude",
            delivery=entry.delivery,
            generation=entry.generation,
            state="live" if outcome == "loaded" else outcome,
            rows_loaded=rows_loaded,
            relation=relation,
        )
        self._sql.run("lead", delivery=entry.delivery)
        done = self.told(entry.whose.delivery_id, entry.generation)
        assert done  # noqa: S101  it has just been written
        load_outbox.post(self._sql.connection, entry.delivery, entry.whose.after(done, entry.generation))

    def earlier(self, entry: Entry) -> tuple[Standing, ...]:
        """Rows that earlier loads of the same delivery have left."""
        found = self._sql.run("earlier", delivery=entry.delivery, generation=entry.generation)
        return tuple(
            Standing(delivery=entry.delivery, generation=generation, target=target, relation=relation, state=state)
            for generation, target, relation, state in found
        )

    def replaced_before(self, entry: Entry) -> tuple[Standing, ...]:
        """Rows that were replaced once already."""
        target = entry.place.target
        found = self._sql.run("replaced_before", target=target, delivery=entry.delivery)
        return tuple(
            Standing(delivery=delivery, generation=generation, target=target, relation=relation, state="kept")
            for delivery, generation, relation in found
        )

    def replace_others(self, entry: Entry) -> None:
        """Readers of the target see this load only; what they saw before is kept."""
        self._sql.run("keep", target=entry.place.target, delivery=entry.delivery)

    def drop(self, rows: Standing) -> None:
        """The ledger knows that these rows are gone."""
        self._sql.run("mark", delivery=rows.delivery, generation=rows.generation, state="dropped")

    def standing(self, delivery_id: str) -> tuple[Standing, ...]:
        """The rows of the delivery that are there, if any."""
        found = self._sql.run("standing", delivery_id=delivery_id)
        return tuple(
            Standing(delivery=delivery, generation=generation, target=target, relation=relation, state=state)
            for delivery, generation, target, relation, state in found
        )

    def take_back(self, rows: Standing, delivery_id: str) -> None:
        """These rows were undone; if readers saw them, they see what they had replaced. The catalog will hear of it."""
        self._sql.run("mark", delivery=rows.delivery, generation=rows.generation, state="undone")
        if rows.state == "live":
            self._sql.run("bring_back", target=rows.target)
        done, whose = self.told(delivery_id, rows.generation), load_outbox.last(self._sql.connection, delivery_id)
        if done and whose:
            load_outbox.post(self._sql.connection, rows.delivery, whose.after(done, rows.generation))

    def forget(self, delivery_id: str) -> None:
        """Of the delivery nothing is here but that it was, where, and how many rows; nobody will hear of it."""
        self._sql.run("forget_loads", delivery_id=delivery_id)
        self._sql.run("forget_facts", delivery_id=delivery_id)
        load_outbox.forget(self._sql.connection, delivery_id)

    def _number(self, delivery: Delivery) -> int:
        arrival = delivery.arrival
        self._sql.run(
            "know",
            delivery_id=delivery.delivery_id,
            bucket=arrival.bucket,
            key=arrival.key,
            version_id=arrival.version_id,
            sequencer=arrival.order,
            uploaded_at=delivery.upload_timestamp,
            facts=facts(delivery),
        )
        return int(self._sql.value("number", delivery_id=delivery.delivery_id))


def _load(state: str, rows_loaded: int, rows_quarantined: int, relation: str | None) -> Load:
    """The first answer again, but for what was undone since."""
    return Load(
        sink="postgresql",
        table=public_name(relation),
        rows_loaded=rows_loaded if state != "undone" else 0,
        rows_quarantined=rows_quarantined,
        verified=True,
        outcome=_OUTCOMES.get(state, "loaded"),
    )
