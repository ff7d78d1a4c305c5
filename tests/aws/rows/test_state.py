"""What a table of rows holds besides them: heads and editions that went, and what is left and cleared."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest

from csvgate.load import Target
from tests.aws.faults import SENT, Fault, killed_before
from tests.aws.hooks import hooked
from tests.aws.rows.desk import APPEND, REPLACE, ROWS, Desk, numbered, tuples
from tests.ports.contents import NOON, version
from tests.world import Killed

pytestmark = pytest.mark.usefixtures("small_steps")


def taken_out(desk: Desk, sort_key: str) -> None:
    """The items of the table whose sort keys begin so are gone."""
    everything = desk.keys()
    for pk, sk in everything:
        if pk == "sales" and sk.startswith(sort_key):
            desk.client.delete_item(TableName=desk.table, Key={"pk": {"S": pk}, "sk": {"S": sk}})


@pytest.mark.parametrize("into", [APPEND, REPLACE], ids=["append", "replace"])
def test_without_a_head_nothing_is_counted_and_it_can_be_mended(desk: Desk, into: Target) -> None:
    for number in (1, 2):
        desk.sink().load(version(number), into, numbered(name=f"v{number}"))
    before, last = desk.seen(into), version(2).delivery_id
    taken_out(desk, "head")
    assert (desk.seen(into), desk.sink().count(last)) == ([], 0)
    assert {each.delivery_id: each.is_seen for each in desk.sink().loads()}[last]
    assert desk.sink().mend(last)
    assert (desk.seen(into), desk.sink().count(last), desk.sink().mend(last)) == (before, ROWS, False)


def test_a_head_that_was_deleted_is_what_it_was_for_who_comes_next(desk: Desk) -> None:
    """Also for an undo: no edition is given out twice."""
    for number in (1, 2, 3):
        desk.sink().load(version(number), REPLACE, numbered(name=f"v{number}"))
    taken_out(desk, "head")
    desk.sink().load(version(4), REPLACE, numbered(name="v4"))
    assert desk.seen(REPLACE) == tuples(numbered(name="v4"))
    taken_out(desk, "head")
    desk.sink().undo(version(4).delivery_id)
    assert desk.seen(REPLACE) == tuples(numbered(name="v3"))


def test_what_no_edition_lists_is_not_counted_and_comes_back_with_a_reload(desk: Desk) -> None:
    desk.sink().load(version(1), APPEND, numbered())
    taken_out(desk, "edition#")
    assert (desk.seen(APPEND), desk.sink().count(version(1).delivery_id)) == ([], 0)
    assert [each.is_seen for each in desk.sink().loads()] == [True]
    assert not desk.sink().mend(version(1).delivery_id)
    desk.sink().load(version(1), APPEND, numbered(), generation=2)
    assert (desk.seen(APPEND), desk.sink().count(version(1).delivery_id)) == (tuples(numbered()), ROWS)


def test_what_was_replaced_stays_until_the_next_replacement(desk: Desk) -> None:
    for number, expected in ((1, ROWS), (2, 2 * ROWS), (3, 2 * ROWS), (4, 2 * ROWS)):
        desk.sink().load(version(number), REPLACE, numbered())
        assert len(desk.rows()) == expected


def test_a_load_that_nobody_came_back_to_is_cleared_after_a_while(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with hooked(desk.client, f"{SENT}.TransactWriteItems", Fault(answer=killed_before, first=2)), suppress(Killed):
        desk.sink().load(version(1), APPEND, numbered())
    desk.sink().load(version(2), APPEND, numbered(1))
    assert (len(desk.rows()), len(desk.notes())) == (ROWS + 1, 1)
    later = desk.sink()
    later._clock = lambda: NOON + timedelta(days=16)
    later.load(version(3), APPEND, numbered(1))
    assert (len(desk.rows()), desk.notes()) == (2, [])
    assert desk.sink().load(version(1), APPEND, numbered()).rows_loaded == ROWS


def test_more_than_a_load_may_clear_is_cleared_by_the_next(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("csvgate.aws.rows.sweep.FEWEST_ROWS", 50)
    for number in (1, 2):
        desk.sink().load(version(number), REPLACE, numbered())
    left = []
    for number in (3, 4, 5):
        desk.sink().load(version(number), REPLACE, numbered(1))
        left.append(len(desk.rows()))
    # Fifty each time, of the versions of which nobody sees anything any more.
    assert left == [2 * ROWS + 1 - 50, 2 * ROWS + 2 - 100, 2 * ROWS + 3 - 150]
