"""Rows are counted by what a file says of itself, and what is no such file is not counted as empty."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from csvgate.errors import PermanentError
from csvgate.parquet.footer import TAIL, length_of, row_count


@pytest.mark.parametrize("rows", [0, 1, 300_000])
@pytest.mark.parametrize("columns", [1, 300])
def test_the_count_is_that_of_the_writer(tmp_path: Path, rows: int, columns: int) -> None:
    file = tmp_path / "rows.parquet"
    some = rows if columns == 1 else min(rows, 1_000)
    wanted = ", ".join(f"range AS c{number}, [range::VARCHAR] AS l{number}" for number in range(columns))
    with duckdb.connect(config={"threads": 1}) as database:
        database.execute(f"COPY (SELECT {wanted} FROM range({some})) TO '{file}' (FORMAT parquet)")  # noqa: S608  ours
    body = file.read_bytes()
    assert row_count(body) == some
    assert row_count(body[-length_of(body[-TAIL:]) :]) == some


def test_the_count_is_that_of_another_writer(tmp_path: Path) -> None:
    """The format is the standard's, not that of one library."""
    file = tmp_path / "rows.parquet"
    pl.DataFrame({"a": [1, 2, 3], "b": ["x", None, ""], "c": [True, False, None]}).write_parquet(file)
    assert row_count(file.read_bytes()) == 3


@pytest.mark.parametrize("body", [b"", b"PAR1", b"<Error>not here</Error>"])
def test_what_is_no_parquet_file_has_no_count(body: bytes) -> None:
    with pytest.raises(PermanentError, match="does not end as a Parquet file does"):
        row_count(body)
