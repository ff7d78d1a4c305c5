"""Names of columns: whatever a file calls them, Athena takes them without quotes, and no two are the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.memory import MemoryObjectStore
from csvgate.parquet.names import LONGEST, TAKEN, safe_names
from tests.parquet import reading
from tests.parquet.shelf import APPEND, BUCKET, listed, sink
from tests.ports.contents import table, version


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["ID", "Last Name", "Größe (cm)"], ("id", "last_name", "grosse_cm")),
        (["id", "ID", "id"], ("id", "id_2", "id_3")),
        (["id", "id", "id_2"], ("id", "id_2", "id_2_2")),
        (["", "  ", "名前"], ("column_1", "column_2", "column_3")),
        (["order", "DATE", "feed", "row_no"], ("order_2", "date_2", "feed_2", "row_no_2")),
        (["2024", "_x_"], ("n2024", "x")),
        (['x"; DROP TABLE part; --'], ("x_drop_table_part",)),
    ],
)
def test_labels_become_names(labels: list[str], names: tuple[str, ...]) -> None:
    assert safe_names(labels) == names


def test_names_that_are_in_use_are_not_given_again() -> None:
    assert safe_names(["id", "name"], ["id", "name_2"]) == ("id_2", "name")


@given(st.lists(st.text(max_size=300), max_size=30))
def test_any_labels_become_names_that_differ_and_fit(labels: list[str]) -> None:
    names = safe_names(labels)
    assert len(set(names)) == len(names) == len(labels)
    assert TAKEN.isdisjoint(names)
    assert all(re.fullmatch(f"[a-z][a-z0-9_]{{0,{LONGEST - 1}}}", name) for name in names)


def test_athena_finds_the_lists_by_a_partition_whose_name_no_column_has() -> None:
    """Where a template is not given, Athena looks below the location for `<partition>=<value>/`."""
    objects, ddl = MemoryObjectStore(), reading.sql("sales", "athena")
    sink(objects).load(version(1), APPEND, table("1,Ann"))
    (partition,) = re.findall(r"PARTITIONED BY \(`(\w+)` string\)", ddl)
    (location,) = re.findall("LOCATION 's3://csvgate-results/(.+)'", ddl)
    (live,) = listed(objects, "live/")
    assert re.fullmatch(rf"s3://{BUCKET}/{location}{partition}=2026-03-01/[0-9a-f]+", live)
    assert set(re.findall(r"projection\.(\w+)\.", ddl)) == {partition}
    assert partition in TAKEN
