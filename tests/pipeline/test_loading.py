"""The rows of a feed land in its sink once, whatever was repeated, reordered or cut off; the receipt says so."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any, Literal

import pytest

from csvgate.core.contracts.feed import Feeds
from csvgate.core.contracts.quarantine import USUAL_BOUNDS
from csvgate.errors import TransientError
from csvgate.feeds import load_feeds
from csvgate.memory.sink import MemorySink
from csvgate.pipeline.hurry import Hurry
from csvgate.pipeline.inspections import quarantine_of
from csvgate.pipeline.story import inspect_delivery, receipt_of, record_delivery
from csvgate.upkeep.reloading import reload
from csvgate.upkeep.replay import replay
from tests.world import BUCKET, NOT_CSV, Fault, Killed, World

SALES = b"id,name,amount\n1,Ada,10.50\n2,Grace,\n3,Joan,oops\n4,Mary,7\n"


def feeds(policy: str = "quarantine", **more: Any) -> Feeds:  # noqa: ANN401  whatever a feed may say
    """One feed with a contract, and one without."""
    fields = [{"name": "id", "type": "integer"}, {"name": "name"}, {"name": "amount", "type": "number"}]
    sales = {"name": "sales", "key": "in/sales/*", "contract": {"fields": fields}, "on_violation": policy} | more
    rest = {"name": "rest", "key": "in/**"}
    loaded = {"sink": "postgresql", "shape": "typed"}
    text = json.dumps({"feeds": [loaded | sales, loaded | rest]}).encode()
    return load_feeds(text, "feeds.json", lambda _: b"")


def told(world: World, key: str) -> dict[str, Any]:
    """The receipt of the newest version of a key."""
    return receipt_of(world.head(key), world.objects)


def table(world: World, name: str) -> list[tuple[str | None, ...]]:
    """What readers of a table see."""
    assert isinstance(world.sink, MemorySink)
    return world.sink.table(name)


def test_a_load_that_takes_too_long_leaves_nothing_and_comes_again() -> None:
    """Lambda's time ends in the middle of the rows; whoever has more finishes it."""
    world = World(feeds=feeds())
    arrival = world.objects.put(BUCKET, "in/sales/a.csv", SALES)
    delivery = inspect_delivery(arrival, world.ports())
    reads = count()
    ends = Hurry(halted=lambda: next(reads) >= 0)
    with pytest.raises(TransientError, match="before the file was read"):
        record_delivery(delivery, world.ports(), ends)
    assert (next(reads), table(world, "sales")) == (1, [])
    shown = world.catalog.get(arrival.delivery_id)
    assert shown
    assert shown.state == "loading"
    assert record_delivery(delivery, world.ports()).rows_loaded == 3


def test_good_rows_land_and_bad_ones_are_put_aside_with_their_reason() -> None:
    world = World(feeds=feeds())
    world.finish(world.objects.put(BUCKET, "in/sales/a.csv", SALES))
    receipt = told(world, "in/sales/a.csv")
    assert table(world, "sales") == [("1", "Ada", "10.50"), ("2", "Grace", None), ("4", "Mary", "7")]
    assert (receipt["state"], receipt["verdict"], receipt["feed"], receipt["reads"]) == (
        "loaded",
        "warning",
        "sales",
        2,
    )
    assert receipt["load"] == {
        "sink": "postgresql",
        "table": "sales",
        "rows_loaded": 3,
        "rows_quarantined": 1,
        "verified": True,
    }
    aside = world.objects.read(f"s3://csvgate-results/quarantine/{receipt['delivery_id']}.csv")
    assert aside is not None
    assert b"type-error" in aside
    assert aside.endswith(b"3,Joan,oops\n")


def test_what_was_accepted_is_read_once_more_and_not_judged_again() -> None:
    world, reads = World(feeds=feeds()), count()
    delivery = inspect_delivery(world.objects.put(BUCKET, "in/sales/a.csv", SALES), world.ports())
    recorded = record_delivery(delivery, world.ports(), Hurry(halted=lambda: next(reads) < 0))
    assert (recorded.rows_loaded, next(reads)) == (3, 1)


