"""That rows in DynamoDB are there once, whatever is cut, throttled or repeated."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest

from csvgate.aws.rows.items import Item
from csvgate.aws.rows.state import ID_LENGTH
from csvgate.errors import CsvgateError, PermanentError, TransientError
from tests.aws import rows_reader
from tests.aws.faults import FAULTS, SENT, Fault, half_done, killed_after, killed_before, refusal
from tests.aws.hooks import hooked
from tests.aws.rows.desk import APPEND, REPLACE, ROWS, Desk, Interrupted, numbered, second_time, tuples
from tests.ports.contents import Table, target, version
from tests.world import Killed

ELSEWHERE = replace(APPEND, table="elsewhere")

pytestmark = pytest.mark.usefixtures("small_steps")


# Cut off, and again


def until_done(step: Callable[[], object]) -> None:
    for _ in range(10):
        with suppress(CsvgateError, Killed):
            step()
            return
    pytest.fail("it never gets through")


def tell_the_story(desk: Desk) -> None:
    """Two versions, of which the newer is taken back: each step by a process of its own, until it is done."""
    until_done(lambda: desk.sink().load(version(1), REPLACE, numbered(name="v1")))
    until_done(lambda: desk.sink().load(version(2), REPLACE, numbered(name="v2")))
    until_done(lambda: desk.sink().undo(version(2).delivery_id))


@pytest.mark.parametrize("kill", ["before", "after"])
@pytest.mark.parametrize("each", [7, pytest.param(1, marks=pytest.mark.long)], ids=["some", "every"])
def test_killed_at_any_call_the_rows_are_there_once_and_nothing_else_stays(
    open_desk: Callable[[], Desk], kill: str, each: int
) -> None:
    for first in count(1, each):
        desk = open_desk()
        fault = Fault(answer=killed_before if kill == "before" else killed_after(desk.client), first=first)
        with hooked(desk.client, SENT, fault):
            tell_the_story(desk)
        assert desk.seen(REPLACE) == tuples(numbered(name="v1"))
        assert [stored.is_seen for stored in desk.sink().loads()].count(True) == 1
        assert desk.sink().count(version(1).delivery_id) == ROWS
        desk.sink().undo(version(2).delivery_id)
        assert (len(desk.rows()), desk.notes()) == (ROWS, [])
        if fault.heard < first:
            break
    assert first > 30


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize("name", FAULTS)
def test_whichever_call_fails_for_a_while_the_rows_are_there_once(open_desk: Callable[[], Desk], name: str) -> None:
    for first in count(1, step=3):
        desk = open_desk()
        fault = Fault(answer=FAULTS[name](desk.client), first=first, times=3)
        with hooked(desk.client, SENT, fault):
            until_done(lambda: desk.sink().load(version(1), APPEND, numbered()))  # noqa: B023  called at once
        assert desk.seen(APPEND) == tuples(numbered())
        if fault.heard < first:
            break
    assert first > 6


@pytest.mark.usefixtures("no_pauses")
def test_what_a_batch_leaves_is_written_after_all(desk: Desk) -> None:
    with hooked(desk.client, f"{SENT}.BatchWriteItem", Fault(answer=half_done(desk.client), times=1_000)):
        assert desk.sink().load(version(1), APPEND, numbered()).rows_loaded == ROWS
    assert desk.seen(APPEND) == tuples(numbered())


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize("code", ["ThrottlingException", "ProvisionedThroughputExceededException"])
def test_a_table_that_stays_busy_is_a_transient_error_and_shows_nothing(desk: Desk, code: str) -> None:
    busy = Fault(answer=refusal(400, code), times=100_000)
    with hooked(desk.client, f"{SENT}.BatchWriteItem", busy), pytest.raises(TransientError, match="too busy"):
        desk.sink().load(version(1), APPEND, numbered())
    assert desk.seen(APPEND) == []
    assert desk.sink().load(version(1), APPEND, numbered()).rows_loaded == ROWS


def test_a_load_that_was_killed_goes_on_where_it_was(desk: Desk) -> None:
    kill = Fault(answer=killed_before)
    with hooked(desk.client, f"{SENT}.TransactWriteItems", replace(kill, first=2)), suppress(Killed):
        desk.sink().load(version(1), APPEND, numbered())
    calls: list[str] = []
    with hooked(desk.client, SENT, lambda event_name, **_: calls.append(event_name.rsplit(".", 1)[-1])):
        desk.sink().load(version(1), APPEND, numbered())
    assert calls.count("BatchWriteItem") == 1
    assert desk.seen(APPEND) == tuples(numbered())


def test_rows_that_went_missing_before_they_were_counted_are_loaded_anew(desk: Desk) -> None:
    lost: list[str] = []

    def lose_one(**_: object) -> None:
        written = [] if lost else desk.rows()
        for pk, sk in written[:1]:
            lost.append(pk)
            desk.client.delete_item(TableName=desk.table, Key={"pk": {"S": pk}, "sk": {"S": sk}})

    with hooked(desk.client, "before-call.dynamodb.Query", lose_one), pytest.raises(TransientError):
        desk.sink().load(version(1), APPEND, numbered())
    assert desk.seen(APPEND) == []
    desk.sink().load(version(1), APPEND, numbered())
    assert (desk.seen(APPEND), len(desk.rows()), desk.notes()) == (tuples(numbered()), ROWS, [])


# Several at the same time


def test_a_frozen_worker_that_wakes_up_changes_nothing_and_clears_what_it_wrote(desk: Desk) -> None:
    """Meanwhile another one has loaded the delivery, and somebody has undone it."""

    def meanwhile() -> None:
        desk.sink().load(version(1), APPEND, numbered())
        desk.sink().undo(version(1).delivery_id)

    frozen = Interrupted(table=numbered(), happens=second_time(meanwhile))
    assert desk.sink().load(version(1), APPEND, frozen).outcome == "undone"
    assert (desk.seen(APPEND), desk.rows(), desk.notes()) == ([], [], [])


def test_two_who_read_the_file_in_different_ways_never_mix_their_rows(desk: Desk) -> None:
    """As when the feed was changed between a kill and the repetition."""
    other = numbered(name="Bob")
    slow = Interrupted(table=numbered(), happens=second_time(lambda: desk.sink().load(version(1), APPEND, other)))
    assert desk.sink().load(version(1), APPEND, slow).rows_loaded == ROWS
    assert (desk.seen(APPEND), len(desk.rows())) == (tuples(other), ROWS)


def test_who_begins_in_another_way_takes_over_from_who_was_killed(desk: Desk) -> None:
    kill = Fault(answer=killed_before, first=2)
    with hooked(desk.client, f"{SENT}.TransactWriteItems", kill), suppress(Killed):
        desk.sink().load(version(1), APPEND, numbered())
    assert len(desk.rows()) == ROWS
    desk.sink().load(version(1), APPEND, numbered(10, name="Bob"))
    assert (len(desk.rows()), desk.notes()) == (10, [])
    assert desk.seen(APPEND) == tuples(numbered(10, name="Bob"))


def test_of_versions_that_end_at_the_same_time_the_newest_is_seen(desk: Desk) -> None:
    newer = second_time(lambda: desk.sink().load(version(2), REPLACE, numbered(name="v2")))
    slow = Interrupted(table=numbered(name="v1"), happens=newer)
    assert desk.sink().load(version(1), REPLACE, slow).outcome == "superseded"
    assert (desk.seen(REPLACE), len(desk.rows())) == (tuples(numbered(name="v2")), ROWS)


@dataclass
class Overtaken:
    """Just before the n-th transaction is sent, somebody else is faster."""

    at: int
    faster: Callable[[], object]
    heard: int = 0

    def __call__(self, **_: object) -> None:
        self.heard += 1
        if self.heard == self.at:
            self.faster()


@pytest.mark.parametrize("at", [1, 2], ids=["begins", "ends"])
def test_who_is_overtaken_by_another_reading_of_the_delivery_gets_its_answer(desk: Desk, at: int) -> None:
    other = numbered(10, name="Bob")
    faster = Overtaken(at=at, faster=lambda: desk.sink().load(version(1), APPEND, other))
    with hooked(desk.client, f"{SENT}.TransactWriteItems", faster):
        assert desk.sink().load(version(1), APPEND, numbered()).rows_loaded == 10
    assert (desk.seen(APPEND), len(desk.rows())) == (tuples(other), 10)


@pytest.mark.parametrize("at", [1, 2], ids=["begins", "ends"])
def test_who_is_overtaken_by_a_newer_version_is_superseded(desk: Desk, at: int) -> None:
    newer = numbered(name="v2")
    faster = Overtaken(at=at, faster=lambda: desk.sink().load(version(2), REPLACE, newer))
    with hooked(desk.client, f"{SENT}.TransactWriteItems", faster):
        assert desk.sink().load(version(1), REPLACE, numbered(name="v1")).outcome == "superseded"
    assert (desk.seen(REPLACE), len(desk.rows())) == (tuples(newer), ROWS)


# What a table holds


def test_rows_of_a_large_file_are_spread_over_partitions(desk: Desk) -> None:
    desk.sink().load(version(1), APPEND, numbered())
    (listing,) = rows_reader.listings(desk.client, desk.table, "sales")
    assert {pk for pk, _ in desk.rows()} == {each["S"] for each in listing["partitions"]["L"]}
    assert len(listing["partitions"]["L"]) == 3


NAMES = ["pk", "sk", "name", "NAME", "name", "", "#values", ":v", "a.b[0]", "__proto__", "'; DROP", "ü" * 300, "\ud800"]
VALUES = ["a\x00b", "", " ", "=1", "\U0001f600", "\r\n", '"', "NaN", "\x1b[31m", "\u202e", "\ufeff", "x" * 9_999, None]


def test_columns_may_be_called_anything_and_hold_anything(desk: Desk) -> None:
    into = target(*NAMES)
    desk.sink().load(version(1), into, Table(cells=[VALUES]))
    assert desk.seen(into) == [tuple(VALUES)]


def test_columns_can_be_many(desk: Desk) -> None:
    into = target(*(f"column {number}" for number in range(1_601)))
    rows = [[str(number) for number in range(1_601)]]
    desk.sink().load(version(1), into, Table(cells=rows))
    assert desk.seen(into) == [tuple(rows[0])]


@pytest.mark.parametrize("shape", ["typed", "rows"])
def test_a_row_that_is_too_large_for_an_item_is_kept_beside_the_table(desk: Desk, shape: Any) -> None:  # noqa: ANN401
    into = replace(APPEND, shape=shape)
    content = Table(cells=[["1", "small"], ["2", "é" * 300_000], ["3", "x" * 390_000]])
    assert desk.sink().load(version(1), into, content).rows_loaded == 3
    (item,) = [item for item in desk.items() if "cells_uri" in item]
    assert desk.objects.read(item["cells_uri"]["S"]) is not None
    assert desk.seen(into) == tuples(content)
    assert desk.sink().undo(version(1).delivery_id) == 3
    assert (desk.rows(), desk.objects.read(item["cells_uri"]["S"])) == ([], None)


def test_rows_that_were_not_counted_before_are_refused_before_one_is_written(desk: Desk) -> None:
    with pytest.raises(PermanentError, match="81 were to be loaded"):
        desk.sink().load(version(1), APPEND, replace(numbered(), claimed=ROWS + 1))
    assert desk.keys() == []


# Forgotten


def about(desk: Desk, number: int) -> list[Item]:
    """All that is there of a delivery but its entry in the ledger."""
    name = version(number).delivery_id
    return [item for item in desk.items() if name[:ID_LENGTH] in str(item) and not item["pk"]["S"].startswith("deliv")]


def entry(desk: Desk, number: int) -> Item:
    """The ledger's entry of a delivery."""
    name = version(number).delivery_id
    return next(item for item in desk.items() if (item["pk"]["S"], item["sk"]["S"]) == (f"deliveries#{name[0]}", name))


