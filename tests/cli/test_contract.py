"""csvgate contract infer: a file's own contract, on standard output or in a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from csvgate.cli.main import csvgate

DATA = b"id;mail;sum\r\n1;a@b.ch;2,50\r\n2;NA;3,00\r\n"
SCHEMA = {
    "$schema": "https://datapackage.org/profiles/2.1/tableschema.json",
    "fields": [
        {"name": "id", "type": "integer", "constraints": {"required": True}},
        {"name": "mail", "type": "string", "format": "email", "missingValues": ["", "NA"]},
        {"name": "sum", "type": "number", "decimalChar": ",", "constraints": {"required": True}},
    ],
    "primaryKey": ["id"],
}


def test_the_contract_is_printed_as_a_table_schema(shell: CliRunner) -> None:
    ran = shell.invoke(csvgate, ["contract", "infer", "-"], input=DATA)
    assert (ran.exit_code, json.loads(ran.stdout)) == (0, SCHEMA)


def test_it_is_written_where_it_was_asked_for_and_the_file_keeps_it(
    shell: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_bytes(DATA)
    ran = shell.invoke(csvgate, ["contract", "infer", "a.csv", "-o", "a.json"])
    assert ran.stdout == "written\t3 fields to a.json\nprimaryKey\tid\n"
    assert json.loads(Path("a.json").read_text()) == SCHEMA
    assert shell.invoke(csvgate, ["check", "a.csv", "--contract", "a.json"]).exit_code == 0


def test_what_is_no_csv_has_no_contract(shell: CliRunner) -> None:
    ran = shell.invoke(csvgate, ["contract", "infer", "-"], input=b"<html></html>")
    assert (ran.exit_code, ran.stdout) == (1, "")


def test_inspect_rejects_a_file_that_breaks_a_contract_and_says_why(
    shell: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The receipt has what the inspection found and what the contract says."""
    monkeypatch.chdir(tmp_path)
    Path("c.json").write_text(json.dumps(SCHEMA))
    ran = shell.invoke(csvgate, ["inspect", "-", "--contract", "c.json", "--json"], input=DATA + b"2;x;1,00\r\n")
    receipt = json.loads(ran.stdout)
    assert (ran.exit_code, receipt["verdict"], receipt["reason"]) == (1, "rejected", "1 of 3 rows break the contract")
    assert [found["code"] for found in receipt["findings"]] == ["primary-key", "type-error"]
    ran = shell.invoke(csvgate, ["inspect", "-", "--contract", "c.json", "--json"], input=DATA)
    assert (ran.exit_code, json.loads(ran.stdout)["verdict"]) == (0, "ok")


def test_the_file_itself_is_never_overwritten(
    shell: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_bytes(DATA)
    assert shell.invoke(csvgate, ["contract", "infer", "a.csv", "-o", "./a.csv"]).exit_code == 2
    assert Path("a.csv").read_bytes() == DATA


def test_a_file_that_is_odd_makes_an_odd_contract_which_is_said(shell: CliRunner) -> None:
    ran = shell.invoke(csvgate, ["contract", "infer", "-"], input=b"id,name\n1,Ann\n2\n")
    assert "it has missing-cell" in ran.stderr
    assert shell.invoke(csvgate, ["contract", "infer", "-"], input=b"id,name\n1,Ann\n").stderr == ""
