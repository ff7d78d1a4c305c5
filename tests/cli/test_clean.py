"""csvgate clean: what is written where, what is said of it, and what is never touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from csvgate.cli import clean as subject
from csvgate.cli.main import csvgate
from csvgate.core.canonical import Canonical

MESSY = b"id;name\r\n1;Anna\r\n2\r\n3;Bob\r\n"
CLEAN, REJECTS = b"id,name\n1,Anna\n3,Bob\n", b'line,code,message,record\n3,missing-cell,"1 cell, the header has 2",2\n'


@pytest.fixture
def messy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file with one ragged record, in the directory of the command."""
    monkeypatch.chdir(tmp_path)
    Path("messy.csv").write_bytes(MESSY)
    return "messy.csv"


def files() -> set[str]:
    """What lies in the directory."""
    return {path.name for path in Path().iterdir()}


def test_table_and_rejects_stand_under_the_name_of_the_file(shell: CliRunner, messy: str) -> None:
    """The file itself stays as it is, and nothing else is left."""
    assert shell.invoke(csvgate, ["clean", messy]).exit_code == 0
    assert (Path("messy.clean.csv").read_bytes(), Path("messy.rejects.csv").read_bytes()) == (CLEAN, REJECTS)
    assert (Path(messy).read_bytes(), len(files())) == (MESSY, 3)


def test_what_was_done_is_said_as_json(shell: CliRunner, messy: str) -> None:
    """Rows written and rejected are the rows of the file."""
    done = json.loads(shell.invoke(csvgate, ["clean", messy, "--json", "-o", "out.csv"]).stdout)
    assert (done["row_count"], done["rows_written"], done["rows_rejected"]) == (3, 2, 1)
    assert (done["out"], done["rejects"]) == ("out.csv", "out.rejects.csv")


def test_as_a_filter_it_writes_the_table_and_nothing_else(shell: CliRunner) -> None:
    """From standard input to standard output; what was done is said on standard error."""
    ran = shell.invoke(csvgate, ["clean", "-"], input=MESSY)
    assert ran.stdout_bytes == CLEAN
    assert "1 row to nowhere: name a file with --rejects" in ran.stderr
    assert "2 + 1 = 3: every row of standard input" in ran.stderr


def test_rejects_that_were_asked_for_are_a_file_even_if_there_are_none(shell: CliRunner, messy: str) -> None:
    """So that a script finds it; without being asked for, there is none."""
    shell.invoke(csvgate, ["clean", messy, "--ragged", "keep"])
    assert "messy.rejects.csv" not in files()
    shell.invoke(csvgate, ["clean", messy, "--ragged", "keep", "--rejects", "none.csv"])
    assert Path("none.csv").read_bytes() == REJECTS.splitlines(keepends=True)[0]


def test_rejects_of_an_earlier_run_do_not_stay(shell: CliRunner, messy: str) -> None:
    """They would be taken for those of this one; it is said that they went."""
    shell.invoke(csvgate, ["clean", messy])
    ran = shell.invoke(csvgate, ["clean", messy, "--ragged", "keep"])
    assert "removed\tmessy.rejects.csv, which was of an earlier run\n" in ran.stdout
    assert files() == {messy, "messy.clean.csv"}


def test_what_we_did_not_write_is_not_removed(shell: CliRunner, messy: str) -> None:
    """Somebody else may like the name, too."""
    Path("messy.rejects.csv").write_text("my own notes")
    assert "removed" not in shell.invoke(csvgate, ["clean", messy, "--ragged", "keep"]).stdout
    assert Path("messy.rejects.csv").read_text() == "my own notes"


@pytest.mark.parametrize(
    "options",
    [
        ["-o", "messy.csv"],
        ["-o", "./messy.csv"],
        ["-o", "linked.csv"],
        ["--rejects", "messy.csv"],
        ["-o", "x", "--rejects", "x"],
        ["-o", "-", "--json"],
        ["--rejects", "-", "-o", "-"],
    ],
)
def test_no_file_is_written_over_the_input_or_the_other_one(shell: CliRunner, messy: str, options: list[str]) -> None:
    """However it is named: that is wrong usage."""
    Path("linked.csv").hardlink_to(messy)
    assert shell.invoke(csvgate, ["clean", messy, *options]).exit_code == 2
    assert Path(messy).read_bytes() == MESSY


