"""The command as a whole: help, exit codes, completion."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from csvgate.cli.main import COMMANDS, csvgate
from csvgate.errors import AccessRefused, TransientError, UsageError


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
    """As with every command line."""
    assert shell.invoke(csvgate, ["inspcet"]).exit_code == 2


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: CliRunner, name: str) -> None:
    """It asks csvgate itself, so it never falls behind."""
    assert "_CSVGATE_COMPLETE" in shell.invoke(csvgate, ["completion", name]).stdout


def test_a_reader_that_goes_away_is_no_error_to_talk_about() -> None:
    """`csvgate explain | head -1` ends without a word."""
    reader = "import sys; sys.stdin.readline()"
    command = (
        f"{sys.executable} -c 'from csvgate.cli import main; main()' explain --json | {sys.executable} -c '{reader}'"
    )
    ran = subprocess.run(["bash", "-c", command], capture_output=True, check=True)
    assert ran.stderr == b""
