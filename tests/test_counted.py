"""What happened, as figures: once for each time, and nobody's name in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from csvgate.counted import count_delivery, count_message, count_notice, count_reconciliation
from csvgate.delivery import Delivery
from csvgate.metrics import Metrics
from csvgate.notices import Notice
from csvgate.reconcile import reconcile
from csvgate.reconciliation import Order
from tests.world import BUCKET, CLEAN, World


def recorded(world: World) -> Delivery:
    world.finish(world.objects.put(BUCKET, "a.csv", CLEAN))
    return world.head("a.csv")


def test_what_is_inspected_is_counted_in_bytes_and_rows() -> None:
    world, metrics = World(), Metrics()
    delivery = replace(recorded(world), state="inspected", feed="sales")
    count_delivery(delivery, metrics, "inspect", world.now)
    feed = (("feed", "sales"),)
    assert metrics.values("csvgate_inspected_bytes_total") == {feed: len(CLEAN)}
    assert metrics.values("csvgate_inspected_rows_total") == {feed: 2}
    assert metrics.values("csvgate_receipt_seconds_count") == {}


def test_what_was_finished_before_is_not_read_again() -> None:
    world, metrics = World(), Metrics()
    count_delivery(recorded(world), metrics, "inspect", world.now)
    assert metrics.values("csvgate_inspected_bytes_total") == {}
    assert len(metrics.values("csvgate_deliveries_total")) == 1


def test_how_long_it_took_counts_from_the_upload() -> None:
    world, metrics = World(), Metrics()
    delivery = recorded(world)
    count_delivery(delivery, metrics, "record", delivery.upload_timestamp + timedelta(seconds=3))
    assert metrics.values("csvgate_receipt_seconds_sum") == {(): 3}


def test_whom_a_notice_tells_is_in_no_figure() -> None:
    metrics = Metrics()
    count_notice(Notice(delivery=recorded(World()), channel="mail:ann@example.org"), "sent", metrics)
    assert metrics.values("csvgate_notices_total") == {(("channel", "mail"), ("outcome", "sent")): 1}


def test_a_message_is_counted_with_its_seconds() -> None:
    metrics = Metrics()
    count_message(metrics, "record", "again", 0.5)
    assert metrics.values("csvgate_message_seconds_sum") == {(("stage", "record"),): 0.5}


def test_every_kind_of_difference_has_a_figure_also_where_there_is_none() -> None:
    world, metrics = World(), Metrics()
    world.objects.put(BUCKET, "lost.csv", CLEAN)
    found = reconcile(Order(bucket=BUCKET, grace=timedelta(0)), world.ports(), lambda _: None)
    count_reconciliation(found, metrics)
    differences = metrics.values("csvgate_reconcile_differences")
    assert (differences[("kind", "missing"),], differences[("kind", "heads"),]) == (1, 0)
    assert metrics.values("csvgate_reconciled_versions") == {(): 1}
