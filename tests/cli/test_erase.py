"""csvgate erase: asks first, says what went, and does not guess which file of a key is meant."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from csvgate.cli.main import csvgate
from csvgate.cli.session import Session
from tests.world import BUCKET, CLEAN, World

Run = Callable[..., Result]


@pytest.fixture
def erase(shell: CliRunner, session: Session, world: World) -> Run:
    """Types the command where that world is, or where parts of it are others."""

    def typed(*arguments: str, answer: str | None = None, **parts: object) -> Result:
        ports = replace(world.ports(), **parts)  # type: ignore[arg-type]  # any of them
        at = replace(session, bucket=BUCKET, ports=ports, words=world.catalog.outbox)
        return shell.invoke(csvgate, ["erase", *arguments], obj=at, input=answer)

    return typed


def test_what_was_removed_is_told_in_words(erase: Run, world: World) -> None:
    delivery_id = world.head("a.csv").delivery_id
    done = erase("a.csv", "--yes")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0].startswith("erased\ta.csv, by ")
    assert done.stdout.splitlines()[1:] == [
        f"delivery\t{delivery_id}",
        "removed\t2 rows from postgresql",
        "removed\t1 document",
        "removed\t1 version of the object",
    ]


def test_a_program_reads_the_same_and_a_second_time_nothing_is_left(erase: Run) -> None:
    told = json.loads(erase("a.csv", "--yes", "--json").stdout)
    assert (told["state"], told["rows_removed"], told["not_removed"]) == ("erased", {"postgresql": 2}, {})
    again = json.loads(erase(told["delivery_id"][:10], "--yes", "--json").stdout)
    assert (again["rows_removed"], again["documents_removed"], again["objects_removed"]) == ({"postgresql": 0}, 0, 0)


def test_in_a_pipe_nobody_is_asked_and_nothing_goes(erase: Run, world: World) -> None:
    done = erase("a.csv")
    assert (done.exit_code, "--yes" in done.stderr, world.head("a.csv").state) == (2, True, "loaded")


@pytest.mark.parametrize(("answer", "state"), [("y", "erased"), ("n", "loaded")])
def test_at_a_terminal_somebody_is_asked(
    erase: Run, world: World, monkeypatch: pytest.MonkeyPatch, answer: str, state: str
) -> None:
    monkeypatch.setattr("csvgate.cli.erase.at_terminal", lambda: True)
    done = erase("a.csv", answer=f"{answer}\n")
    assert "Erase a.csv, uploaded 2026-01-01T00:00:00Z, loaded" in done.stderr
    assert (done.exit_code, world.head("a.csv").state) == (int(answer == "n"), state)


def test_a_key_with_several_files_names_none_of_them(erase: Run, world: World) -> None:
    world.finish(world.objects.put(BUCKET, "a.csv", CLEAN + b"3,Joan\n"))
    done = erase("a.csv", "--yes")
    ids = [delivery.delivery_id for delivery in world.history("a.csv")]
    assert (done.exit_code, [name in done.stderr for name in ids]) == (2, [True, True])
    assert erase(ids[0], "--yes").exit_code == 0
    assert sorted(delivery.state for delivery in world.history("a.csv")) == ["erased", "loaded"]


def test_what_could_not_be_removed_is_told_and_the_exit_code_says_so(erase: Run, world: World) -> None:
    """With what helps; the next time it goes on."""
    done = erase("a.csv", "--yes", sinks={})
    assert (done.exit_code, "not removed\trows in postgresql: no such sink is set up here" in done.stdout) == (3, True)
    assert done.stdout.startswith("erasing\ta.csv\n")
    assert (erase("a.csv", "--yes").exit_code, world.head("a.csv").state) == (0, "erased")


def test_a_key_whose_file_is_gone_is_still_found(erase: Run, world: World) -> None:
    delivery = world.head("a.csv")
    world.finish(world.objects.purge(BUCKET, "a.csv", delivery.arrival.version_id))
    assert world.head("a.csv").state == "deleted"
    assert json.loads(erase("a.csv", "--yes", "--json").stdout)["rows_removed"] == {"postgresql": 2}
