"""csvgate inspect: what is printed, and with which exit code."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from csvgate.cli.main import csvgate
from csvgate.core.receipt import ORDER

SAMPLES = Path(__file__).parents[2] / "samples"
ORDERS, SENSORS, REPORT, KUNDEN = (str(SAMPLES / f"{name}.csv") for name in ("orders", "sensors", "report", "kunden"))


def test_one_file_as_json_is_one_receipt(shell: CliRunner) -> None:
    """The receipt's parts stand in the receipt's order."""
    ran = shell.invoke(csvgate, ["inspect", "--json", ORDERS])
    receipt = json.loads(ran.stdout)
    assert (ran.exit_code, receipt["filename"], receipt["row_count"], receipt["verdict"]) == (0, "orders.csv", 60, "ok")
    assert list(receipt) == [name for name in ORDER if name in receipt]


def test_several_files_as_json_are_an_array_in_the_order_given(shell: CliRunner) -> None:
    """So that a script can match them with its arguments."""
    ran = shell.invoke(csvgate, ["inspect", "--json", SENSORS, ORDERS])
    assert [receipt["filename"] for receipt in json.loads(ran.stdout)] == ["sensors.csv", "orders.csv"]


@pytest.mark.parametrize(
    ("path", "verdict", "code"),
    [(ORDERS, "ok", 0), (KUNDEN, "warning", 0), (SENSORS, "warning", 0), (REPORT, "rejected", 1)],
)
def test_the_exit_code_says_whether_a_file_was_rejected(shell: CliRunner, path: str, verdict: str, code: int) -> None:
    """A warning is no failure."""
    ran = shell.invoke(csvgate, ["inspect", path])
    assert ran.exit_code == code
    assert f"verdict\t{verdict}\t" in ran.stdout


def test_one_rejected_file_among_others_is_seen_in_the_exit_code(shell: CliRunner) -> None:
    """And all of them are inspected."""
    ran = shell.invoke(csvgate, ["inspect", REPORT, ORDERS])
    assert ran.exit_code == 1
    assert ran.stdout.count("\nverdict\t") == 2


def test_standard_input_is_inspected(shell: CliRunner) -> None:
    """Also where it is compressed."""
    ran = shell.invoke(csvgate, ["inspect", "-", "--json"], input=gzip.compress(b"a,b\n1,2\n"))
    receipt = json.loads(ran.stdout)
    assert (receipt["filename"], receipt["row_count"], receipt["compression"]) == ("-", 1, "gzip")


def test_a_pipe_that_is_named_is_read_once_and_inspected(shell: CliRunner) -> None:
    """As bash's `<(command)` does."""
    read, write = os.pipe()
    os.write(write, b"a,b\n1,2\n")
    os.close(write)
    ran = shell.invoke(csvgate, ["inspect", f"/dev/fd/{read}", "--json"])
    os.close(read)
    assert json.loads(ran.stdout)["row_count"] == 1


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("no-such.csv", "there is no file"),
        ("https://example.org/a.csv", "download it, or pipe it in as -"),
        (".", "is a directory"),
        ("x" * 5000, "cannot be opened"),
    ],
)
def test_what_cannot_be_opened_is_wrong_usage_and_said_in_one_line(shell: CliRunner, path: str, said: str) -> None:
    """Before anything is printed of the other files."""
    ran = shell.invoke(csvgate, ["inspect", ORDERS, path])
    assert (ran.exit_code, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert said in ran.stderr


def test_hostile_names_and_values_are_spelled_out_in_a_pipe(shell: CliRunner, tmp_path: Path) -> None:
    """A log is read on a terminal sooner or later."""
    bad = tmp_path / "a\x1b[31m.csv"
    bad.write_text("\x1b]0;x\x07,b\n\u202e1,\x9b2\n")
    ran = shell.invoke(csvgate, ["inspect", str(bad)])
    assert "filename\ta\\x1b[31m.csv" in ran.stdout
    assert not set("\x1b\x07\u202e\x9b") & set(ran.stdout)


def test_inspecting_a_file_loads_neither_boto3_nor_rich() -> None:
    """In a pipe nobody waits for what is not used."""
    code = (
        f"import sys; from csvgate.cli import main; sys.argv = ['csvgate', 'inspect', {ORDERS!r}]\n"
        "try: main()\n"
        "except SystemExit as end: sys.exit(end.code or bool({'boto3', 'botocore', 'rich'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
