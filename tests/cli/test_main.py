"""The command as a whole: help, exit codes, completion."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from csvgate.cli.exits import NOBODY_READS
from csvgate.cli.main import COMMANDS, csvgate
from csvgate.errors import AccessRefused, TransientError, UsageError

# `csvgate.cli.main` is the function, as a package shows it; here the module is meant.
cli = import_module("csvgate.cli.main")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_the_same_in_the_list_and_in_the_command(shell: CliRunner, name: str) -> None:
    """The list must not load the command to know what it does."""
    command = csvgate.get_command(click.Context(csvgate), name)
    assert command is not None
    assert (command.help or "").splitlines()[0] == COMMANDS[name][1]
    assert shell.invoke(csvgate, [name, "--help"]).exit_code == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("no"), 2),
        (TransientError("busy"), 3),
        (AccessRefused("no"), 3),
        (OSError("disk"), 3),
        (KeyboardInterrupt(), 130),
    ],
)
def test_what_goes_wrong_is_an_exit_code_and_no_traceback(
    shell: CliRunner, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    """Scripts tell wrong usage (2) from a system that failed (3)."""

    def fail() -> None:
        raise error

    monkeypatch.setattr(csvgate, "get_command", lambda _ctx, name: click.Command(name, callback=fail))
    ran = shell.invoke(csvgate, ["anything"])
    assert ran.exit_code == code
    assert "Traceback" not in ran.output


def test_an_unknown_command_is_wrong_usage(shell: CliRunner) -> None:
    """As with every command line; a slip of the finger is understood."""
    ran = shell.invoke(csvgate, ["inspcet"])
    assert (ran.exit_code, "Did you mean inspect?" in ran.stderr) == (2, True)
    assert "No such command 'xyzzy'" in shell.invoke(csvgate, ["xyzzy"]).stderr


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: CliRunner, name: str) -> None:
    """It asks csvgate itself, so it never falls behind."""
    assert "_CSVGATE_COMPLETE" in shell.invoke(csvgate, ["completion", name]).stdout


def test_a_reader_that_goes_away_is_no_error_to_talk_about(tmp_path: Path) -> None:
    """`csvgate inspect --json WIDE | head -1` ends without a word, as every program does."""
    wide = tmp_path / "wide.csv"
    wide.write_text("\n".join(",".join(f"{row}{column}" for column in range(1000)) for row in ("c", "1", "2")))
    inspect = shlex.join([sys.executable, "-c", "from csvgate.cli import main; main()", "inspect", "--json", str(wide)])
    pipe = f"{inspect} | head -1; exit ${{PIPESTATUS[0]}}"
    # With PYTHONUNBUFFERED, Python itself does not notice that only a part was written.
    ran = subprocess.run(["bash", "-c", pipe], capture_output=True, check=False, env={"PATH": os.environ["PATH"]})
    assert (ran.returncode, ran.stdout, ran.stderr) == (NOBODY_READS, b"{\n", b"")


def test_a_mistake_of_ours_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With the exit code of a system that failed; the traceback is for those who ask for it."""
    monkeypatch.setattr(cli, "csvgate", {}.popitem)
    monkeypatch.setenv("CSVGATE_DEBUG", "")
    with pytest.raises(SystemExit, match="3"):
        cli.main()
    assert "CSVGATE_DEBUG=1" in capsys.readouterr().err
    monkeypatch.setenv("CSVGATE_DEBUG", "1")
    with pytest.raises(KeyError):
        cli.main()


def test_an_error_of_several_lines_is_told_in_several(shell: CliRunner, tmp_path: Path) -> None:
    """What stands in a file never begins a line of its own."""
    contract = tmp_path / "contract.yaml"
    contract.write_text('fields:\n  - {name: a, type: integr}\n  - {name: b, type: "strin\\ng"}\n')
    told = shell.invoke(csvgate, ["check", "-", "--contract", str(contract)], input="a,b\n1,2\n").stderr
    first, second = told.splitlines()
    assert first.startswith("Error: ")
    assert "line 2" in first
    assert second.startswith("  contract.yaml: line 3")
