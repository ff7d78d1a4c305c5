"""What every CatalogView promises: the catalog as people look at it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from csvgate.delivery import Arrival, Delivery
from csvgate.ports.catalog import Standing
from tests.ports.conftest import AnyCatalog

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def keep(catalog: AnyCatalog, *, hours: float = 0, key: str = "k", **facts: Any) -> Delivery:  # noqa: ANN401  # any fact
    """A delivery that arrived so many hours after noon is recorded."""
    time = NOON + timedelta(hours=hours)
    order = f"{int(time.timestamp()):X}"
    arrival = Arrival(bucket="test-bucket", key=key, version_id=f"{key} {order}", sequencer=order, time=time)
    delivery = replace(Delivery.of(arrival, "recorded", at=time), **{"verdict": "ok", **facts})
    standings: tuple[Standing, ...] = (Standing(how="by-sequencer"), Standing(how="older"))
    assert any(catalog.record(delivery, ["id"], standing) for standing in standings)
    return delivery


def test_an_empty_catalog_shows_nothing(catalog: AnyCatalog) -> None:
    assert list(catalog.newest()) == []
    assert list(catalog.history("test-bucket", "k")) == []
    assert catalog.known(["x"]) == {}
    assert catalog.head("test-bucket", "k") is None


def test_the_history_of_a_key_is_newest_first_and_of_that_key_only(catalog: AnyCatalog) -> None:
    first, last, middle = (keep(catalog, hours=hours) for hours in (0, 60, 30))
    keep(catalog, key="k2")
    assert list(catalog.history("test-bucket", "k")) == [last, middle, first]
    assert list(catalog.history("other-bucket", "k")) == []


def test_the_newest_come_first_over_all_days(catalog: AnyCatalog) -> None:
    kept = {hours: keep(catalog, hours=hours, key=f"k{hours}") for hours in (0, -400, 5, 9_000, 1, 30)}
    assert list(catalog.newest()) == [kept[hours] for hours in sorted(kept, reverse=True)]


def test_the_newest_are_narrowed_by_day_in_utc(catalog: AnyCatalog) -> None:
    last_second = keep(catalog, hours=12 - 1 / 3600, key="a")
    midnight = keep(catalog, hours=12, key="b")
    assert list(catalog.newest(day="2026-03-01")) == [last_second]
    assert list(catalog.newest(day="2026-03-02")) == [midnight]
    assert list(catalog.newest(day="2026-03-03")) == []


def test_the_newest_begin_where_one_wants_to_go_on(catalog: AnyCatalog) -> None:
    old, then, newer = (keep(catalog, hours=hours, key=f"k{hours}") for hours in (-30, 0, 11))
    twin = keep(catalog, hours=0, key="twin", verdict="warning")
    assert {delivery.arrival.key for delivery in islice(catalog.newest(until=NOON), 2)} == {"k0", "twin"}
    assert list(catalog.newest(until=NOON))[2:] == [old]
    assert list(catalog.newest(until=NOON, day="2026-03-01", verdict="ok")) == [then]
    assert list(catalog.newest(until=NOON, state="recorded", verdict="warning")) == [twin]
    assert next(catalog.newest(until=NOON + timedelta(days=900))) == newer
    assert next(catalog.newest(until=datetime.max.replace(tzinfo=UTC))) == newer
    assert list(catalog.newest(until=NOON - timedelta(days=2))) == []


def test_the_newest_are_narrowed_by_state_and_verdict(catalog: AnyCatalog) -> None:
    fine = keep(catalog, key="a")
    warned = keep(catalog, key="b", hours=1, verdict="warning")
    bad = keep(catalog, key="c", hours=30, state="rejected", verdict="rejected")
    failed = keep(catalog, key="d", hours=31, state="failed", verdict=None)
    assert list(catalog.newest(state="recorded")) == [warned, fine]
    assert list(catalog.newest(verdict="rejected")) == [bad]
    assert list(catalog.newest(state="recorded", verdict="warning")) == [warned]
    assert list(catalog.newest(state="failed", day="2026-03-02")) == [failed]
    assert list(catalog.newest(verdict="ok", day="2026-03-02")) == []


def test_a_delivery_is_shown_under_the_state_it_has_now(catalog: AnyCatalog) -> None:
    delivery = keep(catalog, state="failed", verdict=None)
    assert [d.delivery_id for d in catalog.newest(state="failed")] == [delivery.delivery_id]
    catalog.claim(delivery.arrival, owner="us", now=NOON, lease=timedelta(minutes=1))
    assert [d.delivery_id for d in catalog.newest(state="inspecting")] == [delivery.delivery_id]
    keep(catalog)
    assert [len(list(catalog.newest(state=state))) for state in ("failed", "inspecting", "recorded")] == [0, 0, 1]


def test_what_is_being_inspected_is_shown_before_anything_was_recorded(catalog: AnyCatalog) -> None:
    arrival = Arrival(bucket="test-bucket", key="k", version_id="v1", sequencer="1", time=NOON)
    catalog.claim(arrival, owner="us", now=NOON, lease=timedelta(minutes=1))
    assert [delivery.state for delivery in catalog.newest()] == ["inspecting"]


def test_more_than_a_page_is_shown_and_a_few_can_be_taken(catalog: AnyCatalog) -> None:
    kept = [keep(catalog, hours=number / 60, key=f"k{number}") for number in range(230)]
    assert list(catalog.newest(day="2026-03-01")) == kept[::-1]
    assert list(islice(catalog.newest(), 3)) == kept[:-4:-1]


def test_known_are_those_that_the_catalog_has_however_many_are_asked_for(catalog: AnyCatalog) -> None:
    kept = {delivery.delivery_id: delivery for delivery in (keep(catalog, hours=hours) for hours in range(5))}
    asked = [*kept, *kept, *(f"unknown {number}" for number in range(250)), *kept]
    assert catalog.known(iter(asked)) == kept
