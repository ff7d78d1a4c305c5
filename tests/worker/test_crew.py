"""The stages as a worker has them, over queues in memory: the whole way of a file, without Lambda."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from csvgate.aws.events import encode
from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.core.contracts.schema import Field, Schema
from csvgate.delivery import Arrival
from csvgate.errors import TransientError
from csvgate.memory import MemoryQueue
from csvgate.ports.queues import Message
from csvgate.settings import load
from csvgate.stages.call import Call, Duty
from csvgate.telemetry.metrics import Metrics
from csvgate.telling.relay import Relay
from csvgate.worker.crew import Crew, decode_or_find, figures, heartbeat, lookout, stage_of, stores_of, upkeep
from csvgate.worker.running import Chore, Worker
from tests.world import BUCKET, CLEAN, NOT_CSV, World

SOON = timedelta(seconds=0.02)


def worker_in(world: World, metrics: Metrics, *, left: int = 0) -> Worker:
    """A worker for both stages, which ends when nothing waits and no more than so many messages are left."""
    decode = partial(decode_or_find, bucket=BUCKET, objects=world.objects)
    call = Call(ports=world.ports(), decode=decode, figures=metrics)
    queues: dict[Duty, MemoryQueue] = {"inspect": world.arrivals, "record": world.inspected}
    stages = [stage_of(duty, queue, call, metrics) for duty, queue in queues.items()]
    worker = Worker(stages=[replace(stage, wait=SOON) for stage in stages], concurrency=2)

    def end() -> None:
        if not any(queue._waiting for queue in queues.values()) and sum(map(len, queues.values())) <= left:
            worker.stop.ask()

    worker.chores = [Chore(name="end", seconds=0.01, step=end)]
    return worker


def test_files_go_the_whole_way_and_poison_stays_behind() -> None:
    world, metrics = World(), Metrics()
    for number in range(5):
        world.arrivals.send(json.dumps(encode(world.objects.put(BUCKET, f"{number}.csv", CLEAN))))
    world.arrivals.send('{"Records": "poison"}')
    worker_in(world, metrics, left=1).run()
    assert [delivery.state for delivery in world.catalog.newest()] == ["recorded"] * 5
    assert metrics.values("csvgate_messages_total")[("outcome", "again"), ("stage", "inspect")] == 1
    assert len(world.arrivals) == 1


def test_a_message_with_just_a_key_is_enough() -> None:
    world, metrics = World(), Metrics()
    for key in ("a.csv", "b c.csv"):
        world.objects.put(BUCKET, key, CLEAN)
    world.arrivals.send('{"file_key": "a.csv"}')
    world.arrivals.send("b c.csv")
    worker_in(world, metrics).run()
    assert {delivery.arrival.key: delivery.state for delivery in world.catalog.newest()} == {
        "a.csv": "recorded",
        "b c.csv": "recorded",
    }
    assert len(world.history("b c.csv")) == 1


def test_a_key_whose_object_is_not_there_yet_has_to_come_again() -> None:
    world = World()
    with pytest.raises(TransientError, match="not there"):
        decode_or_find("later.csv", BUCKET, world.objects)
    world.objects.put(BUCKET, "later.csv", CLEAN)
    assert decode_or_find("later.csv", BUCKET, world.objects) == [Arrival(bucket=BUCKET, key="later.csv")]


class Broken(MemoryQueue):
    """A queue whose client breaks as nobody has foreseen."""

    def hide(self, message: Message, duration: timedelta) -> None:
        raise RuntimeError


def test_the_heart_beats_on_whatever_went_wrong_once(capsys: pytest.CaptureFixture[str]) -> None:
    queue, call = Broken(), Call(ports=World().ports())
    stage = stage_of("inspect", queue, call, Metrics())
    queue.send("anything")
    stage.hands.take(1, SOON)
    heartbeat(stage, call).step()
    assert json.loads(capsys.readouterr().out)["error"] == "RuntimeError"


def test_counters_that_ring_are_there_before_anything_happens() -> None:
    """`increase()` of a counter that appears with its first event is 0, and the first dead letter would not ring."""
    metrics = Metrics()
    stage_of("record", MemoryQueue(), Call(ports=World().ports()), metrics)
    assert metrics.values("csvgate_dead_letters_total") == {(("stage", "record"),): 0}
    assert set(metrics.values("csvgate_messages_total").values()) == {0}


def test_a_worker_that_records_looks_out_for_feeds_that_are_silent_and_for_word_that_waits() -> None:
    feed = Feed(name="daily", key="daily/*", expect_every=timedelta(days=1))
    world, metrics = World(feeds=Feeds((feed,))), Metrics()
    relay = Relay(outbox=world.catalog.outbox, notifiers={}, clock=lambda: world.now)
    lookout(relay, Call(ports=world.ports(), figures=metrics)).step()
    assert metrics.values("csvgate_feed_overdue") == {(("feed", "daily"),): 1}
    assert metrics.values("csvgate_outbox_waiting") == {(): 0}


def test_the_figures_count_rows_by_sink() -> None:
    fields = Schema(fields=(Field(name="id", type="integer"), Field(name="name")))
    feed = Feed(name="all", key="*", sink="postgresql", table="all", contract=Contract(schema=fields))
    world, metrics = World(feeds=Feeds((feed,))), Metrics()
    world.arrivals.send(json.dumps(encode(world.objects.put(BUCKET, "a.csv", CLEAN + b"x,y\n"))))
    worker_in(world, metrics).run()
    assert metrics.values("csvgate_rows_total") == {
        (("outcome", "loaded"), ("sink", "postgresql")): 2,
        (("outcome", "quarantined"), ("sink", "postgresql")): 1,
    }


def test_who_only_inspects_needs_no_sink_and_nobody_one_that_no_feed_names() -> None:
    call = Call(ports=World(feeds=Feeds((Feed(name="all", key="*", sink="postgresql"),))).ports())
    assert [*stores_of(Crew(), Call(ports=World().ports())).probes] == ["catalog"]
    assert [*stores_of(Crew(duties=["inspect"]), call).probes] == ["catalog"]
    assert [*stores_of(Crew(), call).probes] == ["catalog", "postgresql"]


def test_the_figures_say_what_became_of_deliveries() -> None:
    world, metrics = World(), Metrics()
    world.arrivals.send(json.dumps(encode(world.objects.put(BUCKET, "a.csv", NOT_CSV))))
    worker = worker_in(world, metrics)
    worker.run()
    text = figures(worker, metrics)
    assert 'csvgate_deliveries_total{stage="record",state="rejected",verdict="rejected"} 1\n' in text
    assert 'csvgate_messages_in_hand{stage="inspect"} 0\n' in text


def test_what_a_sink_did_is_heard_and_all_is_compared_when_it_is_wished(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a wish, nothing is compared; without an outbox, nothing is to be heard."""
    world = World(feeds=Feeds((Feed(name="all", key="**", sink="postgresql"),)))
    world.finish(world.objects.put(BUCKET, "a.csv", CLEAN))
    world.sink.undo(world.head("a.csv").delivery_id)
    world.tick(timedelta(hours=1))
    call = Call(ports=world.ports())
    known = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "S3_BUCKET_NAME": BUCKET}
    chores = upkeep(call, load({**known, "CSVGATE_RECONCILE_SECONDS": "3600"}, tmp_path))
    assert [(chore.name, chore.seconds) for chore in chores] == [("replay", 60.0), ("reconcile", 3600.0)]
    for chore in chores:
        chore.step()
    assert world.head("a.csv").state == "undone"
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (last["reconciled"]["agrees"], last["reconciled"]["versions"]) == (True, 1)
    without = replace(call, ports=replace(call.ports, load_outboxes={}))
    assert upkeep(without, load(known, tmp_path)) == []


def test_a_worker_compares_what_is_taken_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is beside the key prefix is other people's, and on nobody's queue."""
    world = World()
    for key in ("in/a.csv", "theirs.csv"):
        world.finish(world.objects.put(BUCKET, key, CLEAN))
    known = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "S3_BUCKET_NAME": BUCKET, "CSVGATE_KEY_PREFIX": "in/"}
    *_, compare = upkeep(Call(ports=world.ports()), load({**known, "CSVGATE_RECONCILE_SECONDS": "3600"}, tmp_path))
    compare.step()
    assert json.loads(capsys.readouterr().out)["reconciled"]["versions"] == 1
