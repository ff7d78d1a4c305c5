"""A worker knows what does not answer before it has read a file in vain."""

from __future__ import annotations

import threading
from dataclasses import replace
from threading import Event

import pytest

from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.errors import CsvgateError, TransientError
from csvgate.postgres.connection import Database
from csvgate.postgres.sink import PostgresSink
from csvgate.telemetry.metrics import Metrics
from csvgate.worker.stores import Stores, probes
from tests.waiting import until, until_equal
from tests.world import Fault, World

FEEDS = Feeds((Feed(name="all", key="*", sink="postgresql", table="all"),))


def test_what_was_not_asked_or_does_not_answer_is_lacking_and_told_once() -> None:
    told, metrics, world = list[CsvgateError](), Metrics(), World(feeds=FEEDS)
    asked = probes(world.ports(Fault(at=2, error=TransientError)), with_sinks=True)
    stores = Stores(probes=asked, metrics=metrics, complain=told.append)
    assert stores.lacking() == ["catalog", "postgresql"]
    stores.look()
    assert (stores.lacking(), len(told)) == (["postgresql"], 1)
    assert metrics.values("csvgate_store_up") == {(("store", "catalog"),): 1, (("store", "postgresql"),): 0}
    stores.look()
    assert (stores.lacking(), len(told)) == ([], 1)


def test_a_database_that_nobody_answers_for_is_lacking() -> None:
    told, sink = list[CsvgateError](), PostgresSink(Database("postgresql://csvgate@127.0.0.1:9/csvgate"))
    ports = replace(World(feeds=FEEDS).ports(), sinks={"postgresql": sink})
    stores = Stores(probes=probes(ports, with_sinks=True), metrics=Metrics(), complain=told.append)
    stores.look()
    assert stores.lacking() == ["postgresql"]
    assert "does not answer" in str(told[0])


def test_who_stays_silent_is_told_of_once() -> None:
    def refuse() -> None:
        raise TransientError

    told = list[CsvgateError]()
    stores = Stores(probes={"catalog": refuse}, metrics=Metrics(), complain=told.append)
    stores.look()
    stores.look()
    assert len(told) == 1


def test_a_server_that_takes_the_question_and_says_nothing_is_lacking_and_asked_once() -> None:
    """As a database whose disk hangs; when it goes on, it is there again."""
    told, questions, goes_on = list[CsvgateError](), list[int](), Event()

    def ask() -> None:
        questions.append(1)
        goes_on.wait()

    def seen() -> list[str]:
        stores.look()
        return stores.lacking()

    stores = Stores(probes={"catalog": ask}, metrics=Metrics(), complain=told.append, patience=0.1)
    stores.look()
    stores.look()
    assert (stores.lacking(), len(questions), [str(each) for each in told]) == (
        ["catalog"],
        1,
        ["catalog was asked, and has said nothing for 0.1 s"],
    )
    goes_on.set()
    until_equal(seen, [])


def test_what_nobody_foresaw_is_told_and_lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    """How it came is on standard error, as of any thread that ends so."""
    told, traces = list[CsvgateError](), list[threading.ExceptHookArgs]()
    monkeypatch.setattr(threading, "excepthook", traces.append)

    def stumble() -> None:
        raise KeyError

    stores = Stores(probes={"catalog": stumble}, metrics=Metrics(), complain=told.append)
    stores.look()
    until(lambda: traces)
    assert (stores.lacking(), [str(each) for each in told]) == (["catalog"], ["catalog could not be asked"])
