"""csvgate explain: every code has a meaning and an advice."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from csvgate.cli.main import csvgate
from csvgate.core.codes import CODES
from csvgate.core.examples import EXAMPLES


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained(shell: CliRunner, code: str) -> None:
    """What it means, what the sender should do, and an example."""
    ran = shell.invoke(csvgate, ["explain", code])
    assert ran.exit_code == 0
    assert CODES[code].meaning in ran.stdout
    assert CODES[code].advice in ran.stdout
    assert all(f"    {line}\n" in ran.stdout for line in EXAMPLES[code].text.splitlines())


def test_the_example_is_told_to_programs_as_it_is(shell: CliRunner) -> None:
    """A file, or the command that makes one."""
    told = json.loads(shell.invoke(csvgate, ["explain", "missing-cell", "--json"]).stdout)
    assert told["example"] == {"csv": EXAMPLES["missing-cell"].text}
    told = json.loads(shell.invoke(csvgate, ["explain", "nul-byte", "--json"]).stdout)
    assert told["example"] == {"command": EXAMPLES["nul-byte"].text}


def test_a_code_may_be_shouted(shell: CliRunner) -> None:
    """Nobody has to remember how it is spelled."""
    assert shell.invoke(csvgate, ["explain", "Missing-Cell"]).stdout.startswith("missing-cell (error)\n")


def test_without_a_code_all_are_listed(shell: CliRunner) -> None:
    """In the order of the reference."""
    assert [code["code"] for code in json.loads(shell.invoke(csvgate, ["explain", "--json"]).stdout)] == list(CODES)


def test_a_code_that_is_nearly_right_is_guessed(shell: CliRunner) -> None:
    """People type from memory."""
    ran = shell.invoke(csvgate, ["explain", "extra-cells"])
    assert (ran.exit_code, "did you mean 'extra-cell'?" in ran.stderr) == (2, True)


def test_an_example_of_a_broken_promise_tells_the_promise(shell: CliRunner) -> None:
    """Without it, nobody sees what is wrong with the file."""
    ran = shell.invoke(csvgate, ["explain", "primary-key"])
    assert '    {"primaryKey": ["id"]}\n' in ran.stdout
    told = json.loads(shell.invoke(csvgate, ["explain", "primary-key", "--json"]).stdout)
    assert told["example"]["contract"] == EXAMPLES["primary-key"].contract
