"""Parquet as a sink, beyond what every sink promises: cut off anywhere, and whatever columns are called."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Literal

import duckdb
import pytest

from csvgate.errors import CsvgateError, PermanentError, TransientError
from csvgate.load import Target
from csvgate.memory import MemoryObjectStore
from csvgate.parquet import writing
from csvgate.parquet.places import SHORT, owner
from csvgate.parquet.sink import ParquetSink
from csvgate.parquet.writing import parts
from csvgate.ports.objects import Document
from tests.parquet import reading
from tests.parquet.shelf import APPEND, BUCKET, REPLACE, listed, sink
from tests.ports.contents import Table, table, target, version
from tests.world import Fault, Killed

READ: dict[bytes, list[tuple[str | None, ...]]] = {}


def seen_now(objects: MemoryObjectStore) -> list[tuple[str | None, ...]]:
    """What readers of the table see; the same files are read once, as they never change."""
    live = objects.read(f"s3://{BUCKET}/live/feed=sales/all") or b""
    if live not in READ:
        READ[live] = reading.seen(objects, BUCKET, REPLACE)
    return READ[live]


def until_done(step: Callable[[ParquetSink], object], objects: MemoryObjectStore, fault: Fault) -> None:
    """The step is tried again, by somebody else, until it is through."""
    try:
        step(sink(objects, fault))
    except (Killed, CsvgateError):
        step(sink(objects))


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("error", [Killed, TransientError])
def test_cut_off_at_any_call_the_rows_are_there_once_and_nothing_else_stays(
    error: type[BaseException], when: Literal["before", "after"]
) -> None:
    """A file comes, a newer one, the newer one again; it is taken back, and comes anew."""
    newer = version(2)
    story: list[tuple[Callable[[ParquetSink], object], list[tuple[str, str]]]] = [
        (lambda to: to.load(version(1), REPLACE, table("1,old", "2,old")), [("1", "old"), ("2", "old")]),
        (lambda to: to.load(newer, REPLACE, table("1,new")), [("1", "new")]),
        (lambda to: to.load(newer, REPLACE, table("1,new")), [("1", "new")]),
        (lambda to: to.undo(newer.delivery_id), [("1", "old"), ("2", "old")]),
        (lambda to: to.load(newer, REPLACE, table("1,again"), generation=2), [("1", "again")]),
    ]
    for at in count(1):
        objects, fault = MemoryObjectStore(), Fault(at=at, error=error, when=when)
        for step, expected in story:
            until_done(step, objects, fault)
            assert seen_now(objects) == expected
        named = {file for entry, _ in sink(objects)._ledger.entries() for file in entry.files}
        assert set(listed(objects, "data/")) == named
        if fault.calls < at:
            assert at > 30
            return


def test_killed_before_the_conditional_write_nobody_sees_a_thing() -> None:
    objects = MemoryObjectStore()
    for at in count(1):
        fault = Fault(at=at, error=Killed)
        before = reading.seen(objects, BUCKET, APPEND)
        try:
            sink(objects, fault).load(version(at), APPEND, table("1,Ann", "2,Bob"))
        except Killed:
            assert reading.seen(objects, BUCKET, APPEND) in (before, [*before, ("1", "Ann"), ("2", "Bob")])
        else:
            return


def test_of_many_that_replace_each_other_at_once_the_newest_is_seen() -> None:
    objects = MemoryObjectStore()
    numbers = range(1, 13)
    with ThreadPoolExecutor(6) as pool:
        loads = pool.map(lambda number: sink(objects).load(version(number), REPLACE, table(f"1,v{number}")), numbers)
        outcomes = [load.outcome for load in loads]
    assert outcomes[-1] == "loaded"
    assert reading.seen(objects, BUCKET, REPLACE) == [("1", "v12")]
    told = {each.delivery_id: each.is_seen for each in sink(objects).loads()}
    assert [told[version(number).delivery_id] for number in numbers] == [False] * 11 + [True]


class Overtaken(MemoryObjectStore):
    """Somebody else does all of his work just before something is swapped there; the writer may be killed after it."""

    def __init__(self, there: str, *, kills: bool) -> None:
        super().__init__()
        self.others: list[Callable[[], object]] = []
        self._there, self._kills = there, kills

    def swap(self, uri: str, body: bytes, content_type: str, *, seen: Document | None) -> bool:
        is_there = self._there in uri and bool(self.others)
        if is_there:
            self.others.pop()()
        done = super().swap(uri, body, content_type, seen=seen)
        if is_there and self._kills:
            raise Killed
        return done


def test_an_older_list_is_never_written_over_a_newer_one() -> None:
    objects = Overtaken("/live/", kills=True)
    objects.others.append(lambda: sink(objects).load(version(2), REPLACE, table("1,new")))
    with pytest.raises(Killed):
        sink(objects).load(version(1), REPLACE, table("1,old"))
    assert reading.seen(objects, BUCKET, REPLACE) == [("1", "new")]


def test_columns_that_others_made_meanwhile_hold_our_values_too() -> None:
    objects = Overtaken("/parquet/tables/", kills=False)
    ours, theirs = (target("id", types=[kind]) for kind in ("integer", "number"))
    objects.others.append(lambda: sink(objects).load(version(2), theirs, table("0.5")))
    sink(objects).load(version(1), ours, table("1"))
    assert sorted(reading.rows(objects, BUCKET, "sales", "id")) == [(0.5,), (1.0,)]
    document = objects.read(f"s3://{BUCKET}/parquet/tables/sales.json")
    assert [column["type"] for column in json.loads(document or b"")["columns"]] == ["DOUBLE"]


def test_what_many_append_at_once_is_all_there() -> None:
    objects = MemoryObjectStore()
    with ThreadPoolExecutor(6) as pool:
        loads = list(pool.map(lambda n: sink(objects).load(version(n), APPEND, table(f"{n},x")), range(1, 13)))
    assert {load.outcome for load in loads} == {"loaded"}
    assert sorted(int(number or 0) for number, _ in reading.seen(objects, BUCKET, APPEND)) == list(range(1, 13))


HOSTILE = [
    "id",
    "ID",
    "id",
    "date",
    "row_no",
    "order",
    "",
    "größe (cm)",
    "x'); DROP TABLE part; --",
    "\0",
    "名前",
    "2024",
]


def test_whatever_columns_are_called_each_has_a_name_of_its_own_that_tells_the_first() -> None:
    objects = MemoryObjectStore()
    cells = [f"v{number}" for number in range(len(HOSTILE))]
    sink(objects).load(version(1), target(*HOSTILE), Table(cells=[cells]))
    assert reading.seen(objects, BUCKET, target(*HOSTILE)) == [tuple(cells)]
    (file,) = listed(objects, "data/")
    with reading.opened(objects, BUCKET, "sales") as database:
        path = database.execute("SELECT filename FROM sales").fetchone()
        told = database.execute("SELECT value FROM parquet_kv_metadata(?)", path).fetchone()
    assert file.endswith(".parquet")
    assert told
    names = [column["name"] for column in json.loads(told[0])]
    assert names == HOSTILE


@pytest.mark.parametrize("shape", ["typed", "rows"])
def test_a_file_of_1601_columns_is_loaded(shape: Literal["typed", "rows"]) -> None:
    objects, wide = MemoryObjectStore(), replace(target(*(f"c{n}" for n in range(1601))), shape=shape)
    cells = [[f"{row}-{column}" for column in range(1601)] for row in range(3)]
    assert sink(objects).load(version(1), wide, Table(cells=cells)).verified
    assert reading.seen(objects, BUCKET, wide) == [tuple(row) for row in cells]


def test_many_rows_are_several_files_and_all_of_them_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "CHUNK", 2_000)
    monkeypatch.setattr(writing, "PART", 9_000)
    objects, content = MemoryObjectStore(), table(*(f"{number},x" for number in range(2_000)))
    sink(objects).load(version(1), APPEND, content)
    assert len(listed(objects, "data/")) > 3
    assert reading.seen(objects, BUCKET, APPEND) == [tuple(row) for row in content.cells]
    assert sink(objects).count(version(1).delivery_id) == 2_000


def test_a_value_that_comes_late_widens_its_column_and_leaves_no_file_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "CHUNK", 100)
    monkeypatch.setattr(writing, "PART", 200)
    objects, into = MemoryObjectStore(), target("a", "b", types=["number", "integer"])
    sink(objects).load(version(1), into, table(*["1,1"] * 99, "12345678901234567.89,9223372036854775808"))
    assert reading.seen(objects, BUCKET, into)[-1] == ("12345678901234567.890000000000000000", "9223372036854775808")
    live = {file for entry, _ in sink(objects)._ledger.entries() for file in entry.files}
    assert set(listed(objects, "data/")) == live


def test_what_a_column_would_change_is_refused_once_others_were_written_so() -> None:
    objects, into = MemoryObjectStore(), target("amount", types=["number"])
    sink(objects).load(version(1), into, table("0.1"))
    with pytest.raises(
        PermanentError, match="column 'amount' of the table sales is DOUBLE, which would change a value"
    ):
        sink(objects).load(version(2), into, table("12345678901234567.89"))
    assert reading.seen(objects, BUCKET, into) == [("0.1",)]


def test_columns_are_added_and_none_is_changed() -> None:
    objects = MemoryObjectStore()
    sink(objects).load(version(1), target("id", types=["integer"]), table("1"))
    sink(objects).load(version(2), target("new", "id", types=["date", "integer"]), table("2024-01-01,2"))
    wanted = target("id", "new")
    assert sorted(reading.seen(objects, BUCKET, wanted)) == [("1", None), ("2", "2024-01-01")]
    with pytest.raises(PermanentError, match="is BIGINT, and is now to hold string"):
        sink(objects).load(version(3), target("id"), table("x"))


@pytest.mark.parametrize(
    ("into", "told"),
    [
        (replace(APPEND, disposition="replace"), "was made to append typed, and is now to replace typed"),
        (replace(APPEND, shape="rows"), "was made to append typed, and is now to append rows"),
        (replace(APPEND, table="a/b"), "is called by letters, digits, - and _, not 'a/b'"),
    ],
)
def test_another_table_than_before_is_refused(into: Target, told: str) -> None:
    objects = MemoryObjectStore()
    sink(objects).load(version(1), APPEND, table("1,Ann"))
    with pytest.raises(PermanentError, match=told):
        sink(objects).load(version(2), into, table("1,Ann"))


def test_a_delivery_that_is_loaded_into_another_table_is_only_there() -> None:
    objects, other = MemoryObjectStore(), replace(APPEND, table="other")
    sink(objects).load(version(1), APPEND, table("1,Ann"))
    sink(objects).load(version(1), other, table("1,Ann"), generation=2)
    assert (reading.seen(objects, BUCKET, APPEND), reading.seen(objects, BUCKET, other)) == ([], [("1", "Ann")])
    assert [told.generation for told in sink(objects).loads()] == [2]


def test_a_delivery_without_rows_is_loaded() -> None:
    objects = MemoryObjectStore()
    assert sink(objects).load(version(1), APPEND, Table(cells=[])).rows_loaded == 0
    assert (reading.seen(objects, BUCKET, APPEND), sink(objects).count(version(1).delivery_id)) == ([], 0)


def test_each_row_says_where_it_comes_from() -> None:
    objects = MemoryObjectStore()
    sink(objects).load(version(1), APPEND, Table(cells=[["1", "Ann"], ["3", "Bob"]], numbers=[2, 7]))
    read = reading.rows(objects, BUCKET, "sales", "delivery_id, row_no, feed, date::VARCHAR")
    assert read == [(version(1).delivery_id, number, "sales", "2026-03-01") for number in (2, 7)]


def test_a_file_that_went_is_not_counted_as_none() -> None:
    objects = MemoryObjectStore()
    sink(objects).load(version(1), APPEND, table("1,Ann"))
    objects.remove(listed(objects, "data/")[0])
    with pytest.raises(TransientError, match="is not there any more"):
        sink(objects).count(version(1).delivery_id)


def test_an_error_of_the_library_says_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    into = target("on", types=["date"])
    with pytest.raises(PermanentError) as raised:
        sink(MemoryObjectStore()).load(version(1), into, table("2024-99-99"))
    assert str(raised.value) == "DuckDB cannot write these rows: ConversionException"
    assert isinstance(raised.value.__cause__, duckdb.Error)


def test_a_disk_without_room_is_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(TransientError, match="no file of rows can be written here: FileNotFoundError"):
        ParquetSink(MemoryObjectStore(), BUCKET, parts).load(version(1), APPEND, table("1,Ann"))


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("generation", [1, 2])
def test_of_what_is_forgotten_no_file_stays_whoever_was_killed_when(
    when: Literal["before", "after"], generation: int
) -> None:
    """While it was loaded, into this table or another one, or while it was forgotten."""
    own, other = version(1), version(2)
    into = APPEND if generation == 1 else replace(APPEND, table="elsewhere")
    steps: list[Callable[[ParquetSink], object]] = [
        lambda to: to.load(own, into, table("1,Ann"), generation=generation),
        lambda to: to.forget(own.delivery_id),
    ]
    for at in count(1):
        objects, fault = MemoryObjectStore(), Fault(at=at, error=Killed, when=when)
        for delivery in (own, other)[2 - generation :]:
            sink(objects).load(delivery, APPEND, table("1,Ann"))
        for step in steps:
            with suppress(Killed):
                step(sink(objects, fault))
        sink(objects).forget(own.delivery_id)
        assert {owner(file) for file in listed(objects, "data/")} == {other.delivery_id[:SHORT]}
        assert not any(own.delivery_id[:SHORT] in str(objects.read(each)) for each in listed(objects, "live/"))
        if fault.calls < at:
            return
