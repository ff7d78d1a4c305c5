"""The call that is printed reads the file as it is meant: it is run, and every value is compared."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from csvgate.core.calls import TOOLS, call_of
from csvgate.core.calls.call import Tool
from csvgate.core.dialect import Dialect
from csvgate.core.inspection import inspect
from tests.core.calls.readers import RUN, as_meant, as_read, same
from tests.strategies import dialects, tables, whole, write

GOLDEN = sorted((Path(__file__).parents[2] / "golden").glob("*.csv"))
READABLE = [path for path in GOLDEN if inspect(whole(path.read_bytes())).verdict != "rejected"]
# A column of every type in every notation, with words for missing values where they are missing and where they are not.
NOTATIONS = {
    "integer": ["1", "+2", "-3", "NA"],
    "code": ["007", "NA", "", "-"],
    "number": ["1.5", ".5", "1e5", "NaN"],
    "german": ["1.234,50", "-2.000,25", "3,5", "n/a"],
    "english": ["1,234.50", "2,000.25", "-12,345,678.9", ""],
    "swiss": ["1'234.5", "2'000.25", "7", ""],
    "french": ["1\u202f234,5", "2\u202f000,25", "7,5", ""],
    "yes": ["yes", "NO", "Yes", "null"],
    "true": ["true", "False", "TRUE", "false"],
    "iso": ["2024-01-31", "2024-02-29", "0001-01-01", "9999-12-31"],
    "day_first": ["1.2.2024", "31.12.1999", "", "NA"],
    "month_first": ["1/2/2024", "12/31/1999", "1/1/2001", "2/13/2020"],
    "moment": ["2024-01-31T10:00", "2024-01-31 10:00:01.5", "", "2024-01-31 10:00:01.123456"],
    "zoned": ["2024-01-31T10:00Z", "2024-01-31 10:00:01+02", "2024-01-31 10:00:01-0330", "NULL"],
    "apart": ["2024-01-31 10:00 UTC", "2024-01-31T10:00:01.5 +0200", "2024-01-31 10:00:01 -03", "2024-01-31 10:00 Z"],
    "greenwich": ["2024-01-31T10:00 GMT", "2024-01-31 10:00+01", "2024-01-31T10:00:01 +01:00", "NULL"],
    "nanoseconds": ["2024-01-31T10:00:00.123456789", "2024-01-31 10:00:01", "", ""],
    "zoned_nanoseconds": ["2024-01-31T10:00:00.123456789Z", "2024-01-31 10:00:01+02", "", ""],
    "local": ["31.1.2024 9:05", "01.02.2024 23:59", "", ""],
    "local_seconds": ["31.1.2024 9:05:01.5", "01.02.2024 23:59:00.123", "", ""],
    "time": ["10:30", "10:30:01", "10:30:01.5", "NA"],
    "month_name": ["01-Jan-2024", "5-FEB-2024", "", "31-may-1999"],
    "month_in_full": ["May 5, 2024", "January 31, 1999", "NA", "february 1, 2000"],
    "month_between": ["5 May 2024", "31 Jan 1999", "1 Sep 2000", ""],
    "american": ["1/31/2024 3:04 PM", "12/1/2024 12:00 AM", "1/2/2024 12:59 pm", ""],
    "half_a_day": ["3:04 PM", "12:00 am", "11:59 AM", ""],
    "half_with_seconds": ["3:04:05 PM", "12:00:00 AM", "", "NA"],
    "nothing": ["", "", "", ""],
    "Id": ["a", "b", "c", "d"],
    "id": ["a", 'b "c"', "d,e", "f\ng"],
    "": ["a", "b", "c", "d"],
    'na"me': ["a", "b", "c", "d"],
}


@pytest.fixture(autouse=True)
def _somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The calls name a file of the directory in which they are run."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("tool", RUN)
@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.stem)
def test_a_nasty_file_is_read_as_it_is_meant(tool: Tool, path: Path) -> None:
    """As it is, or cleaned first where the call says so."""
    assert same(as_read(tool, path.read_bytes())[1], as_meant(path.read_bytes()))


@pytest.mark.parametrize("tool", RUN)
def test_every_notation_is_read_as_it_is_meant(tool: Tool) -> None:
    """Types, missing values and names that no two columns share."""
    table = [list(NOTATIONS), *map(list, zip(*NOTATIONS.values(), strict=True))]
    data = write(table, Dialect())
    names, values = as_read(tool, data)
    assert names == [*list(NOTATIONS)[:-3], "id_2", "column_31", 'na"me']
    assert "csvgate clean" not in call_of(tool, inspect(whole(data)), "x.csv", clean_as="y.csv")
    assert same(values, as_meant(data))


@pytest.mark.parametrize("tool", RUN)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables(), dialects)
def test_any_table_in_any_dialect_is_read_as_it_is_meant(tool: Tool, table: list[list[str]], dialect: Dialect) -> None:
    """Whoever wrote it."""
    data = write(table, dialect)
    assert same(as_read(tool, data)[1], as_meant(data))


@pytest.mark.parametrize("tool", TOOLS)
def test_what_a_tool_cannot_read_is_said_and_what_to_do(tool: Tool) -> None:
    """The call is then for the file that `csvgate clean` writes."""
    call = call_of(tool, inspect(whole(b"a;b\n1;2\n3\n")), "in.csv", clean_as="in.clean.csv")
    first, second, *rest = call.splitlines()
    assert "cannot read this file rightly: line 3 has 1 cell, the header has 2" in first
    assert second.endswith("first: csvgate clean in.csv -o in.clean.csv")
    assert "in.clean.csv" in "".join(rest)
    assert ";'" not in "".join(rest)


def test_several_reasons_are_a_list_under_one_heading() -> None:
    """Said once, and each on a line of its own."""
    call = call_of("polars", inspect(whole(b"a,b\n1,2\n\n3\n4,5,6\n")), "in.csv", clean_as="in.clean.csv")
    assert call.splitlines()[:5] == [
        "# polars cannot read this file rightly:",
        "# - line 5 has 3 cells, the header has 2",
        "# - line 4 has 1 cell, the header has 2",
        "# - polars takes blank lines for records",
        "# first: csvgate clean in.csv -o in.clean.csv",
    ]


@pytest.mark.parametrize(("tool", "is_right"), [("pandas", True), ("duckdb", True), ("polars", False), ("copy", False)])
def test_quotes_within_cells_are_in_the_way_of_some(tool: Tool, *, is_right: bool) -> None:
    """`3" pipe` is read as it is by pandas and DuckDB; whoever opens a cell there cleans first."""
    data = b'id,item,n\nA,Pipe 3" brass,1\nB,3"" and 4",2\nC,"Cap, red",3\n'
    assert ("csvgate clean" in call_of(tool, inspect(whole(data)), "x.csv", clean_as="y.csv")) is not is_right
    if tool in RUN:
        assert same(as_read(tool, data)[1], as_meant(data))


@pytest.mark.parametrize("record", [b'A,"Pipe" 3,1', b'A,"Cap, red",3" pipe', b"A," + b"x" * 80 + b'",1'])
def test_quotes_that_may_open_a_cell_are_in_the_way_of_all(record: bytes) -> None:
    """As may those in a record of which not all is known."""
    found = inspect(whole(b"id,item,n\n" + record + b'\nC,"Cap, red",3\n'))
    assert all("csvgate clean" in call_of(tool, found, "x.csv", clean_as="y.csv") for tool in TOOLS)


def test_polars_gets_other_encodings_as_utf_8() -> None:
    """Every carriage return stays where it is, also within values; only what is packed as well is cleaned first."""
    data = 'ort;text\r\nKöln;"a\r\nb"\r\nGöttingen;"c\rd"\r\n'.encode("windows-1252")
    call = call_of("polars", inspect(whole(data)), "x.csv", clean_as="y.csv")
    assert 'Path("x.csv").read_bytes().decode("windows-1252").encode()' in call
    assert as_read("polars", data)[1] == [["Köln", "a\r\nb"], ["Göttingen", "c\rd"]]
    assert "csvgate clean" in call_of("polars", inspect(whole(gzip.compress(data))), "x.csv.gz", clean_as="y.csv")


@pytest.mark.parametrize("tool", TOOLS)
def test_a_hostile_name_breaks_out_of_no_string(tool: Tool) -> None:
    """Neither of the file nor of a column."""
    name = "x'\"; DROP TABLE t; --\\"
    found = inspect(whole(write([[name, "b"], ["1", "2"]], Dialect())))
    call = call_of(tool, found, f"{name}.csv", clean_as="x.csv")
    quoted = {"'" + name.replace("'", "''"), '"' + name.replace('"', '""') + '"', repr(name)[:-1]}
    assert any(text in call for text in quoted)
