"""A table has the types of the first values that come, labels that can be stored, and all the rows that it tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from csvgate.errors import PermanentError
from csvgate.load import CellType, Disposition, Target
from csvgate.postgres.connection import Database
from csvgate.postgres.migration import migrate
from csvgate.postgres.sink import PostgresSink
from tests.ports.contents import Table, as_stored, table, target, version
from tests.postgres.provision import seen

WIDE = ["x" * 20] * 1500
LATE = target("id", "at", types=["integer", "any"])


@pytest.fixture
def sink(database: Database) -> PostgresSink:
    """An empty sink."""
    migrate(database)
    return PostgresSink(database)


def run(database: Database, *statements: str) -> list[tuple[object, ...]]:
    """What the last of the statements gave, if it gave anything."""
    with database.transaction() as connection:
        *_, last = [connection.execute(statement.encode()) for statement in statements]
        return last.fetchall() if last.description else []


def types(database: Database) -> list[object]:
    """The types of the columns that files have, in the table."""
    query = (
        "SELECT data_type FROM information_schema.columns WHERE table_name = 'sales' AND column_name IN ('id', 'at')"
    )
    return [kind for (kind,) in run(database, f"{query} ORDER BY column_name DESC")]


@pytest.mark.parametrize("disposition", ["append", "replace", "merge"])
def test_a_column_without_values_gets_the_type_of_the_first_that_come(
    sink: PostgresSink, database: Database, disposition: Disposition
) -> None:
    late = replace(LATE, disposition=disposition, keys=("id",) if disposition == "merge" else ())
    zoned = replace(late, columns=target("id", "at", types=["integer", "zoned-datetime"]).columns)
    sink.load(version(1), late, table("1,"))
    sink.load(version(2), zoned, table("2,2026-01-01T00:00:00Z"))
    assert types(database) == ["bigint", "timestamp with time zone"]
    assert seen(database, late)[-1] == ("2", "2026-01-01 00:00:00+00")
    sink.load(version(3), late, Table(cells=[["3", None]], stored=as_stored([["3", ""]])))
    assert seen(database, late)[-1] == ("3", None)
    naive = target("id", "at", types=["integer", "datetime"], disposition=disposition, keys=late.keys)
    with pytest.raises(PermanentError, match="holds values of type zoned-datetime, not datetime"):
        sink.load(version(4), naive, table("4,x"))


def test_who_may_read_a_view_may_read_it_after_a_column_got_its_type(sink: PostgresSink, database: Database) -> None:
    late = replace(LATE, disposition="replace")
    sink.load(version(1), late, table("1,"))
    run(database, "GRANT SELECT ON csvgate_data.sales TO PUBLIC", 'CREATE ROLE "Some One"')
    run(database, 'GRANT SELECT, INSERT ON csvgate_data.sales TO "Some One"')
    rights = "SELECT relacl::text[] FROM pg_class WHERE oid = 'csvgate_data.sales'::regclass"
    before = run(database, rights)
    sink.load(version(2), target("id", "at", types=["integer", "date"], disposition="replace"), table("2,2026-01-01"))
    assert (types(database), run(database, rights)) == (["bigint", "date"], before)


def test_a_column_on_which_something_depends_that_is_not_ours_stays_text(
    sink: PostgresSink, database: Database
) -> None:
    sink.load(version(1), LATE, table("1,"))
    run(database, "CREATE VIEW theirs AS SELECT at FROM csvgate_data.sales")
    kinds: list[CellType] = ["date", "integer"]
    for number, kind in enumerate(kinds, start=2):
        sink.load(version(number), target("id", "at", types=["integer", kind]), table(f"{number},2026-01-01"))
    assert (types(database), len(seen(database, LATE))) == (["bigint", "text"], 3)


@pytest.mark.parametrize("shape", ["typed", "rows"])
def test_a_label_that_cannot_be_stored_is_kept_as_an_escape(sink: PostgresSink, database: Database, shape: str) -> None:
    into = target("id", "a\0b", "a\ud800b", shape=shape)
    for number in (1, 2):
        sink.load(version(number), into, table("1,2,3"))
    assert seen(database, into) == [("1", "2", "3")] * 2
    assert run(database, "SELECT DISTINCT columns::text FROM csvgate.load_ledger") == [
        (r'["id", "a\\u0000b", "a\\ud800b"]',)
    ]


@pytest.mark.parametrize("disposition", ["replace", "merge"])
def test_a_row_that_fits_on_no_page_is_refused_where_readers_would_miss_it(
    sink: PostgresSink, database: Database, disposition: Disposition
) -> None:
    names = [f"c{number}" for number in range(1500)]
    into = target(*names, disposition=disposition, keys=("c0",) if disposition == "merge" else ())
    sink.load(version(1), into, Table(cells=[["x"] * 1500]))
    with pytest.raises(PermanentError, match="too wide for a page"):
        sink.load(version(2), into, Table(cells=[WIDE]))
    assert (len(seen(database, into)), sink.generation(version(2).delivery_id)) == (1, 0)


@pytest.mark.parametrize(
    "into", [target(*map(str, range(1601)), disposition="replace"), target("id", shape="rows", disposition="replace")]
)
def test_a_replacement_that_has_no_place_in_its_table_is_refused(
    sink: PostgresSink, database: Database, into: Target
) -> None:
    first = target("id", disposition="replace")
    sink.load(version(1), first, table("1"))
    with pytest.raises(PermanentError, match="this file has no place there"):
        sink.load(version(2), into, Table(cells=[["1"] * len(into.columns)]))
    assert seen(database, first) == [("1",)]


def test_a_merged_row_that_the_database_does_not_keep_is_missed(sink: PostgresSink, database: Database) -> None:
    """Keys are counted on both sides, not rows that find some row of their key."""
    into = target("id", "name", disposition="merge", keys=("id",))
    sink.load(version(1), into, table("1,Ann"))
    run(
        database,
        "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TRIGGER lose BEFORE INSERT ON csvgate_data.sales FOR EACH ROW WHEN (new.id = '3')"
        " EXECUTE FUNCTION lose()",
    )
    with pytest.raises(PermanentError, match="1 rows are in the sink with the 2 keys that were to be merged"):
        sink.load(version(2), into, table("2,Bob", "3,Joe"))


@pytest.mark.parametrize(
    ("change", "is_kept"), [("numeric(10,2)", False), ("real", False), ("text", True), ("numeric", True)]
)
def test_a_column_that_was_altered_takes_only_what_it_does_not_change(
    sink: PostgresSink, database: Database, change: str, *, is_kept: bool
) -> None:
    into = target("id", "name", types=["integer", "string"])
    sink.load(version(1), into, table("1,Ann"))
    run(database, f"ALTER TABLE csvgate_data.sales ALTER COLUMN id TYPE {change}")
    if is_kept:
        sink.load(version(2), into, table("2,Bob"))
    else:
        with pytest.raises(PermanentError, match="'id' of sales was made for values of type integer, and is"):
            sink.load(version(2), into, table("2,Bob"))
    assert len(seen(database, into)) == 1 + is_kept
