"""What happened, as figures: once for each time, and nobody's name in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from csvgate.delivery import Delivery
from csvgate.memory.outbox import MemoryOutbox
from csvgate.stages.counted import (
    count_delivery,
    count_message,
    count_notice,
    count_outbox,
    count_reconciliation,
    count_silences,
)
from csvgate.telemetry.metrics import Metrics
from csvgate.telling.notices import Notice
from csvgate.upkeep.reconcile import reconcile
from csvgate.upkeep.reconciliation import Order
from csvgate.upkeep.silence import Silence
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


def test_a_replay_tells_of_what_was_long_ago() -> None:
    """Such as an undo of last year's file."""
    world, metrics = World(), Metrics()
    count_delivery(recorded(world), metrics, "replay", world.now + timedelta(days=365))
    assert metrics.values("csvgate_receipt_seconds_count") == {}
    assert [dict(labels)["stage"] for labels in metrics.values("csvgate_deliveries_total")] == ["replay"]


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


def test_a_feed_that_is_silent_is_a_gauge_and_one_that_is_so_too_long_another() -> None:
    metrics, day = Metrics(), timedelta(days=1)
    silences = [
        Silence(feed=name, expected=day, lasted=lasted) for name, lasted in {"a": day, "b": 2 * day, "c": None}.items()
    ]
    count_silences(silences, metrics)
    assert metrics.values("csvgate_feed_overdue") == {(("feed", "a"),): 0, (("feed", "b"),): 1, (("feed", "c"),): 1}
    assert metrics.values("csvgate_feed_silence_seconds")[("feed", "b"),] == 172_800


def test_what_waits_to_be_told_is_counted_also_what_is_put_off() -> None:
    world, metrics, outbox = World(), Metrics(), MemoryOutbox()
    count_outbox(outbox, metrics, world.now)
    assert metrics.values("csvgate_outbox_age_seconds") == {(): 0}
    notice = Notice(delivery=recorded(world), channel="webhook")
    outbox.add([notice])
    outbox.postpone(notice, world.now + timedelta(hours=1))
    count_outbox(outbox, metrics, notice.delivery.upload_timestamp + timedelta(seconds=90))
    assert metrics.values("csvgate_outbox_waiting") == {(): 1}
    assert metrics.values("csvgate_outbox_age_seconds") == {(): 90}