def test_a_feed_that_changed_after_the_inspection_judges_again() -> None:
    """No row is loaded by what the feed said before."""
    world = World(feeds=feeds())
    delivery = inspect_delivery(world.objects.put(BUCKET, "in/sales/a.csv", SALES), world.ports())
    world.feeds = feeds(limits={"max_bad_rows": 0})
    recorded = record_delivery(delivery, world.ports())
    assert (recorded.state, table(world, "sales")) == ("rejected", [])


def contract(**constraints: int) -> dict[str, Any]:
    """The usual contract, with something that ids have to keep."""
    fields = [{"name": "id", "type": "integer", "constraints": constraints}, {"name": "name"}, {"name": "amount"}]
    return {"contract": {"fields": fields}}


def test_rows_that_a_changed_contract_holds_back_are_put_aside_and_told() -> None:
    """None is neither here nor there."""
    world = World(feeds=feeds(**contract()))
    delivery = inspect_delivery(world.objects.put(BUCKET, "in/sales/a.csv", SALES), world.ports())
    world.feeds = feeds(**contract(maximum=3))
    for _ in range(2):
        record_delivery(delivery, world.ports())
        receipt, head = told(world, "in/sales/a.csv"), world.head("in/sales/a.csv")
        assert (receipt["load"]["rows_loaded"], receipt["load"]["rows_quarantined"]) == (3, 1)
        assert ([finding["code"] for finding in receipt["findings"]], receipt["verdict"]) == (
            ["constraint-error"],
            "warning",
        )
        assert (quarantine_of(head, world.objects) or b"").endswith(b"4,Mary,7\n")


@pytest.mark.parametrize("killed", [False, True])
def test_a_reload_by_another_contract_has_a_receipt_and_a_quarantine_of_its_own(killed: bool) -> None:  # noqa: FBT001
    world = World(feeds=feeds(**contract(maximum=3)))
    world.finish(world.objects.put(BUCKET, "in/sales/a.csv", SALES))
    world.feeds = feeds(**contract(minimum=3))
    first, lame = world.head("in/sales/a.csv"), replace(world.ports(), catalog=Fault(at=1, error=Killed).around(None))
    with pytest.raises(Killed):
        reload(first, lame)
    assert (quarantine_of(first, world.objects) or b"").count(b"\n") == 2
    if killed:
        replay(world.ports(), grace=timedelta(0))
    else:
        reload(first, world.ports())
    head = world.head("in/sales/a.csv")
    assert (head.rows_loaded, head.rows_quarantined, len(table(world, "sales"))) == (2, 2, 2)
    assert [finding["count"] for finding in told(world, "in/sales/a.csv")["findings"]] == [2]
    assert (quarantine_of(head, world.objects) or b"").endswith(b"1,Ada,10.50\n2,Grace,\n".split(b"\n", 1)[1])


def test_a_contract_that_a_file_keeps_after_all_leaves_nothing_that_speaks_against_it() -> None:
    world = World(feeds=feeds(**contract()))
    delivery = inspect_delivery(world.objects.put(BUCKET, "in/sales/a.csv", SALES), world.ports())
    world.feeds = feeds("reject", **contract(maximum=3))
    assert "break the contract" in (record_delivery(delivery, world.ports()).reason or "")
    world.feeds = feeds(**contract())
    reload(world.head("in/sales/a.csv"), world.ports())
    receipt = told(world, "in/sales/a.csv")
    assert (receipt["state"], receipt["verdict"], receipt["findings"]) == ("loaded", "ok", [])
    assert "reason" not in receipt


