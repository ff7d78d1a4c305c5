"""That readers see what the ledger says, whoever was killed between the two, and whatever somebody did by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Literal

import pytest

from csvgate.errors import PermanentError
from csvgate.load import Target
from csvgate.memory import MemoryObjectStore
from csvgate.parquet.sink import ParquetSink
from csvgate.ports.objects import Document
from tests.parquet import once, reading
from tests.ports.contents import Cells, Table, table, target, version
from tests.world import Fault, Killed

BUCKET = "results"
APPEND = target("id")
REPLACE = replace(APPEND, disposition="replace")
OURS, NEWER = version(1), version(2)
TWO_ROWS = table("1", "2")
INTO = pytest.mark.parametrize("into", [APPEND, REPLACE], ids=["append", "replace"])
WHEN = pytest.mark.parametrize("when", ["before", "after"])


def sink(objects: MemoryObjectStore, fault: Fault | None = None) -> ParquetSink:
    return ParquetSink(fault.around(objects) if fault else objects, BUCKET, once.written_before)


def elsewhere(into: Target) -> Target:
    return replace(into, table="elsewhere")


def seen(objects: MemoryObjectStore, into: Target) -> int:
    """How many rows of the table readers see."""
    return once.seen(objects, BUCKET, into)


def killed(
    prepare: Callable[[ParquetSink], object], step: Callable[[ParquetSink], object], when: Literal["before", "after"]
) -> Iterator[MemoryObjectStore]:
    """What is left when the step is killed at its first call, its second one, and so on until it is through."""
    for at in count(1):
        objects, fault = MemoryObjectStore(), Fault(at=at, error=Killed, when=when)
        prepare(sink(objects))
        try:
            step(sink(objects, fault))
        except Killed:
            yield objects
        else:
            assert at > 10
            return


@INTO
@WHEN
def test_an_undo_that_was_killed_is_counted_as_readers_see_it_and_mended(
    into: Target, when: Literal["before", "after"]
) -> None:
    left = killed(lambda to: to.load(OURS, into, TWO_ROWS), lambda to: to.undo(OURS.delivery_id), when)
    for objects in left:
        looking = sink(objects)
        [stored] = looking.loads()
        assert looking.count(OURS.delivery_id) == seen(objects, into)
        assert stored.is_seen == bool(seen(objects, into))
        was = seen(objects, into)
        expected = 0 if stored.load.outcome == "undone" else 2
        assert looking.mend(OURS.delivery_id) == (was != expected)
        assert seen(objects, into) == looking.count(OURS.delivery_id) == expected


@INTO
@WHEN
def test_a_reload_into_another_table_that_was_killed_is_in_one_of_them_after_the_next_look(
    into: Target, when: Literal["before", "after"]
) -> None:
    def move(to: ParquetSink) -> None:
        to.load(OURS, elsewhere(into), TWO_ROWS, generation=2)

    for objects in killed(lambda to: to.load(OURS, into, TWO_ROWS), move, when):
        both = seen(objects, into) + seen(objects, elsewhere(into))
        assert both == sink(objects).count(OURS.delivery_id) >= 2
        sink(objects).mend(OURS.delivery_id)
        [stored] = sink(objects).loads()
        shown = elsewhere(into) if stored.generation == 2 else into
        assert (seen(objects, shown), sink(objects).count(OURS.delivery_id)) == (2, 2)
        move(sink(objects))
        assert (seen(objects, into), seen(objects, elsewhere(into))) == (0, 2)


def test_an_undo_after_a_killed_reload_takes_the_rows_out_of_both_tables() -> None:
    def move(to: ParquetSink) -> None:
        to.load(OURS, elsewhere(APPEND), TWO_ROWS, generation=2)

    for objects in killed(lambda to: to.load(OURS, APPEND, TWO_ROWS), move, "after"):
        assert sink(objects).undo(OURS.delivery_id) == 2
        assert (seen(objects, APPEND), seen(objects, elsewhere(APPEND))) == (0, 0)


@INTO
@pytest.mark.parametrize(
    "damage",
    [MemoryObjectStore.remove, lambda objects, list_: objects.swap(list_, b"", "text/plain", seen=objects.see(list_))],
    ids=["deleted", "emptied"],
)
def test_a_list_that_somebody_spoiled_is_noticed_and_written_anew(
    into: Target, damage: Callable[[MemoryObjectStore, str], object]
) -> None:
    objects = MemoryObjectStore()
    sink(objects).load(OURS, into, TWO_ROWS)
    [live] = objects.documents(BUCKET, "live/")
    damage(objects, live)
    assert (sink(objects).count(OURS.delivery_id), [each.is_seen for each in sink(objects).loads()]) == (0, [True])
    assert sink(objects).mend(OURS.delivery_id)
    assert (sink(objects).count(OURS.delivery_id), seen(objects, into)) == (2, 2)
    assert not sink(objects).mend(OURS.delivery_id)


@pytest.mark.parametrize("prefix", ["parquet/shelves/", "parquet/tables/"])
@pytest.mark.parametrize("left", [b'{"x":', b"{}", b"", b"7", b"\xff"])
def test_a_damaged_document_is_told_and_no_riddle(prefix: str, left: bytes) -> None:
    objects = MemoryObjectStore()
    sink(objects).load(OURS, APPEND, TWO_ROWS)
    [document] = objects.documents(BUCKET, prefix)
    objects.swap(document, left, "application/json", seen=objects.see(document))
    with pytest.raises(PermanentError, match="damaged"):
        sink(objects).load(OURS, APPEND, TWO_ROWS, generation=2)


@dataclass(frozen=True, kw_only=True)
class Slow:
    """A Content in the middle of which something happens."""

    happens: Callable[[], object]
    row_count: int = 2
    rows_quarantined: int = 0

    def rows(self) -> Iterator[tuple[int, Cells]]:
        yield 1, ["1"]
        self.happens()
        yield 2, ["2"]

    def raw(self) -> None:
        return None


@INTO
def test_a_late_twin_of_the_first_generation_does_not_undo_a_later_one_in_another_table(into: Target) -> None:
    objects = MemoryObjectStore()

    def meanwhile() -> None:
        sink(objects).load(OURS, into, TWO_ROWS)
        sink(objects).load(OURS, elsewhere(into), TWO_ROWS, generation=2)

    assert sink(objects).load(OURS, into, Slow(happens=meanwhile)).table == "elsewhere"
    assert (seen(objects, into), seen(objects, elsewhere(into))) == (0, 2)
    assert sink(objects).generation(OURS.delivery_id) == 2


class Frozen(MemoryObjectStore):
    """Something happens just before the first write to a part of the ledger."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__()
        self._happens: list[Callable[[], object]] = [happens]

    def swap(self, uri: str, body: bytes, content_type: str, *, seen: Document | None) -> bool:
        if "/shelves/" in uri and self._happens:
            self._happens.pop()()
        return super().swap(uri, body, content_type, seen=seen)


@INTO
def test_two_that_load_the_same_generation_into_two_tables_leave_it_in_one(into: Target) -> None:
    """As when the feed is changed while a worker is suspended."""
    objects = Frozen(lambda: sink(objects).load(OURS, elsewhere(into), TWO_ROWS))
    assert sink(objects).load(OURS, into, TWO_ROWS).table == "elsewhere"
    assert (seen(objects, into), seen(objects, elsewhere(into))) == (0, 2)
    assert sink(objects).load(OURS, into, TWO_ROWS, generation=2).table == "sales"
    assert (seen(objects, into), seen(objects, elsewhere(into))) == (2, 0)


def test_what_a_delivery_had_replaced_is_seen_again_when_it_leaves() -> None:
    objects = MemoryObjectStore()
    sink(objects).load(OURS, REPLACE, Table(cells=[["old"]]))
    sink(objects).load(NEWER, REPLACE, TWO_ROWS)
    sink(objects).load(NEWER, elsewhere(REPLACE), TWO_ROWS, generation=2)
    assert reading.seen(objects, BUCKET, REPLACE) == [("old",)]
    assert seen(objects, elsewhere(REPLACE)) == 2
