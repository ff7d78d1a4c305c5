"""Who counts the rows of the proof sees each kind of harm, and knows neither of the two pipelines."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from benchmarks.proof import count, usual
from csvgate.local.postgres import Postgres
from tests.postgres.provision import make_database

FILES = {"1": 'id,a,b,c,d,e\nx1,Ada,2026-01-02,3,4.50,"two\nlines"\n', "2": "id,a,b,c,d,e\nx2,,2026-01-03,5,6.00,\n"}
SQL = {
    "nothing": "",
    "rows_missing": "DELETE FROM orders WHERE order_id = 'x1'",
    "rows_again": "INSERT INTO orders SELECT * FROM orders WHERE order_id = 'x2'",
    "rows_wrong": "INSERT INTO orders SELECT file_name, 'x3' FROM files",
    "stale": "UPDATE files SET version_id = '1'",
}

Count = Callable[[str], dict[str, Any]]


@pytest.fixture
def harmed(tmp_path: Path, postgres: Postgres) -> Count:
    """What is counted after something was done to the tables of the usual pipeline, in which all was right."""
    (tmp_path / "files").mkdir()
    for name, text in FILES.items():
        (tmp_path / "files" / name).write_text(text)
    uploads = [{"file": name, "key": "a", "version_id": name, "sequencer": name} for name in FILES]
    (tmp_path / "uploads.json").write_text(json.dumps(uploads))

    def do(statement: str) -> dict[str, Any]:
        database_url = make_database(postgres)
        with psycopg.connect(database_url) as connection:
            connection.execute(usual.TABLES)
            connection.execute("INSERT INTO orders VALUES ('a', 'x1', 'Ada', '2026-01-02', 3, '4.50', E'two\\nlines')")
            connection.execute("INSERT INTO orders VALUES ('a', 'x2', NULL, '2026-01-03', 5, '6.00', NULL)")
            connection.execute("INSERT INTO files VALUES ('a', '2', '2026-01-01', 2)")
            connection.execute(statement.encode())
        return count.counted(tmp_path, "usual", database_url)

    return do


@pytest.mark.parametrize("harm", SQL)
def test_each_harm_is_seen_and_no_other(harmed: Count, harm: str) -> None:
    found = harmed(SQL[harm])
    assert found["rows_right"] == 2
    assert [name for name in SQL if found.get(name)] == [harm] * (harm != "nothing")


def test_a_changed_cell_is_a_row_that_stands_in_no_file(harmed: Count) -> None:
    found = harmed("UPDATE orders SET amount = 4.51 WHERE order_id = 'x1'")
    assert (found["rows_missing"], found["rows_again"], found["rows_wrong"]) == (1, 0, 1)


def test_who_counts_imports_neither_of_the_pipelines() -> None:
    imports = [line for line in Path(count.__file__).read_text().splitlines() if "import " in line]
    assert imports
    assert not any("csvgate" in line or "benchmarks" in line for line in imports)
