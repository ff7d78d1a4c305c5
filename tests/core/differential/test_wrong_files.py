"""On files that DuckDB's parallel reader refuses or miscounts, csvgate counts every record, column and byte."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from csvgate.core.calls import call_of
from csvgate.core.inspection import inspect
from tests.core.differential.wrong_files import HEADER, WrongFile, q, r, r2, s

SMALL = {"Q": q(2_000), "R": r(3, 40_000), "R2": r2(3, 30_000), "S": s(30_000)}
FULL = {"Q": q(60_000), "R": r(60, 80_000), "R2": r2(60, 60_000), "S": s(300_000)}
CASES = [pytest.param(file, id=f"{name}-small") for name, file in SMALL.items()]
CASES += [pytest.param(file, id=f"{name}-full", marks=pytest.mark.long) for name, file in FULL.items()]


@pytest.mark.parametrize("file", CASES)
def test_records_columns_and_bytes_are_exact(file: WrongFile) -> None:
    found, size = inspect(file.pieces), sum(map(len, file.pieces()))
    numbers, texts = found.columns
    assert (found.row_count, found.column_names, found.reads) == (file.records, ("a", "b"), 1)
    assert (found.bytes.total, found.bytes.header, found.bytes.records) == (size, len(HEADER), size - len(HEADER))
    assert (numbers.type, numbers.min, numbers.max) == ("integer", "0", str(file.records - 1))
    assert numbers.mean == (file.records - 1) / 2
    assert (texts.type, texts.null_count, texts.max_length) == ("string", 0, file.longest())


@pytest.mark.parametrize("file", CASES)
def test_such_a_file_is_fine_and_at_most_noted(file: WrongFile) -> None:
    """Lines in quotes that look like records are said; where most texts have them, they are meant."""
    found = inspect(file.pieces)
    assert found.verdict == "ok"
    assert {finding.code for finding in found.findings} <= {"swallowed-lines"}


@pytest.mark.long
def test_duckdb_is_still_wrong_unless_it_is_told_not_to_read_in_parallel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where this fails, DuckDB has become better, and the calls that csvgate prints may become faster."""
    monkeypatch.chdir(tmp_path)
    with Path("q.csv").open("wb") as file:
        file.writelines(FULL["Q"].pieces())
    duckdb = import_module("duckdb")
    told = {"sep": ",", "quotechar": '"', "escapechar": '"', "header": True, "all_varchar": True}
    figures = "count(a), max(strlen(b))"
    with pytest.raises(duckdb.InvalidInputException, match="nterminated quote"):
        duckdb.connect().read_csv("q.csv", **told).aggregate(figures).fetchall()
    call = call_of("duckdb", inspect(FULL["Q"].pieces), "q.csv", clean_as="clean.csv")
    assert duckdb.connect().sql(call).aggregate(figures).fetchall() == [(60_000, FULL["Q"].longest())]
