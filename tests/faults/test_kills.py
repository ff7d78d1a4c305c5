"""Workers are killed, servers crash, messages come twice and mixed: each row is there once, as a third one counts."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType

import pytest

from csvgate.local.postgres import Postgres, control
from csvgate.postgres.connection import Database
from csvgate.postgres.migration import migrate
from tests.faults import compare, kills, story
from tests.faults.scenery import build
from tests.ports.contents import version
from tests.postgres.provision import make_database

ROOT = Path(__file__).parents[2]


def run(folder: Path, workers: int, server: Postgres, restarts: int, program: ModuleType = kills) -> Counter[str]:
    """All messages are done; at which steps a worker was killed, and how often."""
    seeds = range(workers)
    command = [sys.executable, "-m", program.__name__, str(folder)]
    with ExitStack() as stack:
        running = [stack.enter_context(subprocess.Popen([*command, str(seed)], cwd=ROOT)) for seed in seeds]
        for _ in range(restarts):
            with pytest.raises(subprocess.TimeoutExpired):
                running[0].wait(timeout=1)
            control(server.folder, "restart", "-m", "immediate", attempts=5)
        assert [process.wait(timeout=200) for process in running] == [0] * workers
    counted = (json.loads((folder / f"kills-{seed}.json").read_text()) for seed in seeds)
    return sum(map(Counter, counted), Counter[str]())


def prepare(folder: Path, server: Postgres, *, versions: int, rows: int) -> int:
    """Files, messages and an empty database; how many files there are."""
    (folder / "database-url").write_text(database_url := make_database(server))
    with Database(database_url) as database:
        migrate(database)
    return len(build(folder, versions=versions, rows=rows, seed=7))


def compared(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """What a program says that shares no code with csvgate."""
    command = [sys.executable, str(ROOT / "tests" / "faults" / "compare.py"), str(folder), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_who_compares_knows_nothing_of_csvgate() -> None:
    imports = [line for line in Path(compare.__file__).read_text().splitlines() if "import" in line]
    assert imports
    assert not any("csvgate" in line or "tests" in line for line in imports)


def test_a_worker_that_is_killed_at_any_step_leaves_nothing_or_all(tmp_path: Path, postgres: Postgres) -> None:
    files = prepare(tmp_path, postgres, versions=2, rows=40)
    killed = run(tmp_path, 1, postgres, restarts=0)
    assert killed.total() >= files
    told = compared(tmp_path)
    assert told.returncode == 0, told.stdout


@pytest.mark.long
def test_200_kills_and_a_server_that_crashes_cost_no_row_and_double_none(tmp_path: Path, postgres: Postgres) -> None:
    prepare(tmp_path, postgres, versions=20, rows=400)
    killed = run(tmp_path, 2, postgres, restarts=3)
    assert killed.total() >= 200
    assert {step for step, times in killed.items() if times >= 10} == set(kills.STEPS)
    told = compared(tmp_path)
    assert told.returncode == 0, told.stdout


def test_a_worker_that_is_killed_anywhere_in_the_story_is_followed_by_one_that_ends_it(
    tmp_path: Path, postgres: Postgres
) -> None:
    """Claimed, inspected, sent on, loaded, recorded, told: rows and heads are right, and everybody has heard."""
    files = prepare(tmp_path, postgres, versions=1, rows=20)
    killed = run(tmp_path, 1, postgres, 0, story)
    assert killed.total() >= files
    told = compared(tmp_path, "--story")
    assert told.returncode == 0, told.stdout


@pytest.mark.long
def test_200_kills_in_all_of_the_story_and_a_server_that_crashes_cost_nothing(
    tmp_path: Path, postgres: Postgres
) -> None:
    prepare(tmp_path, postgres, versions=14, rows=300)
    killed = run(tmp_path, 2, postgres, 3, story)
    assert killed.total() >= 200
    assert set(killed) == set(story.STEPS)
    told = compared(tmp_path, "--story")
    assert told.returncode == 0, told.stdout


def test_what_the_catalog_does_not_know_and_nobody_was_told_is_seen(tmp_path: Path, postgres: Postgres) -> None:
    prepare(tmp_path, postgres, versions=1, rows=5)
    run(tmp_path, 1, postgres, 0, story)
    with Database((tmp_path / "database-url").read_text()) as database, database.transaction() as connection:
        connection.execute("DELETE FROM csvgate.catalog_heads WHERE key = 'rows_any.csv'")
        connection.execute("UPDATE csvgate.outbox SET heard_at = NULL WHERE message = 1")
    gone = json.loads((tmp_path / "manifest.json").read_text())[0]
    for file in (tmp_path / "told").iterdir():
        if file.read_text() == version(gone["version"], gone["key"]).delivery_id:
            file.unlink()
    assert [line[:9] for line in compared(tmp_path, "--story").stdout.splitlines()[1:]] == [
        "the catal",
        "1 notices",
        "6 deliver",
    ]


def test_a_row_too_few_a_row_twice_and_a_changed_cell_are_seen(tmp_path: Path, postgres: Postgres) -> None:
    """Who finds no difference must be able to find one."""
    prepare(tmp_path, postgres, versions=1, rows=5)
    run(tmp_path, 1, postgres, restarts=0)
    with Database((tmp_path / "database-url").read_text()) as database, database.transaction() as connection:
        connection.execute("DELETE FROM csvgate_data.append_raw WHERE _row = 1")
        connection.execute("INSERT INTO csvgate_data.append_slow SELECT * FROM csvgate_data.append_slow LIMIT 1")
        connection.execute("UPDATE csvgate_data.merge_raw SET city = 'x' WHERE _row = 2")
        connection.execute("DELETE FROM csvgate.heads WHERE key = 'rows_any.csv'")
        connection.execute("DELETE FROM csvgate.outbox WHERE message = 1")
    told = compared(tmp_path)
    odd = [line.partition(":")[0].split(" has ")[0] for line in told.stdout.splitlines()[1:]]
    expected = {"append_raw", "append_slow", "merge_raw", "a head is not the newest version of its key", "the outbox"}
    assert (told.returncode, set(odd)) == (1, expected)