@pytest.mark.parametrize("option", ["-o", "--rejects"])
def test_a_file_in_no_directory_is_wrong_usage(shell: CliRunner, messy: str, option: str) -> None:
    """Said in words, before the file is read."""
    ran = shell.invoke(csvgate, ["clean", messy, option, "nodir/x.csv"])
    assert (ran.exit_code, ran.stderr, files()) == (2, "Error: there is no directory 'nodir'\n", {messy})


def test_a_file_that_is_no_csv_is_not_cleaned(shell: CliRunner, messy: str) -> None:
    """The exit code is that of a rejected file."""
    Path(messy).write_bytes(b"<!DOCTYPE html>\n<html><body>404</body></html>\n")
    ran = shell.invoke(csvgate, ["clean", messy])
    assert (ran.exit_code, "was rejected: the file is" in ran.stderr, files()) == (1, True, {messy})


def test_a_file_that_changes_meanwhile_is_written_nowhere(
    shell: CliRunner, messy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was counted must be what is written."""

    def late(*args: object) -> object:
        Path(messy).write_bytes(MESSY.replace(b"Bob", b"Eve"))
        return Canonical(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("csvgate.cli.clean.Canonical", late)
    ran = shell.invoke(csvgate, ["clean", messy])
    assert (ran.exit_code, "changed while it was read" in ran.stderr, files()) == (3, True, {messy})


def test_a_failure_half_way_leaves_nothing_behind(
    shell: CliRunner, messy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks finds a whole file or none."""

    def broken(_canonical: object) -> Iterator[object]:
        raise OSError

    monkeypatch.setattr(Canonical, "pieces", broken)
    assert shell.invoke(csvgate, ["clean", messy]).exit_code == 3
    assert files() == {messy}


@pytest.mark.parametrize(
    ("path", "name"), [("in/a.csv", "a"), ("a.csv.gz", "a"), ("s3://b/in/a.CSV", "a"), ("data", "data")]
)
def test_the_outputs_are_named_for_the_file(path: str, name: str) -> None:
    """They go to the directory of the command, not to that of the file."""
    outputs = subject.outputs_of(path, None, None)
    assert (outputs.table, outputs.rejects) == (f"{name}.clean.csv", f"{name}.rejects.csv")


def test_what_is_no_record_is_said_to_be_left_out(shell: CliRunner) -> None:
    """Lines before the header and comments are in neither file; nothing goes without a word."""
    ran = shell.invoke(csvgate, ["clean", "-"], input=b"Report\n\nid,amount\n1,10\n# half\n2,20\n")
    assert ran.stdout == "id,amount\n1,10\n2,20\n"
    assert "left out\tpreamble: 8 bytes, comments: 7 bytes\n" in ran.stderr
    assert "which csvgate inspect shows\n" in ran.stderr


TOTAL = b"id;amount;n\n1;10,5;2\nid;amount;n\n2;20,5;3\nSumme;31,0;5\n"


@pytest.mark.parametrize(("asked", "written"), [([], 4), (["--footer", "reject"], 2)])
def test_a_total_and_a_header_that_comes_again_are_set_apart_on_request(
    shell: CliRunner, messy: str, asked: list[str], written: int
) -> None:
    """By themselves they are records, as they are counted."""
    Path(messy).write_bytes(TOTAL)
    done = json.loads(shell.invoke(csvgate, ["clean", messy, "--json", *asked]).stdout)
    assert (done["row_count"], done["rows_written"], done["rows_rejected"]) == (4, written, 4 - written)
    apart = Path("messy.rejects.csv").read_text(encoding="utf-8").splitlines()[1:] if asked else []
    assert [line.split(",")[:2] for line in apart] == [["3", "repeated-header"], ["5", "footer"]][: 4 - written]


def test_who_is_told_to_clean_a_file_with_a_total_gets_a_table_without_it(shell: CliRunner, messy: str) -> None:
    """What `sniff --as` prints can be typed, and does what it promises."""
    Path(messy).write_bytes(b"id;amount;n\n1;10,5;2\n2;20,5;3\nSumme;31,0;5\n")
    told = shell.invoke(csvgate, ["sniff", messy, "--as", "pandas"]).stdout
    assert "# first: csvgate clean messy.csv --footer reject -o messy.clean.csv" in told
