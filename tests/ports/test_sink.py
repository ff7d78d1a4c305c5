"""What every Sink promises: each row once, whatever is repeated, reordered, replaced or taken back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from csvgate.errors import PermanentError
from csvgate.load import Stored, Target
from csvgate.ports.sinks import Sink
from tests.ports.conftest import MERGES, Shelf
from tests.ports.contents import Table, table, target, version

APPEND = target("id", "name")
REPLACE = target("id", "name", disposition="replace")
MERGE = target("id", "name", disposition="merge", keys=("id",))
ROWS = replace(APPEND, shape="rows")
APPEND_ELSEWHERE = replace(APPEND, table="elsewhere")
REPLACE_ELSEWHERE = replace(REPLACE, table="elsewhere")
EVERY = pytest.mark.parametrize(
    ("shelf", "into"),
    [
        pytest.param(kind, into, id=f"{kind}-{name}")
        for name, into in {"append": APPEND, "replace": REPLACE, "merge": MERGE, "rows": ROWS}.items()
        for kind, merges in MERGES.items()
        if merges or into is not MERGE
    ],
    indirect=["shelf"],
)
MERGING = pytest.mark.parametrize("shelf", [kind for kind, merges in MERGES.items() if merges], indirect=True)
NOT_MERGING = pytest.mark.parametrize("shelf", [kind for kind, merges in MERGES.items() if not merges], indirect=True)


@EVERY
def test_a_loaded_delivery_is_counted_where_it_is(shelf: Shelf, into: Target) -> None:
    load = shelf.sink.load(version(1), into, table("1,Ann", "2,"))
    assert (load.rows_loaded, load.verified, load.outcome) == (2, True, "loaded")
    assert shelf.sink.count(version(1).delivery_id) == 2
    assert shelf.rows(into) == [("1", "Ann"), ("2", None)]


@EVERY
def test_the_same_delivery_again_changes_nothing_and_gets_the_same_answer(shelf: Shelf, into: Target) -> None:
    content = Table(cells=[["1", "Ann"]], rows_quarantined=3)
    first = shelf.sink.load(version(1), into, content)
    assert shelf.sink.load(version(1), into, table("9,other")) == first
    assert (first.rows_quarantined, shelf.rows(into)) == (3, [("1", "Ann")])


@EVERY
def test_of_many_who_load_the_same_at_once_one_does(shelf: Shelf, into: Target) -> None:
    with ThreadPoolExecutor(6) as pool:
        loads = list(pool.map(lambda _: shelf.sink.load(version(1), into, table("1,Ann", "2,Bob")), range(12)))
    assert len(set(loads)) == 1
    assert len(shelf.rows(into)) == 2


def test_what_never_came_has_no_rows(shelf: Shelf) -> None:
    unknown = version(7).delivery_id
    assert (shelf.sink.count(unknown), shelf.sink.generation(unknown), shelf.sink.undo(unknown)) == (0, 0, 0)


@EVERY
def test_another_number_of_rows_than_was_counted_is_refused_and_leaves_nothing(shelf: Shelf, into: Target) -> None:
    with pytest.raises(PermanentError, match="1 rows are in the sink, and 2 were to be loaded"):
        shelf.sink.load(version(1), into, Table(cells=[["1", "Ann"]], claimed=2))
    assert (shelf.rows(into), shelf.sink.generation(version(1).delivery_id)) == ([], 0)


@pytest.mark.parametrize("into", [APPEND, ROWS], ids=["append", "rows"])
def test_appended_are_all_versions_in_any_order(shelf: Shelf, into: Target) -> None:
    shelf.sink.load(version(2), into, table("2,new"))
    shelf.sink.load(version(1), into, table("1,old"))
    assert sorted(shelf.rows(into)) == [("1", "old"), ("2", "new")]


def test_the_newest_version_replaces_what_was_there(shelf: Shelf) -> None:
    shelf.sink.load(version(1), REPLACE, table("1,old"))
    shelf.sink.load(version(2), REPLACE, table("1,new"))
    assert shelf.rows(REPLACE) == [("1", "new")]
    assert shelf.sink.count(version(1).delivery_id) == 0


def test_an_old_version_that_comes_late_replaces_nothing(shelf: Shelf) -> None:
    shelf.sink.load(version(2), REPLACE, table("1,new"))
    late = shelf.sink.load(version(1), REPLACE, table("1,old"))
    assert (late.outcome, late.rows_loaded) == ("superseded", 0)
    assert shelf.sink.load(version(1), REPLACE, table("1,old")) == late
    assert shelf.rows(REPLACE) == [("1", "new")]


def test_the_sequencer_decides_within_a_key_and_the_upload_time_between_keys(shelf: Shelf) -> None:
    shelf.sink.load(version(5, "a.csv"), REPLACE, table("1,a"))
    assert shelf.sink.load(version(4, "b.csv"), REPLACE, table("1,b")).outcome == "superseded"
    assert shelf.sink.load(version(6, "b.csv", sequencer=False), REPLACE, table("1,b6")).outcome == "loaded"
    assert shelf.rows(REPLACE) == [("1", "b6")]


def test_a_column_without_values_goes_into_any_table_and_gets_the_type_of_the_first_that_come(shelf: Shelf) -> None:
    """Also from a file without rows, and then it has that one."""
    empty = target("id", "at", types=["any", "any"])
    typed = target("id", "at", types=["integer", "date"])
    shelf.sink.load(version(1), empty, Table(cells=[]))
    shelf.sink.load(version(2), target("id", "at", types=["integer", "any"]), table("1,", "2,"))
    shelf.sink.load(version(3), typed, table("3,2026-01-01"))
    shelf.sink.load(version(4), empty, Table(cells=[[None, None]]))
    seen = [*map(tuple, shelf.rows(typed))]
    assert set(seen) == {("1", None), ("2", None), ("3", "2026-01-01"), (None, None)}


@MERGING
def test_merged_rows_take_the_place_of_those_with_the_same_key(shelf: Shelf) -> None:
    shelf.sink.load(version(1), MERGE, table("1,old", "2,stays"))
    shelf.sink.load(version(2), MERGE, table("1,new", "3,comes"))
    assert sorted(shelf.rows(MERGE)) == [("1", "new"), ("2", "stays"), ("3", "comes")]


@MERGING
def test_a_late_version_is_merged_under_the_newer_one(shelf: Shelf) -> None:
    """The table is the same as if they had come in order."""
    shelf.sink.load(version(2), MERGE, table("1,new", "3,comes"))
    shelf.sink.load(version(1), MERGE, table("1,old", "2,stays"))
    assert sorted(shelf.rows(MERGE)) == [("1", "new"), ("2", "stays"), ("3", "comes")]


@MERGING
def test_an_older_delivery_that_is_merged_again_gives_way_to_newer_rows_and_takes_none_of_them_along(
    shelf: Shelf,
) -> None:
    """Also where they are of another object, and came at the same time."""
    old, same, new = version(1), version(1, "same.csv"), version(2, "new.csv")
    shelf.sink.load(old, MERGE, table("1,old", "2,old", "3,old"))
    shelf.sink.load(same, MERGE, table("1,same"))
    shelf.sink.load(new, MERGE, table("2,new"))
    shelf.sink.load(old, MERGE, table("1,again", "2,again", "3,again"), generation=2)
    assert sorted(shelf.rows(MERGE)) == [("1", "same"), ("2", "new"), ("3", "again")]
    shelf.sink.undo(old.delivery_id)
    assert sorted(shelf.rows(MERGE)) == [("1", "same"), ("2", "new")]


@MERGING
def test_of_two_rows_with_one_key_in_a_file_the_last_one_counts(shelf: Shelf) -> None:
    load = shelf.sink.load(version(1), MERGE, table("1,first", "1,last"))
    assert (load.rows_loaded, shelf.rows(MERGE)) == (2, [("1", "last")])


@MERGING
def test_a_row_without_a_key_is_named(shelf: Shelf) -> None:
    with pytest.raises(PermanentError, match="row 2: it has no value for the key id"):
        shelf.sink.load(version(1), MERGE, table("1,Ann", ",Bob"))


@NOT_MERGING
def test_who_cannot_merge_says_so_and_stores_nothing(shelf: Shelf) -> None:
    with pytest.raises(PermanentError, match="cannot be merged"):
        shelf.sink.load(version(1), MERGE, table("1,Ann"))
    assert shelf.rows(MERGE) == []


@EVERY
def test_a_later_generation_takes_the_place_of_the_earlier(shelf: Shelf, into: Target) -> None:
    shelf.sink.load(version(1), into, table("1,misread", "2,misread"))
    shelf.sink.load(version(1), into, table("1,right"), generation=2)
    assert shelf.rows(into) == [("1", "right")]
    assert shelf.sink.generation(version(1).delivery_id) == 2
    assert shelf.sink.load(version(1), into, table("1,misread")).rows_loaded == 1


@EVERY
def test_undone_rows_stay_away_until_they_are_loaded_anew(shelf: Shelf, into: Target) -> None:
    shelf.sink.load(version(1), into, table("1,Ann", "2,Bob"))
    assert (shelf.sink.undo(version(1).delivery_id), shelf.sink.undo(version(1).delivery_id)) == (2, 0)
    assert shelf.sink.load(version(1), into, table("1,Ann")).outcome == "undone"
    assert shelf.rows(into) == []
    assert shelf.sink.load(version(1), into, table("1,Ann"), generation=2).outcome == "loaded"
    assert shelf.rows(into) == [("1", "Ann")]


def test_undoing_a_replacement_brings_back_what_was_replaced(shelf: Shelf) -> None:
    for number in (1, 2, 3):
        shelf.sink.load(version(number), REPLACE, table(f"1,v{number}"))
    assert shelf.sink.undo(version(3).delivery_id) == 1
    assert shelf.rows(REPLACE) == [("1", "v2")]
    assert shelf.sink.undo(version(2).delivery_id) == 1
    assert shelf.rows(REPLACE) == []


def told(sink: Sink) -> dict[str, Stored]:
    """What the sink says of each delivery."""
    return {stored.delivery_id: stored for stored in sink.loads()}


def test_a_late_reload_changes_nothing_and_an_undo_still_brings_the_version_back(shelf: Shelf) -> None:
    shelf.sink.load(version(1), REPLACE, table("1,old", "2,old"))
    shelf.sink.load(version(2), REPLACE, table("1,new"))
    before = told(shelf.sink)
    late = shelf.sink.load(version(1), REPLACE, table("1,reread"), generation=2)
    assert (late.outcome, late.rows_loaded, told(shelf.sink)) == ("superseded", 0, before)
    assert shelf.sink.load(version(1), REPLACE, table("1,reread"), generation=2) == late
    assert shelf.sink.undo(version(2).delivery_id) == 1
    assert shelf.rows(REPLACE) == [("1", "old"), ("2", "old")]
    assert shelf.sink.count(version(1).delivery_id) == 2


def test_a_late_reload_of_what_was_undone_or_superseded_changes_nothing(shelf: Shelf) -> None:
    for number in (2, 4, 3):
        shelf.sink.load(version(number), REPLACE, table(f"1,v{number}"))
    shelf.sink.undo(version(2).delivery_id)
    before = told(shelf.sink)
    for number in (2, 3):
        assert shelf.sink.load(version(number), REPLACE, table("1,late"), generation=2).outcome == "superseded"
    assert (told(shelf.sink), shelf.rows(REPLACE)) == (before, [("1", "v4")])


def test_a_late_reload_into_another_table_leaves_the_rows_where_they_are(shelf: Shelf) -> None:
    shelf.sink.load(version(1), REPLACE, table("1,old"))
    shelf.sink.load(version(2), REPLACE_ELSEWHERE, table("1,new"))
    assert shelf.sink.load(version(1), REPLACE_ELSEWHERE, table("1,old"), generation=2).outcome == "superseded"
    assert (shelf.rows(REPLACE), shelf.rows(REPLACE_ELSEWHERE)) == ([("1", "old")], [("1", "new")])
    assert (shelf.sink.generation(version(1).delivery_id), shelf.sink.count(version(1).delivery_id)) == (1, 1)


def test_a_late_reload_of_what_was_in_another_sink_changes_nothing(shelf: Shelf) -> None:
    shelf.sink.load(version(2), REPLACE, table("1,new"))
    assert shelf.sink.load(version(1), REPLACE, table("1,old"), generation=2).outcome == "superseded"
    assert (list(told(shelf.sink)), shelf.rows(REPLACE)) == ([version(2).delivery_id], [("1", "new")])


def test_a_reload_of_the_newest_keeps_what_it_had_replaced_for_an_undo(shelf: Shelf) -> None:
    shelf.sink.load(version(1), REPLACE, table("1,old"))
    shelf.sink.load(version(2), REPLACE, table("1,misread"))
    shelf.sink.load(version(2), REPLACE, table("1,new"), generation=2)
    assert shelf.rows(REPLACE) == [("1", "new")]
    assert shelf.sink.undo(version(2).delivery_id) == 1
    assert shelf.rows(REPLACE) == [("1", "old")]


def test_what_was_superseded_in_between_is_not_brought_back_but_can_be_loaded_then(shelf: Shelf) -> None:
    """An undo goes back to what readers saw before."""
    for number in (1, 3, 2):
        shelf.sink.load(version(number), REPLACE, table(f"1,v{number}"))
    shelf.sink.undo(version(3).delivery_id)
    assert shelf.rows(REPLACE) == [("1", "v1")]
    assert shelf.sink.load(version(2), REPLACE, table("1,v2"), generation=2).outcome == "loaded"
    assert shelf.rows(REPLACE) == [("1", "v2")]


@pytest.mark.parametrize("into", [APPEND, REPLACE], ids=["append", "replace"])
def test_a_late_twin_of_an_earlier_generation_leaves_the_later_one_where_it_is(shelf: Shelf, into: Target) -> None:
    """It was moved to another table in between."""
    elsewhere = replace(into, table="elsewhere")
    shelf.sink.load(version(1), into, table("1,Ann"))
    moved = shelf.sink.load(version(1), elsewhere, table("1,Ann", "2,Bob"), generation=2)
    assert shelf.sink.load(version(1), into, table("1,Ann")) == moved
    assert (shelf.rows(into), shelf.rows(elsewhere)) == ([], [("1", "Ann"), ("2", "Bob")])
    assert [(stored.generation, stored.load) for stored in shelf.sink.loads()] == [(2, moved)]
    assert shelf.sink.count(version(1).delivery_id) == 2


def test_undoing_one_of_several_leaves_the_others(shelf: Shelf) -> None:
    shelf.sink.load(version(1), APPEND, table("1,Ann"))
    shelf.sink.load(version(1, "other.csv"), APPEND, table("2,Bob"))
    assert shelf.sink.undo(version(1).delivery_id) == 1
    assert shelf.rows(APPEND) == [("2", "Bob")]


def test_the_loads_are_told_as_they_were_answered(shelf: Shelf) -> None:
    first = shelf.sink.load(version(1), APPEND, table("1,Ann"))
    other = shelf.sink.load(version(1, "other.csv"), APPEND, Table(cells=[["2", "Bob"]], rows_quarantined=3))
    told = {stored.delivery_id: (stored.load, stored.generation, stored.is_seen) for stored in shelf.sink.loads()}
    assert told == {version(1).delivery_id: (first, 1, True), version(1, "other.csv").delivery_id: (other, 1, True)}


def test_what_was_replaced_superseded_or_undone_is_loaded_and_not_seen(shelf: Shelf) -> None:
    for number in (2, 3, 1):
        shelf.sink.load(version(number), REPLACE, table("1,Ann"))
    shelf.sink.load(version(4), APPEND_ELSEWHERE, table("1,Ann"))
    shelf.sink.undo(version(4).delivery_id)
    told = {stored.delivery_id: (stored.load.outcome, stored.is_seen) for stored in shelf.sink.loads()}
    expected = [("superseded", False), ("loaded", False), ("loaded", True), ("undone", False)]
    assert [told[version(number).delivery_id] for number in (1, 2, 3, 4)] == expected


def test_of_several_generations_the_newest_is_told(shelf: Shelf) -> None:
    shelf.sink.load(version(1), APPEND, table("1,Ann", "2,Bob"))
    again = shelf.sink.load(version(1), APPEND, table("1,Ann"), generation=2)
    assert [(stored.generation, stored.load) for stored in shelf.sink.loads()] == [(2, again)]


@EVERY
def test_what_is_forgotten_has_no_rows_and_does_not_come_back(shelf: Shelf, into: Target) -> None:
    shelf.sink.load(version(1), into, table("1,Ann", "2,Bob"))
    shelf.sink.load(version(2), into, table("3,Joan")) if into.disposition == "append" else None
    assert [shelf.sink.forget(version(1).delivery_id) for _ in range(2)] == [2, 0]
    assert shelf.rows(into) == ([("3", "Joan")] if into.disposition == "append" else [])
    assert (shelf.sink.count(version(1).delivery_id), shelf.sink.generation(version(1).delivery_id)) == (0, 1)
    assert shelf.sink.load(version(1), into, table("1,Ann")).outcome == "undone"
    assert shelf.sink.load(version(1), into, table("1,Ann"), generation=2).outcome == "loaded"


def test_what_never_came_is_forgotten_at_once(shelf: Shelf) -> None:
    assert (shelf.sink.forget(version(7).delivery_id), [*shelf.sink.loads()]) == (0, [])
    shelf.sink.load(version(7), APPEND, table("1,Ann"))
    assert shelf.rows(APPEND) == [("1", "Ann")]


def test_what_was_replaced_is_forgotten_too_and_no_undo_brings_it_back(shelf: Shelf) -> None:
    for number in (1, 2):
        shelf.sink.load(version(number), REPLACE, table(f"1,v{number}"))
    assert shelf.sink.forget(version(1).delivery_id) == 1
    assert shelf.rows(REPLACE) == [("1", "v2")]
    shelf.sink.undo(version(2).delivery_id)
    assert shelf.rows(REPLACE) == []


def test_what_a_forgotten_delivery_had_replaced_is_seen_again(shelf: Shelf) -> None:
    for number in (1, 2):
        shelf.sink.load(version(number), REPLACE, table(f"1,v{number}"))
    shelf.sink.forget(version(2).delivery_id)
    assert shelf.rows(REPLACE) == [("1", "v1")]


def test_it_is_forgotten_in_every_table_that_it_was_in(shelf: Shelf) -> None:
    shelf.sink.load(version(1), APPEND, table("1,Ann"))
    shelf.sink.load(version(1), APPEND_ELSEWHERE, table("1,Ann"), generation=2)
    assert shelf.sink.forget(version(1).delivery_id) == 1
    assert [shelf.rows(each) for each in (APPEND, APPEND_ELSEWHERE)] == [[], []]
