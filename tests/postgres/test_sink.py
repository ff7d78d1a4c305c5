"""PostgreSQL as a sink: stored bytes, types, odd names, odd cells, and what it refuses in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from csvgate.errors import PermanentError
from csvgate.load import CellType, Load, RawCsv, Target
from csvgate.postgres.connection import Database
from csvgate.postgres.migration import migrate
from csvgate.postgres.sink import PostgresSink
from tests.ports.contents import Cells, Table, as_stored, stored, table, target, version
from tests.postgres.provision import seen

APPEND = target("id", "name")
ALL_TYPES: dict[CellType, str] = {
    "integer": "-9223372036854775808",
    "big-integer": "123456789012345678901234567890",
    "number": "0.1000",
    "boolean": "true",
    "date": "2024-02-29",
    "time": "23:59:59",
    "datetime": "2024-12-18 10:00:00",
    "zoned-datetime": "2024-12-18 10:00:00+00",
    "string": "=1+1",
    "any": "x",
}


@pytest.fixture
def sink(database: Database) -> PostgresSink:
    """An empty sink."""
    migrate(database)
    return PostgresSink(database)


def one_value(database: Database, query: str) -> object:
    with database.transaction() as connection:
        (value,) = connection.execute(query.encode()).fetchone() or (None,)
    return value


class RawOnly(Table):
    """Whoever reads its rows one by one has failed."""

    def rows(self) -> Iterator[tuple[int, Cells]]:
        raise AssertionError


@pytest.mark.parametrize("disposition", ["append", "replace", "merge"])
def test_stored_bytes_are_loaded_as_they_are(sink: PostgresSink, database: Database, disposition: str) -> None:
    content = RawOnly(cells=[(), ()], stored=stored(b'id,name\n1,"a ""b"",\nc"\n2,""\n'))
    into = target("id", "name", disposition=disposition, keys=("id",) if disposition == "merge" else ())
    assert sink.load(version(1), into, content).rows_loaded == 2
    assert seen(database, into) == [("1", 'a "b",\nc'), ("2", None)]


def test_rows_of_stored_bytes_are_numbered_from_one_in_each_delivery(sink: PostgresSink, database: Database) -> None:
    for number in (1, 2):
        sink.load(version(number), APPEND, RawOnly(cells=[(), ()], stored=stored(b"id,name\n1,a\n2,b\n")))
    numbers = "SELECT array_agg((_delivery, _row)::text ORDER BY _delivery, _row) FROM csvgate_data.sales"
    assert one_value(database, numbers) == ["(1,1)", "(1,2)", "(2,1)", "(2,2)"]


@pytest.mark.parametrize(
    "body",
    [
        b"id,name\n1,Ann\n\\.\n",
        b"id,name\n1,Ann\r2,Bob\n",
        b"id,name\n1\n",
        b"id,name\n1,\xff\n2,x\n",
        b"id,name\n1,Ann\n",
    ],
    ids=["end-of-data", "carriage-return", "missing-cell", "no-utf-8", "fewer-rows"],
)
def test_what_postgresql_reads_otherwise_than_we_do_is_loaded_row_by_row(
    sink: PostgresSink, database: Database, body: bytes
) -> None:
    cells = [["1", "Ann"], ["2", "Bob"]]
    sink.load(version(1), APPEND, Table(cells=cells, stored=stored(body)))
    assert seen(database, APPEND) == [("1", "Ann"), ("2", "Bob")]


@pytest.mark.parametrize("delimiter", ["¦", "a", ".", '"', "\n"])
def test_a_delimiter_that_copy_does_not_know_is_no_hindrance(
    sink: PostgresSink, database: Database, delimiter: str
) -> None:
    body = f"1{delimiter}Ann\n".encode()
    raw = RawCsv(chunks=lambda: iter([body]), delimiter=delimiter, has_header=False)
    sink.load(version(1), APPEND, Table(cells=[["1", "Ann"]], stored=raw))
    assert seen(database, APPEND) == [("1", "Ann")]


@pytest.mark.parametrize("way", ["raw", "rows"])
def test_values_have_the_type_of_their_column(sink: PostgresSink, database: Database, way: str) -> None:
    into = target(*ALL_TYPES, types=list(ALL_TYPES))
    cells: list[Cells] = [list(ALL_TYPES.values()), [None] * len(ALL_TYPES)]
    raw = as_stored([[cell or "" for cell in row] for row in cells]) if way == "raw" else None
    sink.load(version(1), into, Table(cells=cells, stored=raw))
    assert seen(database, into) == [tuple(ALL_TYPES.values()), (None,) * len(ALL_TYPES)]
    types = "SELECT string_agg(data_type, ', ' ORDER BY ordinal_position) FROM information_schema.columns"
    assert one_value(database, f"{types} WHERE table_name = 'sales' AND ordinal_position <= 9") == (
        "bigint, numeric, numeric, boolean, date, time without time zone, timestamp without time zone,"
        " timestamp with time zone, text"
    )


@pytest.mark.parametrize("way", ["raw", "rows"])
@pytest.mark.parametrize(
    ("kind", "value"),
    [("integer", "9223372036854775808"), ("integer", "1.5"), ("date", "2023-02-29"), ("boolean", "maybe")],
)
def test_a_value_that_does_not_fit_is_told_by_row_and_column(
    sink: PostgresSink, way: str, kind: CellType, value: str
) -> None:
    cells: list[Cells] = [["x", None], ["y", value]]
    raw = as_stored([["x", ""], ["y", value]]) if way == "raw" else None
    into = target("name", "Some Column", types=["string", kind])
    with pytest.raises(PermanentError) as raised:
        sink.load(version(1), into, Table(cells=cells, numbers=[4, 9], stored=raw))
    assert str(raised.value) == f"row 9, column 'Some Column': the value is no {kind} that PostgreSQL knows"
    assert sink.generation(version(1).delivery_id) == 0


@pytest.mark.parametrize("shape", ["typed", "rows"])
@pytest.mark.parametrize("cell", ["a\0b", "a\ud800b"], ids=["nul", "surrogate"])
def test_a_character_that_cannot_be_stored_is_told_by_row(sink: PostgresSink, shape: str, cell: str) -> None:
    content = Table(cells=[["1", "Ann"], ["2", cell]], numbers=[1, 7])
    with pytest.raises(PermanentError, match="row 7, column 'name': it holds a character that PostgreSQL cannot store"):
        sink.load(version(1), target("id", "name", shape=shape), content)


def test_a_backslash_u0000_that_is_mere_text_is_kept(sink: PostgresSink, database: Database) -> None:
    into = target("id", "name", shape="rows")
    sink.load(version(1), into, table("1,\\u0000\\N\\."))
    assert seen(database, into) == [("1", "\\u0000\\N\\.")]


@pytest.mark.parametrize("shape", ["typed", "rows"])
def test_cells_and_labels_are_data_whatever_they_say(sink: PostgresSink, database: Database, shape: str) -> None:
    labels = [
        "ctid",
        "ctid",
        "",
        "x" * 70,
        "x" * 71,
        "a'); DROP TABLE csvgate.rows; --",
        "=cmd|' /C calc'!A0",
        "%s {0}",
    ]
    cells = ["=1+1", "'; DROP TABLE csvgate.rows; --", "\\.", "\\N", "\t", "\r\n", '"', "{}"]
    into = target(*labels, table='a"; DROP SCHEMA csvgate; --', shape=shape)
    sink.load(version(1), into, Table(cells=[cells]))
    assert seen(database, into) == [tuple(cells)]
    stored_labels = "SELECT columns FROM csvgate.load_ledger"
    assert one_value(database, stored_labels) == labels


def test_more_columns_than_a_table_can_have_are_kept_as_lists(sink: PostgresSink, database: Database) -> None:
    wide = target(*(f"c{number}" for number in range(1601)))
    load = sink.load(version(1), wide, Table(cells=[["x"] * 1601]))
    assert (load.table, load.rows_loaded, len(seen(database, wide)[0])) == ("csvgate.live_rows", 1, 1601)


def test_rows_that_do_not_fit_on_a_page_are_kept_as_lists(sink: PostgresSink, database: Database) -> None:
    wide = target(*(f"c{number}" for number in range(1500)))
    load = sink.load(version(1), wide, Table(cells=[["x" * 20] * 1500]))
    assert (load.table, load.rows_loaded) == ("csvgate.live_rows", 1)
    assert sink.count(version(1).delivery_id) == 1
    assert sink.undo(version(1).delivery_id) == 1
    assert one_value(database, "SELECT count(*) FROM csvgate.rows") == 0


@pytest.mark.parametrize(
    "into",
    [
        target("id", "id", disposition="merge", keys=("id",)),
        target("id", disposition="merge", keys=("nope",)),
        target("id", disposition="merge"),
        target("id", disposition="merge", keys=("id",), shape="rows"),
    ],
)
def test_rows_without_a_single_key_column_are_not_merged(sink: PostgresSink, into: Target) -> None:
    with pytest.raises(PermanentError, match="rows of sales cannot be merged"):
        sink.load(version(1), into, Table(cells=[["1"] * len(into.columns)]))


def merging(*columns: str) -> Target:
    """Rows of these columns take the place of those with the same id."""
    return target(*columns, disposition="merge", keys=("id",))


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_a_merged_row_takes_the_whole_place_of_another_one_also_where_its_file_has_fewer_columns(
    sink: PostgresSink, database: Database, order: tuple[int, ...]
) -> None:
    """So any order ends the same, and nothing stays of a delivery that is taken out."""
    files = {1: (merging("id", "name"), "1,Ann"), 2: (merging("id", "city"), "1,Bonn")}
    for number in order:
        into, row = files[number]
        sink.load(version(number), into, table(row))
    query = "SELECT concat_ws('|', id, name, city, _delivery) FROM csvgate_data.sales"
    assert one_value(database, query) == f"1|Bonn|{1 + order.index(2)}"


def test_a_column_that_somebody_dropped_does_not_stop_a_merge_without_it(
    sink: PostgresSink, database: Database
) -> None:
    sink.load(version(1), merging("id", "name"), table("1,Ann"))
    with database.transaction() as connection:
        connection.execute("ALTER TABLE csvgate_data.sales DROP COLUMN name")
    assert sink.load(version(2), merging("id"), table("1")).rows_loaded == 1


def test_new_columns_are_added_and_lacking_ones_stay_empty(sink: PostgresSink, database: Database) -> None:
    sink.load(version(1), APPEND, table("1,Ann"))
    sink.load(version(2), target("city", "ID", "id"), table("Bonn,x,2"))
    assert one_value(database, "SELECT string_agg(s::text, ' ') FROM csvgate_data.sales s") == (
        "(1,Ann,1,1,,) (2,,2,1,Bonn,x)"
    )


@pytest.mark.parametrize("disposition", ["append", "replace"])
def test_a_type_that_does_not_fit_the_table_is_refused(sink: PostgresSink, disposition: str) -> None:
    def into(*types: CellType) -> Target:
        return target("id", "name", types=types, disposition=disposition)

    sink.load(version(1), into("number", "string"), table("1.5,Ann"))
    sink.load(version(2), into("integer", "date"), table("2,2024-01-01"))
    with pytest.raises(PermanentError, match="column 'id' of sales holds values of type number, not date"):
        sink.load(version(3), into("date", "string"), table("2024-01-01,Ann"))


def test_a_table_goes_on_as_it_was_made(sink: PostgresSink) -> None:
    sink.load(version(1), APPEND, table("1,Ann"))
    with pytest.raises(PermanentError, match="the table sales was made to append, and is now to replace"):
        sink.load(version(2), replace(APPEND, disposition="replace"), table("1,Ann"))


def test_readers_of_a_replaced_table_see_added_columns(sink: PostgresSink, database: Database) -> None:
    into = target("id", "name", disposition="replace")
    sink.load(version(1), into, table("1,Ann"))
    wider = target("id", "city", "name", disposition="replace")
    sink.load(version(2), wider, table("1,Bonn,Ann"))
    assert seen(database, wider) == [("1", "Ann", "Bonn")]


def test_of_a_replaced_table_no_more_than_two_versions_are_kept(sink: PostgresSink, database: Database) -> None:
    into = target("id", disposition="replace")
    for number in range(1, 6):
        sink.load(version(number), into, table(str(number)))
    assert one_value(database, 'SELECT count(*) FROM csvgate_data."sales$all"') == 2


def test_rows_without_an_entry_in_the_ledger_are_told_with_what_takes_them_out(
    sink: PostgresSink, database: Database
) -> None:
    """Somebody had his hands in it."""
    sink.load(version(1), APPEND, table("1,Ann", "2,Bob"))
    with database.transaction() as connection:
        connection.execute("DELETE FROM csvgate.load_ledger")
    with pytest.raises(PermanentError, match=r"4 rows .* 2 .* load it again: DELETE FROM") as told:
        sink.load(version(1), APPEND, table("1,Ann", "2,Bob"))
    with database.transaction() as connection:
        connection.execute(str(told.value).rpartition(": ")[2].encode())
    assert sink.load(version(1), APPEND, table("1,Ann", "2,Bob")).rows_loaded == 2


def test_heads_move_forward_only(sink: PostgresSink, database: Database) -> None:
    for number in (1, 3, 2):
        sink.load(version(number), APPEND, table("1,Ann"))
    head = "SELECT d.version_id FROM csvgate.heads JOIN csvgate.deliveries d USING (delivery)"
    assert one_value(database, head) == "sales.csv-v3"


def test_everything_that_happened_is_in_the_outbox_once(sink: PostgresSink, database: Database) -> None:
    into = target("id", disposition="replace")
    for number in (2, 2, 1, 1):
        sink.load(version(number), into, table("1"))
    for _ in range(2):
        sink.undo(version(2).delivery_id)
    outcomes = "SELECT array_agg(payload->>'outcome' ORDER BY message) FROM csvgate.outbox"
    assert one_value(database, outcomes) == ["loaded", "superseded", "undone"]


def test_two_tables_whose_names_look_the_same_are_two(sink: PostgresSink) -> None:
    loads: list[Load] = [
        sink.load(version(number), target("id", table=name), table("1"))
        for number, name in enumerate(["Sales 2024", "sales-2024", "x" * 80, "x" * 81])
    ]
    names: Sequence[str] = [load.table.removeprefix("csvgate_data.") for load in loads]
    assert names == ["sales_2024", "sales_2024_2", "x" * 59, "x" * 57 + "_2"]


def test_tables_that_are_made_at_once_get_names_of_their_own(sink: PostgresSink) -> None:
    labels = ["sales", "Sales", "SALES", "sales!", "sales?", "sales "]
    with ThreadPoolExecutor(len(labels)) as pool:
        targets = (target("id", table=label) for label in labels)
        loads = pool.map(lambda into: sink.load(version(1, into.table), into, table("1")), targets)
    assert len({load.table for load in loads}) == len(labels)


def test_another_delimiter_is_heeded(sink: PostgresSink, database: Database) -> None:
    raw = RawCsv(chunks=lambda: iter([b"1;'a;b'\n"]), delimiter=";", quote="'", has_header=False)
    sink.load(version(1), APPEND, RawOnly(cells=[()], stored=raw))
    assert seen(database, APPEND) == [("1", "a;b")]


EVERY_TABLE = """
SELECT schemaname || '.' || quote_ident(tablename) FROM pg_tables
WHERE schemaname LIKE 'csvgate%' AND tablename <> 'targets'
"""


@pytest.mark.parametrize("into", [APPEND, replace(APPEND, shape="rows"), replace(APPEND, disposition="replace")])
def test_of_what_is_forgotten_the_database_has_numbers_and_where_it_was(
    sink: PostgresSink, database: Database, into: Target
) -> None:
    """No value, no name of a column but in its table, no fact of its receipt, no word."""
    sink.load(version(1), into, table("1,Ann"), generation=1)
    sink.load(version(1), into, table("1,Ann"), generation=2)
    assert sink.forget(version(1).delivery_id) == 1
    with database.transaction() as connection:
        tables = [name for (name,) in connection.execute(EVERY_TABLE)]
        held = str([connection.execute(f"TABLE {name}").fetchall() for name in tables])
    assert [word in held for word in ("Ann", "name", "filename", version(1).delivery_id)] == [False, False, False, True]
