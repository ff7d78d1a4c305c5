"""csvgate migrate: what was done, and which database was meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from csvgate.cli.main import csvgate
from csvgate.local.postgres import Postgres
from csvgate.postgres.migration import migrations
from tests.postgres.provision import make_database


def test_it_says_what_it_applied_and_then_that_there_is_nothing_to_do(
    shell: CliRunner, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", make_database(postgres))
    first = shell.invoke(csvgate, ["migrate", "--json"])
    assert json.loads(first.stdout) == {"applied": [step.name for step in migrations()]}
    assert shell.invoke(csvgate, ["migrate"]).stdout == "the database is at this version\n"


def test_without_a_database_it_says_how_to_name_one(
    shell: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = shell.invoke(csvgate, ["migrate"])
    assert (ran.exit_code, "DATABASE_URL" in ran.stderr) == (2, True)
