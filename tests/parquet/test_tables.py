"""Whatever is in the cells, the types of a table's columns hold it, and it is read back as it is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from tempfile import NamedTemporaryFile
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.load import CellType
from csvgate.memory import MemoryObjectStore
from csvgate.parquet.sink import ParquetSink
from csvgate.parquet.writing import parts
from tests.parquet import reading
from tests.parquet.shelf import APPEND, BUCKET, listed, sink
from tests.ports.contents import Table, table, target, version

EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


def stored(cells: list[str | None], kind: CellType) -> list[tuple[str | None, str, Any]]:
    """What was given, the type of its column, and what DuckDB reads there."""
    objects = MemoryObjectStore()
    into = target("it", types=[kind])
    ParquetSink(objects, BUCKET, parts).load(version(1), into, Table(cells=[[cell] for cell in cells]))
    (file,) = listed(objects, "data/")
    with NamedTemporaryFile(suffix=".parquet") as local, duckdb.connect(config={"threads": 1}) as database:
        local.write(objects.read(file) or b"")
        local.flush()
        own = database.read_parquet(local.name).order("row_no")
        (held,) = own.project("it").types
        read = own.project("epoch_us(it)" if "ZONE" in str(held) else "it").fetchall()
    return [(cell, str(held), value) for cell, (value,) in zip(cells, read, strict=True)]


@given(st.lists(st.none() | st.text(max_size=20), min_size=1, max_size=30))
def test_any_texts_are_read_back_as_they_are(cells: list[str | None]) -> None:
    assert all(read == cell for cell, _, read in stored(cells, "string"))


NUMBERS = st.one_of(
    st.integers(-(10**45), 10**45).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.decimals(allow_nan=False, allow_infinity=False, places=20).map(lambda number: format(number, "f")),
    st.sampled_from([".5", "5.", "+1.50", "-0", "1E300", "1e-400", "0.1", "12345678901234567.89"]),
)


@given(st.lists(st.none() | NUMBERS, min_size=1, max_size=8))
def test_a_number_is_the_same_number_whatever_holds_it(cells: list[str | None]) -> None:
    for cell, kind, read in stored(cells, "number"):
        if cell is None or read is None or kind == "VARCHAR":
            assert read == cell
        else:
            assert Decimal(repr(read) if kind == "DOUBLE" else read) == Decimal(cell)


@pytest.mark.parametrize("kind", ["integer", "big-integer"])
@given(st.lists(st.none() | st.integers(-(10**40), 10**40).map(str), min_size=1, max_size=8))
def test_an_integer_is_the_same_whatever_holds_it(kind: CellType, cells: list[str | None]) -> None:
    for cell, _, read in stored(cells, kind):
        assert read == cell if cell is None or isinstance(read, str) else int(read) == int(cell)


MOMENTS = st.builds(
    lambda moment, finer: moment.isoformat() + (f".{moment.microsecond:06}{finer}" if finer else ""),
    st.datetimes(min_value=datetime(1, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),  # noqa: DTZ001
    st.sampled_from(["", "000", "120", "001"]),
)


@given(st.lists(st.none() | MOMENTS, min_size=1, max_size=8))
def test_moments_are_not_cut(cells: list[str | None]) -> None:
    for cell, kind, read in stored(cells, "datetime"):
        assert read == cell if cell is None or kind == "VARCHAR" else read == datetime.fromisoformat(cell)


@given(st.lists(st.builds(str.__add__, MOMENTS, st.sampled_from(["Z", "+02:00", "-0330", "+14"])), min_size=1))
def test_a_moment_with_a_zone_is_the_same_moment(cells: list[str]) -> None:
    for cell, kind, read in stored(list(cells), "zoned-datetime"):
        if kind == "VARCHAR":
            assert read == cell
        else:
            assert read == (datetime.fromisoformat(cell or "") - EPOCH) // MICROSECOND


@pytest.mark.parametrize(
    ("kind", "cells", "held"),
    [
        ("integer", ["1", None, "-2"], "BIGINT"),
        ("integer", ["9223372036854775808"], "DECIMAL(38,0)"),
        ("big-integer", ["1" * 39], "VARCHAR"),
        ("number", ["0.1", "1e300"], "DOUBLE"),
        ("number", ["12345678901234567.89"], "DECIMAL(38,18)"),
        ("number", ["12345678901234567.89", "1e300"], "VARCHAR"),
        ("boolean", ["true", "false", None], "BOOLEAN"),
        ("date", ["2024-02-29", None], "DATE"),
        ("time", ["23:59:59.123456789"], "VARCHAR"),
        ("datetime", ["2024-02-29T10:00", "2024-02-29 10:00:01.5"], "TIMESTAMP"),
        ("datetime", ["2024-02-29T10:00:00.1234567"], "VARCHAR"),
        ("zoned-datetime", ["2024-02-29T10:00+02:00"], "TIMESTAMP WITH TIME ZONE"),
        ("any", [None, "x"], "VARCHAR"),
    ],
)
def test_a_column_is_what_holds_all_of_its_values(kind: CellType, cells: list[str | None], held: str) -> None:
    assert {found for _, found, _ in stored(cells, kind)} == {held}


def test_a_column_without_values_is_in_no_file_before_the_first_come() -> None:
    objects, types = MemoryObjectStore(), list[str]()
    kinds: list[CellType] = ["any", "number", "any"]
    for number, kind in enumerate(kinds, start=1):
        into = target("id", "late", types=["string", kind])
        sink(objects).load(version(number), into, table(f"{number},{'1.5' if kind == 'number' else ''}"))
        document = json.loads(objects.read(f"s3://{BUCKET}/parquet/tables/sales.json") or b"")
        types.append(document["columns"][1]["type"])
    assert types == ["NULL", "DOUBLE", "DOUBLE"]
    assert set(reading.rows(objects, BUCKET, "sales", "id, late")) == {("1", None), ("2", 1.5), ("3", None)}


def test_empty_text_is_no_missing_value() -> None:
    objects = MemoryObjectStore()
    for into in (APPEND, replace(APPEND, shape="rows", table="lists")):
        sink(objects).load(version(1, into.table), into, Table(cells=[["", None], ["\0", "a\0b"]]))
        assert reading.seen(objects, BUCKET, into) == [("", None), ("\0", "a\0b")]
