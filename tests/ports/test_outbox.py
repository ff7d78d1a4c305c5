"""What every Outbox promises, with the catalog that fills it: what has to be said is recorded with the delivery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from csvgate.aws.dynamodb_outbox import DynamoDbOutbox
from csvgate.delivery import Arrival, Delivery, State
from csvgate.local.emulator import Emulator
from csvgate.memory import MemoryCatalog
from csvgate.ports.catalog import Catalog, Standing
from csvgate.postgres.catalog import PostgresCatalog
from csvgate.postgres.connection import Database
from csvgate.postgres.outbox import PostgresOutbox
from csvgate.telling.notices import Audience, Notice, Outbox
from tests.aws.provision import INBOUND, catalog_over, dynamodb_at, make_tables

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
OLDER, BY_SEQUENCER = Standing(how="older"), Standing(how="by-sequencer")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A catalog, and the outbox into which it writes."""

    catalog: Catalog
    outbox: Outbox

    def record(self, state: State = "recorded", version: str = "1", standing: Standing = BY_SEQUENCER) -> Delivery:
        arrival = Arrival(bucket=INBOUND, key="a.csv", version_id=version, sequencer=f"0{version}")
        delivery = replace(Delivery.of(arrival, state, at=NOW), verdict="warning")
        assert self.catalog.record(delivery, (), standing)
        return delivery

    def due(self, now: datetime = NOW) -> list[tuple[str, str, int]]:
        return sorted((notice.dedup_id, notice.channel, notice.tries) for notice in self.outbox.due(now))


@pytest.fixture(params=["memory", "dynamodb", "postgresql"])
def desk_for(request: pytest.FixtureRequest) -> Callable[[Audience], Desk]:
    """An empty catalog and outbox of each kind, with those who are to be told."""

    def in_memory(audience: Audience) -> Desk:
        catalog = MemoryCatalog(audience)
        return Desk(catalog=catalog, outbox=catalog.outbox)

    def in_dynamodb(audience: Audience) -> Desk:
        dynamodb = dynamodb_at(emulator.endpoint_url)
        names = make_tables(dynamodb)
        catalog = catalog_over(names, dynamodb, audience)
        return Desk(catalog=catalog, outbox=DynamoDbOutbox(dynamodb, names["deliveries_table"]))

    def in_postgresql(audience: Audience) -> Desk:
        return Desk(catalog=PostgresCatalog(database, audience), outbox=PostgresOutbox(database))

    if request.param == "memory":
        return in_memory
    if request.param == "postgresql":
        database: Database = request.getfixturevalue("prepared_database")
        return in_postgresql
    emulator: Emulator = request.getfixturevalue("emulator")
    return in_dynamodb


@pytest.fixture
def desk(desk_for: Callable[[Audience], Desk]) -> Desk:
    return desk_for(Audience(channels=("topic", "slack")))


@pytest.mark.parametrize("standing", [BY_SEQUENCER, OLDER, Standing(how="latest", seen=None)])
def test_what_is_recorded_has_to_be_said_over_each_channel(desk: Desk, standing: Standing) -> None:
    delivery = desk.record(standing=standing)
    dedup_id = f"{delivery.delivery_id}:recorded"
    assert desk.due() == [(dedup_id, "slack", 0), (dedup_id, "topic", 0)]
    assert {notice.delivery for notice in desk.outbox.of(delivery.delivery_id)} == {delivery}


def test_who_is_told_by_a_feed_is_known_until_it_was_said(desk_for: Callable[[Audience], Desk]) -> None:
    desk = desk_for(Audience(channels=("mail:ann@example.org", "mail:bob@example.org")))
    delivery = desk.record()
    ann, bob = sorted(desk.outbox.of(delivery.delivery_id), key=lambda notice: notice.channel)
    assert (ann.kind, ann.recipient, bob.recipient) == ("mail", "ann@example.org", "bob@example.org")
    desk.outbox.close(ann)
    assert [channel for _, channel, _ in desk.due()] == ["mail:bob@example.org"]


def test_what_was_not_recorded_is_not_said(desk: Desk) -> None:
    desk.record(version="2")
    before = desk.due()
    arrival = Arrival(bucket=INBOUND, key="a.csv", version_id="1", sequencer="01")
    assert not desk.catalog.record(Delivery.of(arrival, "recorded", at=NOW), (), BY_SEQUENCER)
    assert desk.due() == before


def test_what_was_said_is_not_said_again_when_its_message_comes_again(desk: Desk) -> None:
    for notice in desk.outbox.of(desk.record().delivery_id):
        desk.outbox.close(notice)
        desk.outbox.close(notice)
    desk.record()
    assert desk.due() == []


def test_a_failure_and_its_happy_end_are_two_words(desk: Desk) -> None:
    failed, recorded = desk.record("failed"), desk.record("recorded")
    assert {dedup_id for dedup_id, _, _ in desk.due()} == {
        f"{failed.delivery_id}:failed",
        f"{recorded.delivery_id}:recorded",
    }


def test_rows_that_were_taken_back_are_another_word(desk: Desk) -> None:
    loaded = desk.record("loaded")
    assert desk.catalog.amend(replace(loaded, state="undone"), (), seen=loaded)
    assert not desk.catalog.amend(replace(loaded, state="undone"), (), seen=loaded)
    assert {(name.rpartition(":")[2], channel) for name, channel, _ in desk.due()} == {
        (state, channel) for state in ("loaded", "undone") for channel in ("topic", "slack")
    }


def test_what_was_tried_in_vain_waits_and_is_counted(desk: Desk) -> None:
    delivery = desk.record()
    first, second = sorted(desk.outbox.due(NOW), key=lambda notice: notice.channel)
    desk.outbox.postpone(first, NOW + timedelta(minutes=1))
    desk.outbox.close(second)
    desk.outbox.postpone(second, NOW)
    assert desk.due() == []
    assert desk.due(NOW + timedelta(minutes=1)) == [(f"{delivery.delivery_id}:recorded", "slack", 1)]


def test_where_nobody_is_to_be_told_the_outbox_stays_empty(desk_for: Callable[[Audience], Desk]) -> None:
    desk = desk_for(Audience())
    assert list(desk.outbox.of(desk.record().delivery_id)) == []
    assert desk.due() == []


def test_each_delivery_has_notices_of_its_own(desk: Desk) -> None:
    first, second = desk.record(version="1"), desk.record(version="2")
    told: list[Notice] = [*desk.outbox.of(second.delivery_id)]
    assert {notice.delivery.delivery_id for notice in told} == {second.delivery_id}
    assert len(desk.due()) == 4
    assert first.delivery_id != second.delivery_id
