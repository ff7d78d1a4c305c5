"""csvgate redrive: what is sent again is named, and all is counted."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

import pytest
from click.testing import CliRunner

from csvgate.aws.events import encode
from csvgate.aws.letters import of_arrivals
from csvgate.cli.main import csvgate
from csvgate.cli.redrive import told
from csvgate.cli.session import Session
from csvgate.delivery import Arrival
from csvgate.memory import MemoryQueue
from csvgate.upkeep.redrive import DeadLetters, Redriven


@pytest.fixture
def with_letters(session: Session) -> Session:
    """A session with two dead letters, one of which nobody can read."""
    dead = MemoryQueue()
    dead.send(json.dumps(encode(Arrival(bucket="in", key="a.csv", version_id="v1"))))
    dead.send('{"Records": "poison"}')
    read = partial(of_arrivals, bucket="in")
    return replace(session, dead_letters=[DeadLetters(stage="inspect", inbox=dead, source=MemoryQueue(), read=read)])


def test_what_is_sent_again_is_named_and_the_rest_is_counted(shell: CliRunner, with_letters: Session) -> None:
    ran = shell.invoke(csvgate, ["redrive"], obj=with_letters)
    assert ran.exit_code == 0
    assert ran.stdout.startswith("sent\tinspect\ta.csv\t")
    assert ran.stdout.endswith("redriven\t1\nleft\t0\nunreadable\t1\n")


@pytest.mark.parametrize(("reason", "why"), [("no disk", ": no disk"), ("", "")])
def test_a_person_reads_what_was_sent_to_whom_and_why(reason: str, why: str) -> None:
    """Without the sixty-four digits that only programs want."""
    letter = {"stage": "record", "key": "in/a.csv", "delivery_id": "0" * 64, "reason": reason}
    assert told(Redriven(redriven=1, left=0, unreadable=0, first=(letter,))) == [("sent", f"in/a.csv, to record{why}")]


def test_a_person_is_told_that_nothing_was_sent() -> None:
    assert told(Redriven(redriven=0, left=1, unreadable=0, first=())) == [("nothing", "no dead letter is about that")]


def test_what_is_not_wanted_is_left(shell: CliRunner, with_letters: Session) -> None:
    found = json.loads(shell.invoke(csvgate, ["redrive", "other.csv", "--json"], obj=with_letters).stdout)
    assert found == {"redriven": 0, "left": 1, "unreadable": 1, "first": []}


def test_who_does_not_say_where_dead_letters_are_is_not_told_that_there_are_none(
    shell: CliRunner, session: Session
) -> None:
    """As with a `.env` that names the other queues only."""
    ran = shell.invoke(csvgate, ["redrive"], obj=replace(session, dead_letters=()))
    assert ran.exit_code == 2
    assert "CSVGATE_ARRIVALS_DEAD_URL" in ran.stderr


def test_who_asked_for_what_is_not_there_is_told(shell: CliRunner, with_letters: Session) -> None:
    ran = shell.invoke(csvgate, ["redrive", "other.csv"], obj=with_letters)
    assert ran.stdout.startswith("nothing\tno dead letter is about that\n")
