"""csvgate reconcile: what is missing is enqueued, and what differs is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from csvgate.cli.differences import KINDS
from csvgate.cli.main import csvgate
from csvgate.cli.reconciliation import reconciliation_page
from csvgate.cli.session import Session
from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.delivery import Arrival
from csvgate.memory import MemoryObjectStore
from csvgate.upkeep.reconciliation import Group, Reconciliation

EMPTY = Reconciliation(bucket="in", versions=0, enqueued=0, settled=0, pending=0, **dict.fromkeys(KINDS, Group()))


def test_what_was_never_seen_is_enqueued_and_named(shell: CliRunner, session: Session) -> None:
    """A notification that never came is invisible everywhere else."""
    sent: list[Arrival] = []
    assert isinstance(session.ports.objects, MemoryObjectStore)
    session.ports.objects.put("in", "lost.csv", b"a,b\n1,2\n")
    ran = shell.invoke(csvgate, ["reconcile", "--grace", "0"], obj=replace(session, enqueue=sent.append))
    assert (ran.exit_code, [arrival.key for arrival in sent]) == (1, ["lost.csv"])
    assert "agrees\tno" in ran.stdout
    assert "missing\tlost.csv\t" in ran.stdout


@pytest.mark.parametrize(("options", "keys"), [([], ["in/a.csv"]), (["--prefix", "out/"], ["out/a.csv"])])
def test_what_is_beside_the_key_prefix_is_left_alone_unless_it_is_asked_for(
    shell: CliRunner, session: Session, options: list[str], keys: list[str]
) -> None:
    """It may be other people's."""
    sent: list[Arrival] = []
    assert isinstance(session.ports.objects, MemoryObjectStore)
    for key in ("in/a.csv", "out/a.csv"):
        session.ports.objects.put("in", key, b"a,b\n1,2\n")
    told = replace(session, key_prefix="in/", enqueue=sent.append)
    shell.invoke(csvgate, ["reconcile", "--grace", "0", *options], obj=told)
    assert [arrival.key for arrival in sent] == keys


def test_what_was_uploaded_just_now_is_on_its_way(shell: CliRunner, session: Session) -> None:
    """For as long as the grace says: nothing is enqueued, and nothing is wrong."""
    assert isinstance(session.ports.objects, MemoryObjectStore)
    session.ports.objects.put("in", "new.csv", b"a,b\n1,2\n")
    ran = shell.invoke(csvgate, ["reconcile"], obj=session)
    assert (ran.exit_code, "pending\t1\n" in ran.stdout, "missing" in ran.stdout) == (0, True, False)


def test_a_bucket_that_agrees_says_so(shell: CliRunner, session: Session) -> None:
    """Also as JSON."""
    shell.invoke(csvgate, ["put", "-", "--key", "a.csv"], obj=session, input="a,b\n1,2\n")
    found = json.loads(shell.invoke(csvgate, ["reconcile", "--json"], obj=session).stdout)
    assert (found["agrees"], found["versions"], found["enqueued"]) == (True, 1, 0)


def test_a_grace_that_is_no_duration_is_wrong_usage(shell: CliRunner, session: Session) -> None:
    """The message shows how to write it."""
    ran = shell.invoke(csvgate, ["reconcile", "--grace", "soon"], obj=session)
    assert (ran.exit_code, "10m" in ran.stderr) == (2, True)


def test_a_feed_that_is_silent_is_named_and_no_difference(shell: CliRunner, session: Session) -> None:
    """Nobody else says that nothing came."""
    feed = Feed(name="daily", key="daily/*", expect_every=timedelta(days=1))
    expecting = replace(session, ports=replace(session.ports, feeds=Feeds((feed,))))
    ran = shell.invoke(csvgate, ["reconcile"], obj=expecting)
    assert (ran.exit_code, "silent\tdaily\t" in ran.stdout) == (0, True)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_told_with_its_meaning(on_terminal: Callable[..., str], kind: str) -> None:
    """Its count, its first names, safely, and how many more there are."""
    names = tuple({"key": f"\x1b[2J{number}.csv"} for number in range(7))
    differing: dict[str, Any] = {kind: Group(count=12, first=names)}
    page = on_terminal(reconciliation_page(replace(EMPTY, versions=9, **differing)), 120)
    assert KINDS[kind] in page
    assert f"12 {kind}" in page
    assert page.count("[2J") == 5
    assert "\x1b[2J" not in page
    assert "and 7 more" in page


def test_the_page_of_agreement_is_short(on_terminal: Callable[..., str]) -> None:
    """Nobody reads further than that."""
    assert "all 3 versions are in the catalog" in on_terminal(
        reconciliation_page(replace(EMPTY, versions=3, settled=3))
    )


@pytest.mark.parametrize(("missing", "says"), [(0, "is in the catalog"), (1, "is not as it should be")])
def test_one_version_is_spoken_of_as_one(missing: int, says: str, on_terminal: Callable[..., str]) -> None:
    """Whoever tries it has one file at first."""
    found = replace(EMPTY, versions=1, missing=Group(count=missing))
    assert f": its 1 version {says}\n" in on_terminal(reconciliation_page(found))
