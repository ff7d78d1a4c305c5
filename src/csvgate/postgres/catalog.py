"""Claims and deliveries in; who works on what, and what became of it, out: the Catalog of `csvgate.ports`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from csvgate.core.findings import Verdict
from csvgate.delivery import Arrival, Delivery, State
from csvgate.delivery_json import from_message, to_message
from csvgate.ports.catalog import Claim, Standing, is_as_seen
from csvgate.postgres.connection import Database
from csvgate.postgres.statements import Statements, read
from csvgate.telling.notices import NOBODY, Audience

STATEMENTS = read("catalog")
PAGE = 500
# What narrows a list, and where its next page begins.
PLACES = ("bucket", "key", "state", "verdict", "day", "until", "before", "turn")


class PostgresCatalog:
    """The catalog in a database that `csvgate migrate` has prepared; lists are read a page at a time."""

    def __init__(self, database: Database, audience: Audience = NOBODY, page: int = PAGE) -> None:
        self._database = database
        self._audience = audience
        self._page = page

    def claim(self, arrival: Arrival, *, owner: str, now: datetime, lease: timedelta) -> Claim:
        """See Catalog."""
        ours = {"owner": owner, "busy_until": now + lease}
        delivery = Delivery.of(arrival, "inspecting", at=arrival.time or now)
        with self._database.transaction() as connection:
            run = Statements(connection, STATEMENTS)
            if run.value("begin", None, **_row(delivery), **ours):
                return Claim(status="held", delivery=delivery)
            message, holder, busy_until = next(run.run("kept", delivery_id=delivery.delivery_id))
            kept = from_message(message)
            if kept.is_final:
                return Claim(status="finished", delivery=kept, attempts=kept.attempts)
            if holder and busy_until > now:
                return Claim(status="busy", delivery=kept, attempts=kept.attempts, busy_until=busy_until)
            again = replace(delivery, attempts=kept.attempts + 1)
            run.run("claim_again", None, **_row(again), **ours)
            return Claim(status="held", delivery=again, attempts=again.attempts)

    def release(self, delivery_id: str, *, owner: str) -> None:
        """See Catalog."""
        self._run("release", delivery_id=delivery_id, owner=owner)

    def hold(self, delivery_id: str, *, owner: str, until: datetime) -> bool:
        """See Catalog."""
        return bool(self._run("hold", delivery_id=delivery_id, owner=owner, until=until))

    def loading(self, delivery: Delivery) -> None:
        """See Catalog."""
        with self._database.transaction() as connection:
            run = Statements(connection, STATEMENTS)
            kept = _kept(run, delivery.delivery_id)
            if kept and kept.state == "inspecting":
                run.run("loading", **_row(replace(kept, state="loading")))

    def record(self, delivery: Delivery, column_names: Sequence[str], standing: Standing) -> bool:
        """See Catalog."""
        with self._database.transaction() as connection:
            run = Statements(connection, STATEMENTS)
            head = _head_alone(run, delivery.arrival)
            kept = _kept(run, delivery.delivery_id)
            if kept and kept.is_final:
                return True
            leads = _leads(delivery, standing, head)
            if leads is None:
                return False
            recorded = replace(delivery, attempts=max(delivery.attempts, kept.attempts if kept else 0))
            run.run("record", **_row(recorded), column_names=json.dumps([*column_names]))
            if leads:
                _put_first(run, recorded, head)
            self._tell(run, recorded)
            return True

    def lead(self, delivery: Delivery, column_names: Sequence[str], *, seen: str | None, order: str = "") -> bool:
        """See Catalog."""
        with self._database.transaction() as connection:
            run = Statements(connection, STATEMENTS)
            head = _head_alone(run, delivery.arrival)
            if (head[0] if head else None) != seen:
                return False
            if delivery.delivery_id != seen:
                names = json.dumps([*column_names])
                run.run("name_columns", delivery_id=delivery.delivery_id, column_names=names)
            _put_first(run, delivery, head, order)
            return True

    def amend(self, delivery: Delivery, column_names: Sequence[str], *, seen: Delivery) -> bool:
        """See Catalog."""
        with self._database.transaction() as connection:
            run = Statements(connection, STATEMENTS)
            kept = _kept(run, delivery.delivery_id)
            if kept is None or not is_as_seen(kept, seen):
                return False
            run.run("record", **_row(delivery), column_names=json.dumps([*column_names]))
            self._tell(run, delivery)
            return True

    def get(self, delivery_id: str) -> Delivery | None:
        """See Catalog."""
        return next(iter(self._deliveries("get", delivery_id=delivery_id)), None)

    def head(self, bucket: str, key: str) -> Delivery | None:
        """See Catalog."""
        return next(iter(self._deliveries("head_delivery", bucket=bucket, key=key)), None)

    def history(self, bucket: str, key: str) -> Iterator[Delivery]:
        """See CatalogView."""
        return self._newest_first(bucket=bucket, key=key)

    def newest(
        self,
        *,
        state: State | None = None,
        verdict: Verdict | None = None,
        day: str | None = None,
        until: datetime | None = None,
    ) -> Iterator[Delivery]:
        """See CatalogView."""
        return self._newest_first(state=state, verdict=verdict, day=day, until=until)

    def known(self, delivery_ids: Iterable[str]) -> dict[str, Delivery]:
        """See CatalogView."""
        found = self._deliveries("known", delivery_ids=[*delivery_ids])
        return {delivery.delivery_id: delivery for delivery in found}

    def _newest_first(self, **narrowed: str | datetime | None) -> Iterator[Delivery]:
        """A page at a time: no transaction is open while somebody looks at what he got."""
        wish: dict[str, Any] = dict.fromkeys(PLACES)
        wish |= narrowed
        while page := self._run("page", **wish, limit=self._page):
            yield from (from_message(message) for message, _, _ in page)
            wish["before"], wish["turn"] = page[-1][1:]

    def _deliveries(self, statement: str, **values: object) -> list[Delivery]:
        return [from_message(message) for (message,) in self._run(statement, **values)]

    def _run(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        with self._database.transaction() as connection:
            done = Statements(connection, STATEMENTS).run(statement, None, **values)
            return done.fetchall() if done.description else []

    def _tell(self, run: Statements, delivery: Delivery) -> None:
        """What has to be said is written with what is said."""
        for notice in self._audience.notices(delivery):
            run.run(
                "tell",
                channel=notice.channel,
                dedup_id=notice.dedup_id,
                delivery_id=delivery.delivery_id,
                delivery=to_message(delivery),
            )


def _row(delivery: Delivery) -> dict[str, Any]:
    """The columns that a delivery fills."""
    return {
        "delivery_id": delivery.delivery_id,
        "bucket": delivery.arrival.bucket,
        "key": delivery.arrival.key,
        "state": delivery.state,
        "verdict": delivery.verdict,
        "uploaded_at": delivery.upload_timestamp,
        "turn": delivery.arrival.order + delivery.delivery_id,
        "delivery": to_message(delivery),
    }


def _kept(run: Statements, delivery_id: str) -> Delivery | None:
    message = run.value("kept", delivery_id=delivery_id)
    return from_message(message) if message else None


def _head_alone(run: Statements, arrival: Arrival) -> tuple[str, str] | None:
    """The head's delivery and its sequencer, which nobody else changes until the transaction ends."""
    where = {"bucket": arrival.bucket, "key": arrival.key}
    run.run("alone_with_key", None, **where)
    return run.run("head", None, **where).fetchone()


def _leads(delivery: Delivery, standing: Standing, head: tuple[str, str] | None) -> bool | None:
    """Whether the delivery becomes the head; None where that cannot be told from here."""
    if standing.how == "older":
        return False
    if standing.how == "latest":
        return (head[0] if head else None) == standing.seen or None
    if head is None:
        return True
    order = delivery.arrival.order
    return head == (delivery.delivery_id, order) or (bool(head[1]) and order > head[1]) or None


def _put_first(run: Statements, delivery: Delivery, head: tuple[str, str] | None, order: str = "") -> None:
    arrival = delivery.arrival
    known = max(order, arrival.order)
    sequencer = max(known, head[1]) if head and known else known
    run.run("put_first", bucket=arrival.bucket, key=arrival.key, delivery_id=delivery.delivery_id, sequencer=sequencer)
