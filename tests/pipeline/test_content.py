"""What a sink is asked to load are the rows that keep the contract, and as stored only where that is the same."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given

from csvgate.core.contracts.cleansing import Cleansing
from csvgate.core.contracts.contract import Contract, Limits, OnViolation
from csvgate.core.contracts.feed import Feed
from csvgate.core.contracts.schema import Constraints, Field, Schema
from csvgate.core.inspection import inspect
from csvgate.errors import TransientError
from csvgate.load import CellType, Column, Content, Target
from csvgate.memory.sink import MemorySink
from csvgate.pipeline.content import AcceptedRows, Judged, acceptance_of, accepted, judge
from tests.ports.contents import version
from tests.strategies import nasty_bytes, whole

SCHEMA = Schema(
    fields=(
        Field(name="id", type="integer", constraints=Constraints(required=True)),
        Field(name="day", type="date"),
        Field(name="at", type="datetime"),
    )
)
FEED = Feed(name="sales", key="*", contract=Contract(schema=SCHEMA), table="orders", shape="typed")
ANYTHING = Feed(name="any", key="*")
FILE = b"id,day,at\n1,2024-12-31,2024-12-31T10:00:00Z\n2,,\n"


def judged(data: bytes, feed: Feed = FEED) -> tuple[Judged, bytes]:
    """What became of a file, and its quarantine file."""
    aside: list[bytes] = []
    found = judge(whole(data), inspect(whole(data)), feed, aside.append)
    return found, b"".join(aside)


def offered(data: bytes, feed: Feed = FEED) -> tuple[Target, AcceptedRows]:
    """What a sink is asked to load of a file."""
    return accepted(whole(data), inspect(whole(data)), feed, judged(data, feed)[0].acceptance)


def content_of(data: bytes, feed: Feed = FEED) -> Content:
    """What is to be loaded of a file."""
    return offered(data, feed)[1]


def as_stored(content: Content) -> list[tuple[int, Sequence[str | None]]]:
    """The rows as a database reads them from the stored bytes."""
    raw = content.raw()
    assert raw is not None
    text = b"".join(raw.chunks()).decode()
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=raw.delimiter))[raw.has_header :]
    return [(number, [cell or None for cell in row]) for number, row in enumerate(rows, start=1)]


def test_the_rows_are_plain_and_the_target_has_their_types() -> None:
    target, content = offered(FILE)
    assert list(content.rows()) == [(1, ("1", "2024-12-31", "2024-12-31T10:00:00Z")), (2, ("2", None, None))]
    types: tuple[CellType, ...] = ("integer", "date", "zoned-datetime")
    assert [column.type for column in target.columns] == list(types)
    assert (target.table, target.shape, judged(FILE)[1]) == ("orders", "typed", b"")


def test_a_zone_is_written_in_one_way_for_every_sink() -> None:
    """As ISO 8601 has it: none of them has to know what stands for UTC, or where a blank may be."""
    data = b"id,day,at\n1,,2024-12-31 10:00:00 UTC\n2,,2024-12-31T10:00 +0130\n3,,2024-12-31 10:00:00.5+00\n"
    moments = ["2024-12-31 10:00:00Z", "2024-12-31T10:00+0130", "2024-12-31 10:00:00.5+00"]
    for feed in (FEED, ANYTHING):
        target, content = offered(data, feed)
        assert [cells[2] for _, cells in content.rows()] == moments
        assert (target.columns[2].type, content.raw()) == ("zoned-datetime", None)


def test_bad_rows_are_handed_aside_and_counted() -> None:
    found, aside = judged(data := FILE + b"x,,\n4,,soon\n")
    content = content_of(data)
    assert (content.row_count, content.rows_quarantined, found.put_aside) == (2, 2, 2)
    assert [line.split(b",")[0] for line in aside.splitlines()] == [b"csvgate_line", b"4", b"5"]
    assert len(list(content.rows())) == 2


def test_of_a_file_that_is_rejected_no_row_is_accepted_and_it_is_said_why() -> None:
    feed = Feed(name="a", key="*", contract=Contract(schema=SCHEMA, limits=Limits(max_bad_rows=0)))
    found, aside = judged(FILE + b"x,,\n", feed)
    assert (found.acceptance.row_count, found.judgement.verdict, b"x,,\n" in aside) == (0, "rejected", True)
    assert found.acceptance.reason == "1 of 3 rows break the contract; at most 0 may be put aside"


def test_without_a_contract_the_types_are_those_that_were_found() -> None:
    data = b"a;b;c\n1;2,5;31.12.2024\n2;NA;01.01.2025\n3\n"
    target, content = offered(data, ANYTHING)
    assert list(content.rows()) == [(1, ("1", "2.5", "2024-12-31")), (2, ("2", None, "2025-01-01"))]
    assert target.columns == [Column(name=name, type=kind) for name, kind in _NUMBERS]
    assert b"missing-cell" in judged(data, ANYTHING)[1]


_NUMBERS: list[tuple[str, CellType]] = [("a", "integer"), ("b", "number"), ("c", "date")]


@pytest.mark.parametrize(
    "data", [FILE, gzip.compress(FILE, mtime=0), FILE.replace(b",", b";"), FILE.replace(b"\n", b"\r\n")]
)
def test_a_clean_file_may_be_loaded_as_it_is_stored(data: bytes) -> None:
    content = content_of(data)
    assert as_stored(content) == [(number, list(cells)) for number, cells in content.rows()]


@pytest.mark.parametrize(
    "data",
    [
        FILE + b"x,,\n",
        FILE.replace(b"2024-12-31,", b"31.12.2024,"),
        b"\xef\xbb\xbf" + FILE,
        FILE + b"\n3,,\n",
        FILE.decode().encode("utf-16"),
        b"Report\n\n" + FILE,
        b"day,at,id\n,,1\n",
    ],
)
def test_a_file_that_has_to_be_read_is_not(data: bytes) -> None:
    schema = Schema(fields=SCHEMA.fields, fields_match="equal")
    assert content_of(data, Feed(name="a", key="*", contract=Contract(schema=schema))).raw() is None


def test_a_mark_that_ends_the_data_for_a_database_is_not_handed_to_it() -> None:
    assert content_of(b'a,b\n1,"x\n\\."\n2,z\n', ANYTHING).raw() is None
    assert content_of(b'a,b\n1,"x\n."\n2,z\n', ANYTHING).raw() is not None


def test_what_is_cleansed_is_not_loaded_as_it_is_stored() -> None:
    feed = Feed(name="a", key="*", contract=Contract(schema=SCHEMA), cleansing=Cleansing(nulls=("2",)))
    assert content_of(FILE.replace(b"1,", b"1,", 1), feed).raw() is None


@given(nasty_bytes)
def test_whatever_is_loaded_as_stored_is_the_same(data: bytes) -> None:
    if inspect(whole(data)).verdict != "rejected":
        content = content_of(data, ANYTHING)
        rows = [(number, list(cells)) for number, cells in content.rows()]
        assert len(rows) == content.row_count
        assert content.raw() is None or as_stored(content) == rows


def test_a_file_that_changed_is_tried_again() -> None:
    longer = inspect(whole(FILE + b"3,,\n"))
    with pytest.raises(TransientError, match="changed"):
        judge(whole(FILE), longer, FEED, print)


def test_a_file_that_changed_after_it_was_accepted_is_tried_again() -> None:
    """Nobody judges it any more; its hash tells, whichever way it is read."""
    longer = FILE + b"3,,\n"
    _, content = accepted(whole(FILE), inspect(whole(longer)), FEED, judged(longer)[0].acceptance)
    raw = content.raw()
    assert raw is not None
    for read in (raw.chunks, content.rows):
        with pytest.raises(TransientError, match="changed"):
            list(read())


def test_what_was_accepted_is_known_again_until_the_feed_changes() -> None:
    acceptance = judged(FILE)[0].acceptance
    written = json.loads(json.dumps(acceptance.to_json()))
    assert acceptance_of(written, replace(FEED)) == acceptance
    assert acceptance_of(written, replace(FEED, cleansing=Cleansing(trim=("*",)))) is None
    assert acceptance_of(None, FEED) is None


def test_what_is_loaded_and_what_is_put_aside_are_all_rows_of_the_file() -> None:
    """As a sink counts them; a file that is judged in the same way again is loaded once."""
    sink, data = MemorySink(), FILE + b"x,,\n4,,soon\n"
    loads = {sink.load(version(1), *offered(data)) for _ in range(2)}
    (load,) = loads
    assert (load.rows_loaded, load.rows_loaded + load.rows_quarantined) == (2, inspect(whole(data)).row_count)


TYPED = replace(ANYTHING, sink="postgresql", shape="typed")


def types_of(data: bytes, feed: Feed = TYPED) -> list[CellType]:
    """What the columns of the target hold."""
    return [column.type for column in offered(data, feed)[0].columns]


def test_a_column_without_values_takes_any_type_unless_the_contract_says_which() -> None:
    assert types_of(b"a,b\n1,\n2,\n") == ["integer", "any"]
    assert types_of(b"a,b\n") == ["any", "any"]
    assert types_of(b"id,day,at\n1,,\n", FEED) == ["integer", "date", "any"]


def test_without_a_contract_times_that_a_table_would_round_are_loaded_as_they_stand() -> None:
    data = b"a,b\n1,2024-12-31T23:59:59.9999999\n2,2024-12-31T23:59:59\n"
    assert types_of(data) == ["integer", "string"]
    assert as_stored(content_of(data, TYPED))[0] == (1, ["1", "2024-12-31T23:59:59.9999999"])
    assert types_of(data, replace(TYPED, sink="parquet")) == ["integer", "datetime"]


@pytest.mark.parametrize(("policy", "types", "rows"), [("quarantine", "datetime", 1), ("warn", "string", 2)])
def test_with_a_contract_such_times_are_put_aside_and_never_handed_over_as_they_are(
    policy: OnViolation, types: CellType, rows: int
) -> None:
    contract = Contract(schema=Schema(fields=(Field(name="a"), Field(name="b", type="datetime"))), on_violation=policy)
    data = b"a,b\n1,2024-12-31T23:59:59.9999999\n2,2024-12-31T23:59:59\n"
    feed = replace(TYPED, contract=contract)
    assert (types_of(data, feed)[1], content_of(data, feed).row_count) == (types, rows)
    assert content_of(data, feed).raw() is None
