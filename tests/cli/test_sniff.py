"""csvgate sniff: the dialect, and the call with which another tool reads the file."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from csvgate.cli.main import csvgate
from tests.core.text.test_unzip import zipped

SAMPLES = Path(__file__).parents[2] / "samples"
REPORT, KUNDEN, SENSORS = (str(SAMPLES / f"{name}.csv") for name in ("report", "kunden", "sensors"))


def test_sniff_names_the_dialect(shell: CliRunner) -> None:
    """In CSVW's names, with its confidence."""
    ran = shell.invoke(csvgate, ["sniff", "--json", KUNDEN])
    found = json.loads(ran.stdout)
    assert (found["dialect"]["delimiter"], found["dialect"]["encoding"]) == (";", "windows-1252")
    assert "semicolon" in shell.invoke(csvgate, ["sniff", KUNDEN]).stdout


def test_sniff_says_what_a_file_is_that_is_no_csv(shell: CliRunner) -> None:
    """With the exit code of a rejected file."""
    ran = shell.invoke(csvgate, ["sniff", "--json", REPORT])
    assert (ran.exit_code, json.loads(ran.stdout)["dialect"]) == (1, None)


@pytest.mark.parametrize(
    ("tool", "said"),
    [("pandas", "pd.read_csv("), ("polars", "pl.read_csv("), ("duckdb", "FROM read_csv("), ("copy", "\\copy ")],
)
def test_the_call_for_a_tool_names_the_file_as_it_was_named(shell: CliRunner, tool: str, said: str) -> None:
    """Ready to be pasted, in the same directory."""
    ran = shell.invoke(csvgate, ["sniff", "--as", tool, str(SAMPLES / "orders.csv")])
    assert ran.exit_code == 0
    assert said in ran.stdout
    assert str(SAMPLES / "orders.csv") in ran.stdout


def test_a_file_that_a_tool_gets_wrong_is_to_be_cleaned_first(shell: CliRunner) -> None:
    """Under the name that csvgate clean gives it."""
    call = json.loads(shell.invoke(csvgate, ["sniff", "--as", "pandas", "--json", SENSORS]).stdout)["call"]
    assert f"# first: csvgate clean {shlex.quote(SENSORS)} -o sensors.clean.csv" in call
    assert '"sensors.clean.csv",' in call


def test_a_call_needs_a_file_that_is_a_csv_and_has_a_name(shell: CliRunner) -> None:
    """What no tool can open gets no call."""
    assert shell.invoke(csvgate, ["sniff", "--as", "pandas", REPORT]).exit_code == 1
    assert shell.invoke(csvgate, ["sniff", "--as", "pandas", "-"], input="a,b\n1,2\n").exit_code == 2


def test_an_archive_of_two_files_is_what_inspect_says_it_is(shell: CliRunner, tmp_path: Path) -> None:
    """Only its end shows it."""
    two = tmp_path / "two.zip"
    two.write_bytes(zipped(("a.csv", b"a,b\n1,2\n"), ("b.csv", b"a,b\n3,4\n")))
    found = json.loads(shell.invoke(csvgate, ["inspect", str(two), "--json"]).stdout)
    ran = shell.invoke(csvgate, ["sniff", str(two), "--json"])
    assert (ran.exit_code, json.loads(ran.stdout)["dialect"]) == (1, None)
    assert json.loads(ran.stdout)["reason"] in found["findings"][0]["message"]
