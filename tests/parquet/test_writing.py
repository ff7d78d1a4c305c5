"""What is written depends on the rows alone, is what Athena reads, and takes no more memory for longer files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from csvgate.load import Target
from csvgate.parquet.layout import Layout
from csvgate.parquet.tables import plan
from csvgate.parquet.writing import parts
from tests.ports.contents import target

INTO = target(
    "id", "paid", "sold", "on", "at", "there", "name",
    types=["integer", "number", "boolean", "date", "datetime", "zoned-datetime", "string"],
)  # fmt: skip
ROW = ("1", "10.5", "true", "2026-03-01", "2026-03-01T12:00:00", "2026-03-01T12:00:00+02:00", "Ann")
AGAIN = "from tests.parquet.test_writing import *; import hashlib; print(hashlib.sha256(written(INTO)).hexdigest())"


def written(into: Target) -> bytes:
    """One file of many rows."""
    planned = plan(None, into)
    layout = Layout(columns=planned.own, is_list=into.shape == "rows", delivery_id="ab" * 32)
    (body,) = parts(((number, ROW) for number in range(1, 5_001)), layout)
    return body


def test_the_same_rows_are_the_same_bytes_in_every_process() -> None:
    """So whoever writes a file again writes what is there."""
    told = {
        subprocess.run([sys.executable, "-c", AGAIN], check=True, capture_output=True, text=True).stdout for _ in "ab"
    }
    assert len(told) == 1


def test_columns_have_the_types_of_the_format_that_athena_reads(tmp_path: Path) -> None:
    file = tmp_path / "one.parquet"
    file.write_bytes(written(INTO))
    with duckdb.connect(config={"threads": 1}) as database:
        query = "SELECT name, type, converted_type, logical_type FROM parquet_schema(?) OFFSET 1"
        found = {name: kinds for name, *kinds in database.execute(query, [str(file)]).fetchall()}
        (codec,) = database.execute("SELECT DISTINCT compression FROM parquet_metadata(?)", [str(file)]).fetchall()
    assert [found[name][0] for name in ("id", "paid", "sold", "on_2", "at", "there", "name")] == [
        "INT64", "DOUBLE", "BOOLEAN", "INT32", "INT64", "INT64", "BYTE_ARRAY",
    ]  # fmt: skip
    assert "isAdjustedToUTC=0" in found["at"][2]
    assert "isAdjustedToUTC=1" in found["there"][2]
    assert (found["on_2"][1], found["name"][1], codec) == ("DATE", "UTF8", ("ZSTD",))


def peak(rows: int, cells: int, length: int) -> int:
    """The most memory that a load of so many rows took, in MB, in a process of its own."""
    command = [sys.executable, "-m", "tests.parquet.one_load", *map(str, (rows, cells, length))]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


@pytest.mark.long
@pytest.mark.parametrize(
    ("rows", "cells", "length"), [(300_000, 15, 12), (3_000, 1_600, 8), (20, 2, 4_000_000)], ids=["long", "wide", "big"]
)
def test_memory_is_that_of_one_file_however_many_there_are(rows: int, cells: int, length: int) -> None:
    # What DuckDB takes for the same differs by a fifth from run to run: the most that one file takes is the measure,
    # and what grew with their number would be above it each time.
    once = max(peak(rows, cells, length) for _ in range(3))
    assert min(peak(4 * rows, cells, length) for _ in range(3)) < once * 1.15 + 16 < 512