def test_how_many_bad_rows_found_no_room_is_in_the_receipt() -> None:
    world = World(feeds=feeds())
    world.finish(world.objects.put(BUCKET, "in/sales/a.csv", SALES))
    aside = told(world, "in/sales/a.csv")["quarantine"]
    assert (aside["rows"], aside["rows_left_out"]) == (1, 0)
    assert world.objects.read(aside["uri"]) == quarantine_of(world.head("in/sales/a.csv"), world.objects)
    bad = b"id,name,amount\n1,Ada,1\n" + b"x,y,z\n" * (USUAL_BOUNDS.rows + 5)
    world.finish(world.objects.put(BUCKET, "in/sales/b.csv", bad))
    aside = told(world, "in/sales/b.csv")["quarantine"]
    assert (aside["rows"], aside["rows_left_out"]) == (USUAL_BOUNDS.rows, 5)


def test_rows_that_are_no_part_of_the_table_are_put_aside_without_a_contract_too() -> None:
    world = World(feeds=feeds())
    world.finish(world.objects.put(BUCKET, "in/b.csv", SALES + b"5,Ann\n"))
    receipt = told(world, "in/b.csv")
    aside = world.objects.read(f"s3://csvgate-results/quarantine/{receipt['delivery_id']}.csv")
    assert (receipt["load"]["rows_loaded"], receipt["load"]["rows_quarantined"]) == (4, 1)
    assert aside is not None
    assert aside.endswith(b"5,Ann\n")


def test_a_feed_that_rejects_loads_nothing_of_a_bad_file() -> None:
    world = World(feeds=feeds("reject"))
    world.finish(world.objects.put(BUCKET, "in/sales/a.csv", SALES))
    assert (told(world, "in/sales/a.csv")["state"], table(world, "sales")) == ("rejected", [])


def test_without_a_contract_all_rows_land_as_they_are_understood() -> None:
    world = World(feeds=feeds())
    world.finish(world.objects.put(BUCKET, "in/b.csv", SALES))
    assert [row[2] for row in table(world, "rest")] == ["10.50", None, "oops", "7"]
    assert told(world, "in/b.csv")["load"]["rows_loaded"] == 4


@pytest.mark.parametrize(("key", "data"), [("elsewhere.csv", SALES), ("in/x.csv", NOT_CSV)])
def test_what_belongs_to_no_feed_or_is_no_csv_is_not_loaded(key: str, data: bytes) -> None:
    world = World(feeds=feeds())
    world.finish(world.objects.put(BUCKET, key, data))
    assert "load" not in told(world, key)


def test_an_overwritten_key_of_a_replacing_feed_shows_the_newest_rows_in_any_order() -> None:
    world = World(feeds=feeds(disposition="replace"))
    older = world.objects.put(BUCKET, "in/sales/a.csv", SALES)
    newer = world.objects.put(BUCKET, "in/sales/a.csv", b"id,name,amount\n9,Eve,1\n")
    world.finish(newer, older, newer)
    assert table(world, "sales") == [("9", "Eve", "1")]
    assert {delivery.state for delivery in world.history("in/sales/a.csv")} == {"loaded", "superseded"}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("error", [Killed, TransientError])
def test_cut_off_at_any_call_the_rows_are_there_once(
    error: type[BaseException], when: Literal["before", "after"]
) -> None:
    for at in count(1):
        world, fault = World(feeds=feeds()), Fault(at=at, error=error, when=when)
        arrival = world.objects.put(BUCKET, "in/sales/a.csv", SALES)
        world.deliver(arrival, fault)
        world.record_all(fault)
        world.tick(world.ports().lease)
        world.finish(arrival, arrival)
        assert len(table(world, "sales")) == 3
        assert world.head("in/sales/a.csv").state == "loaded"
        if fault.calls < at:
            break


def test_a_sink_that_is_not_set_up_fails_the_delivery_and_says_why() -> None:
    world = World(feeds=feeds(sink="parquet"))
    arrival = world.objects.put(BUCKET, "in/sales/a.csv", SALES)
    assert isinstance(arrival.delivery_id, str)
    world.deliver(arrival)
    world.record_all()
    assert len(world.inspected) == 1
