"""What every LoadOutbox promises, with the sink that fills it: what was done is there until the catalog has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from csvgate.aws.rows.outbox import DynamoDbLoadOutbox
from csvgate.delivery import Delivery
from csvgate.local.emulator import Emulator
from csvgate.memory import MemorySink
from csvgate.ports.sinks import LoadOutbox, Sink
from csvgate.postgres.connection import Database
from csvgate.postgres.load_outbox import PostgresLoadOutbox
from csvgate.postgres.sink import PostgresSink
from tests.aws.provision import dynamodb_at, make_rows_table, make_sink
from tests.ports.contents import table, target, version

INTO = target("id", disposition="replace")
LONG_AGO, SOON = datetime(2000, 1, 1, tzinfo=UTC), timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A sink, and the outbox into which it writes."""

    sink: Sink
    outbox: LoadOutbox

    def load(self, number: int, generation: int = 1) -> Delivery:
        load = self.sink.load(version(number), INTO, table("1"), generation)
        return version(number).after(load, generation)

    def due(self) -> list[Delivery]:
        return list(self.outbox.due(datetime.now(UTC) + SOON))


@pytest.fixture(params=["memory", "postgresql", "dynamodb"])
def desk(request: pytest.FixtureRequest) -> Desk:
    """An empty sink and outbox of each kind; a page holds one message."""
    if request.param == "memory":
        sink = MemorySink(lambda: datetime.now(UTC))
        return Desk(sink=sink, outbox=sink.outbox)
    if request.param == "dynamodb":
        emulator: Emulator = request.getfixturevalue("emulator")
        dynamodb = dynamodb_at(emulator.endpoint_url)
        rows = make_rows_table(dynamodb)
        return Desk(sink=make_sink(dynamodb, rows), outbox=DynamoDbLoadOutbox(dynamodb, rows))
    database: Database = request.getfixturevalue("prepared_database")
    return Desk(sink=PostgresSink(database), outbox=PostgresLoadOutbox(database, page=1))


def test_what_was_loaded_or_came_too_late_is_to_be_heard_once(desk: Desk) -> None:
    done = [desk.load(number) for number in (2, 1, 2, 1)]
    assert [delivery.state for delivery in done[:2]] == ["loaded", "superseded"]
    assert {each.delivery_id: each for each in desk.due()} == {each.delivery_id: each for each in done[:2]}
    assert [desk.outbox.of(delivery.delivery_id) for delivery in done[:2]] == done[:2]


def test_what_is_closed_is_not_said_again(desk: Desk) -> None:
    first, second = desk.load(1), desk.load(2)
    for _ in range(2):
        desk.outbox.close(first)
    assert (desk.due(), desk.outbox.of(first.delivery_id)) == ([second], None)


def test_of_a_delivery_what_was_done_last_is_said(desk: Desk) -> None:
    desk.load(1)
    desk.sink.undo(version(1).delivery_id)
    [undone] = desk.due()
    assert (undone.state, undone.rows_loaded, undone.generation) == ("undone", 0, 1)
    again = desk.load(1, generation=2)
    assert desk.due() == [again]
    desk.outbox.close(again)
    assert desk.due() == []


def test_who_heard_what_was_done_before_has_not_heard_the_rest(desk: Desk) -> None:
    first = desk.load(1)
    desk.sink.undo(version(1).delivery_id)
    desk.outbox.close(first)
    assert [delivery.state for delivery in desk.due()] == ["undone"]


def test_what_was_just_done_is_given_its_time(desk: Desk) -> None:
    done = desk.load(1)
    assert list(desk.outbox.due(LONG_AGO)) == []
    assert desk.outbox.of(done.delivery_id) == done


def test_what_was_never_done_needs_no_word(desk: Desk) -> None:
    desk.outbox.close(version(9))
    assert (desk.outbox.of("nothing"), desk.due()) == (None, [])


def test_of_what_is_forgotten_nothing_is_to_be_heard(desk: Desk) -> None:
    """Neither that it was loaded nor that it is gone."""
    delivery, other = desk.load(1), desk.load(2)
    desk.sink.forget(delivery.delivery_id)
    assert (desk.outbox.of(delivery.delivery_id), desk.due()) == (None, [other])
