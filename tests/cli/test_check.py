"""csvgate check: whether a file keeps a contract, what the sender is told, and where bad rows go."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from csvgate.cli.check import Rejects, facts, judged, sentence
from csvgate.cli.checkpage import check_page
from csvgate.cli.main import csvgate
from csvgate.cli.sources import opened
from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.schema import Field, Schema
from csvgate.core.inspection import inspect

SCHEMA = Schema(fields=(Field(name="id", type="integer"), Field(name="name", type="string")), primary_key=("id",))
GOOD, BAD = b"id,name\n1,Anna\n2,Bob\n", b"id,name\n1,Anna\nx,Bob\n1,=Carl\n"
REASONS = "csvgate_line,csvgate_code,csvgate_column,csvgate_reason,id,name\n"


@pytest.fixture(autouse=True)
def contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A contract in the directory of the command, with a file that keeps it and one that does not."""
    monkeypatch.chdir(tmp_path)
    Path("c.json").write_text(json.dumps(SCHEMA.to_json()))
    Path("good.csv").write_bytes(GOOD)
    Path("bad.csv").write_bytes(BAD)


def test_a_file_that_keeps_its_contract_is_told_so(shell: CliRunner) -> None:
    ran = shell.invoke(csvgate, ["check", "good.csv", "--contract", "c.json"])
    assert ran.exit_code == 0
    assert "verdict\tok\tgood.csv keeps the contract: 2 rows.\n" in ran.stdout


def test_of_a_file_that_does_not_each_rule_is_told_with_its_places(shell: CliRunner) -> None:
    ran = shell.invoke(csvgate, ["check", "bad.csv", "--contract", "c.json"])
    assert ran.exit_code == 1
    assert "verdict\trejected\tbad.csv breaks the contract: 2 rows of 3, 2 rules.\n" in ran.stdout
    assert "breach\ttype-error\tid\ttype\t1\tline 3: “x” is no integer\nplace\ttype-error\t3\t1\t15\tx\n" in ran.stdout


def test_the_same_is_told_to_programs(shell: CliRunner) -> None:
    told = json.loads(shell.invoke(csvgate, ["check", "bad.csv", "--contract", "c.json", "--json"]).stdout)
    assert (told["verdict"], told["row_count"], told["rows_kept"], told["rows_broken"]) == ("rejected", 3, 1, 2)
    assert {(breach["rule"], breach["count"]) for breach in told["breaches"]} == {("type", 1), ("primaryKey", 1)}


def test_programs_read_a_report_by_the_names_of_a_receipt(shell: CliRunner) -> None:
    """What both say is called alike; only what a contract alone knows has names of its own."""
    report, receipt = (
        json.loads(shell.invoke(csvgate, [command, "bad.csv", "--contract", "c.json", "--json"]).stdout)
        for command in ("check", "inspect")
    )
    assert report.keys() - receipt.keys() == {"rows_kept", "rows_broken", "breaches"}
    assert report["breaches"][0].keys() - receipt["findings"][0].keys() == {"rule", "field", "column"}
    assert {name: report[name] for name in ("filename", "sha256", "row_count", "verdict")}.items() <= receipt.items()


def test_on_a_terminal_the_sender_reads_what_to_do(on_terminal: Callable[..., str]) -> None:
    with opened("bad.csv") as named:
        report = judged(named, inspect(named.source), Contract(schema=SCHEMA, on_violation="reject"), Rejects())
    page = on_terminal(check_page(report.judgement, sentence(report.filename, report.judgement), facts(report)))
    assert "bad.csv breaks the contract: 2 rows of 3, 2 rules." in page
    assert "column “id”: line 3: “x” is no integer" in page
    assert "Correct the value, or write it as was agreed" in page


def test_bad_rows_are_given_back_behind_their_reasons(shell: CliRunner) -> None:
    ran = shell.invoke(csvgate, ["check", "bad.csv", "--contract", "c.json", "--rejects", "r.csv"])
    assert "rejects\t2 rows to r.csv\n" in ran.stdout
    rows = Path("r.csv").read_text().splitlines(keepends=True)
    assert rows[0] == REASONS
    assert rows[2] == '4,primary-key,id,"“1” stands in an earlier record, too",1,=Carl\n'


def test_for_a_spreadsheet_no_bad_row_is_a_formula(shell: CliRunner) -> None:
    shell.invoke(csvgate, ["check", "bad.csv", "--contract", "c.json", "--rejects", "r.csv", "--excel-safe"])
    assert Path("r.csv").read_text(encoding="utf-8-sig").splitlines()[2].endswith(",1,'=Carl")


def test_on_standard_output_bad_rows_are_alone(shell: CliRunner) -> None:
    ran = shell.invoke(csvgate, ["check", "bad.csv", "--contract", "c.json", "--rejects", "-"])
    assert (len(ran.stdout.splitlines()), "breach\ttype-error" in ran.stderr) == (3, True)


def test_a_wrong_header_is_told_as_what_it_is(shell: CliRunner) -> None:
    ran = shell.invoke(csvgate, ["check", "-", "--contract", "c.json"], input=b"name,id\nAnna,1\n")
    assert "breaks the contract" in ran.stdout
    ran = shell.invoke(csvgate, ["check", "-", "--contract", "c.json"], input=b"id,nmae\n1,Anna\n")
    reason = "column 2 is called “nmae”, the contract wants “name” there."
    assert f"verdict\trejected\tstandard input breaks the contract: {reason}\n" in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["gone.csv", "--contract", "c.json"], 2, "there is no file 'gone.csv'"),
        (["good.csv", "--contract", "gone.json"], 2, "there is no file 'gone.json'"),
        (["good.csv", "--contract", "good.csv"], 2, "must be an object, not a text"),
        (["good.csv"], 2, "Missing option '--contract'"),
        (["-", "--contract", "-"], 2, "standard input cannot be both"),
        (["good.csv", "--contract", "c.json", "--rejects", "-", "--json"], 2, "name a file with --rejects"),
    ],
)
def test_what_cannot_be_done_is_told(shell: CliRunner, arguments: list[str], code: int, told: str) -> None:
    ran = shell.invoke(csvgate, ["check", *arguments])
    assert (ran.exit_code, told in ran.stderr) == (code, True)


def test_the_file_of_rejects_is_never_the_file_itself(shell: CliRunner) -> None:
    ran = shell.invoke(csvgate, ["check", "bad.csv", "--contract", "c.json", "--rejects", "./bad.csv"])
    assert (ran.exit_code, Path("bad.csv").read_bytes()) == (2, BAD)