@pytest.mark.parametrize("kill", ["before", "after"])
@pytest.mark.parametrize("each", [13, pytest.param(1, marks=pytest.mark.long)], ids=["some", "every"])
def test_killed_at_any_call_while_it_forgets_another_try_leaves_nothing(
    open_desk: Callable[[], Desk], kill: str, each: int
) -> None:
    """Of a load, and of another one that was killed."""
    for first in count(1, each):
        desk = open_desk()
        desk.sink().load(version(1), APPEND, numbered())
        with hooked(desk.client, f"{SENT}.TransactWriteItems", Fault(answer=killed_before, first=2)), suppress(Killed):
            desk.sink().load(version(1), ELSEWHERE, numbered(name="Bob"), generation=2)
        fault = Fault(answer=killed_before if kill == "before" else killed_after(desk.client), first=first)
        with hooked(desk.client, SENT, fault):
            until_done(lambda: desk.sink().forget(version(1).delivery_id))  # noqa: B023  called at once
        assert (desk.rows(), about(desk, 1), "delivery" in entry(desk, 1)) == ([], [], False)
        if fault.heard < first:
            break
    assert first > 13


def test_rows_that_a_frozen_worker_left_and_nothing_names_are_forgotten_too(desk: Desk) -> None:
    desk.sink().load(version(1), APPEND, numbered())
    [(pk, sk), *_] = desk.rows()
    desk.sink().undo(version(1).delivery_id)
    desk.client.put_item(TableName=desk.table, Item={"pk": {"S": pk}, "sk": {"S": sk}, "cells": {"S": "late"}})
    desk.sink().forget(version(1).delivery_id)
    assert desk.rows() == []


def test_what_an_earlier_version_of_csvgate_wrote_is_forgotten_too(desk: Desk) -> None:
    """Its ledger did not say where loads were begun."""
    desk.sink().load(version(1), APPEND, numbered())
    key = {name: entry(desk, 1)[name] for name in ("pk", "sk")}
    desk.client.update_item(TableName=desk.table, Key=key, UpdateExpression="REMOVE places")
    assert desk.sink().forget(version(1).delivery_id) == ROWS
    assert (desk.rows(), about(desk, 1)) == ([], [])


def test_rows_that_were_too_large_are_forgotten_in_the_results_bucket_too(desk: Desk) -> None:
    desk.sink().load(version(1), APPEND, Table(cells=[["1", "x" * 420_000]]))
    assert len([*desk.objects.documents("results")]) == 1
    desk.sink().forget(version(1).delivery_id)
    assert [*desk.objects.documents("results")] == []
