"""csvgate ls and show: deliveries are found by key, by id and by what became of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from csvgate.cli.listing import delivery_line, delivery_table
from csvgate.cli.main import csvgate
from csvgate.cli.session import Session
from csvgate.delivery import Arrival, Delivery
from csvgate.memory import EPOCH, MemoryObjectStore
from csvgate.pipeline.story import inspect_delivery, record_delivery

OWN_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture
def stack(shell: CliRunner, session: Session) -> Session:
    """A stack with three deliveries: two of one key, and one that was rejected."""
    for name, key in (("orders", "daily.csv"), ("sensors", "daily.csv"), ("report", "in/report.csv")):
        shell.invoke(csvgate, ["put", str(SAMPLES / f"{name}.csv"), "--key", key], obj=session)
    return session


def listed(shell: CliRunner, stack: Session, *options: str) -> list[str]:
    """The keys that ls prints."""
    ran = shell.invoke(csvgate, ["ls", "--json", *options], obj=stack)
    return [delivery["key"] for delivery in json.loads(ran.stdout)]


def test_ls_lists_the_newest_first(shell: CliRunner, stack: Session) -> None:
    """As many as wanted."""
    assert listed(shell, stack) == ["in/report.csv", "daily.csv", "daily.csv"]
    assert listed(shell, stack, "--limit", "1") == ["in/report.csv"]


def test_ls_says_that_there_are_more(shell: CliRunner, stack: Session) -> None:
    """Where it cannot be taken for one of them."""
    ran = shell.invoke(csvgate, ["ls", "--limit", "2"], obj=stack)
    assert (len(ran.stdout.splitlines()), "there are more" in ran.stderr) == (2, True)
    assert shell.invoke(csvgate, ["ls", "--limit", "3"], obj=stack).stderr == ""


def test_ls_narrows_by_state_verdict_and_day(shell: CliRunner, stack: Session) -> None:
    """What one asks in the morning: what was rejected, what needs a look."""
    assert listed(shell, stack, "--state", "rejected") == ["in/report.csv"]
    assert listed(shell, stack, "--verdict", "warning") == ["daily.csv"]
    assert listed(shell, stack, "--day", "2025-01-01") == []
    for none in ("today", "2026-13-45", "20260101"):
        assert shell.invoke(csvgate, ["ls", "--day", none], obj=stack).exit_code == 2


def test_ls_narrows_by_prefix_and_time(shell: CliRunner, stack: Session) -> None:
    """The three arrived a second apart, from the first moment of 2026 on."""
    assert listed(shell, stack, "--prefix", "daily") == ["daily.csv", "daily.csv"]
    assert listed(shell, stack, "--since", "2026-01-01T00:00:02Z") == ["in/report.csv"]
    assert shell.invoke(csvgate, ["ls", "--since", "soon"], obj=stack).exit_code == 2


def test_ls_in_a_pipe_is_a_line_per_delivery(shell: CliRunner, stack: Session) -> None:
    """With the whole delivery id last, for the next command."""
    lines = shell.invoke(csvgate, ["ls"], obj=stack).stdout.splitlines()
    assert [line.split("\t")[1] for line in lines] == ["rejected", "recorded", "recorded"]
    assert len(lines[0].split("\t")[-1]) == 64


def test_show_finds_the_newest_delivery_of_a_key(shell: CliRunner, stack: Session) -> None:
    """By key in the stack's bucket, or by its full address."""
    for name in ("daily.csv", "s3://in/daily.csv"):
        receipt = json.loads(shell.invoke(csvgate, ["show", name, "--json"], obj=stack).stdout)
        assert (receipt["row_count"], receipt["verdict"]) == (48, "warning")


def test_what_is_elsewhere_is_listed_with_its_bucket_and_shown_by_it(shell: CliRunner, stack: Session) -> None:
    """Also if it never became the head of its key."""
    inspect_delivery(Arrival(bucket="elsewhere", key="a b.csv", version_id="v1"), stack.ports)
    name = shell.invoke(csvgate, ["ls", "--prefix", "a b"], obj=stack).stdout.split("\t")[3]
    receipt = json.loads(shell.invoke(csvgate, ["show", name, "--json"], obj=stack).stdout)
    assert (name, receipt["bucket"], receipt["state"]) == ("s3://elsewhere/a b.csv", "elsewhere", "inspecting")


def test_show_says_by_its_exit_code_that_a_file_was_rejected(shell: CliRunner, stack: Session) -> None:
    """As inspect and put do."""
    assert shell.invoke(csvgate, ["show", "in/report.csv"], obj=stack).exit_code == 1
    assert shell.invoke(csvgate, ["show", "daily.csv"], obj=stack).exit_code == 0


def test_a_history_within_one_second_stands_as_the_store_has_it(shell: CliRunner, session: Session) -> None:
    """Where a reconciliation found the versions, no sequencer tells their order."""
    session = replace(session, ports=replace(session.ports, objects=MemoryObjectStore(clock=lambda: EPOCH)))
    put = session.ports.objects.put  # type: ignore[attr-defined]
    versions = [put("in", "a.csv", b"a,b\n" + b"1,2\n" * rows).version_id for rows in range(1, 9)]
    for number in (3, 7, 0, 5, 1, 6, 2, 4):
        arrival = Arrival(bucket="in", key="a.csv", version_id=versions[number], time=EPOCH)
        record_delivery(inspect_delivery(arrival, session.ports), session.ports)
    history = json.loads(shell.invoke(csvgate, ["show", "a.csv", "--history", "--json"], obj=session).stdout)
    assert [past["row_count"] for past in history] == [8, 7, 6, 5, 4, 3, 2, 1]


def test_show_finds_older_deliveries_by_id(shell: CliRunner, stack: Session) -> None:
    """Whole, or its beginning as ls shows it."""
    history = json.loads(shell.invoke(csvgate, ["show", "daily.csv", "--history", "--json"], obj=stack).stdout)
    oldest = history[-1]["delivery_id"]
    for name in (oldest, oldest[:10], oldest[:4]):
        assert json.loads(shell.invoke(csvgate, ["show", name, "--json"], obj=stack).stdout)["row_count"] == 60


@pytest.mark.parametrize("name", ["no.csv", "abcdef0123", "0" * 64, "s3://elsewhere/daily.csv"])
def test_show_says_how_to_find_what_is_there(shell: CliRunner, stack: Session, name: str) -> None:
    """A name that nothing has is wrong usage."""
    ran = shell.invoke(csvgate, ["show", name], obj=stack)
    assert (ran.exit_code, "csvgate ls" in ran.stderr) == (2, True)


@pytest.mark.parametrize("width", [80, 120])
def test_a_terminal_gets_a_table_as_wide_as_it_is(stack: Session, on_terminal: Callable[..., str], width: int) -> None:
    """Verdict, time, rows, the beginning of the id, and the key."""
    table = OWN_COLOURS.sub("", on_terminal(delivery_table(stack.ports.view.newest(), own="in", width=width), width))
    assert max(map(len, table.splitlines())) <= width
    assert all(part in table for part in ("✗ rejected", "! warning", "daily.csv", "in/report.csv"))


def test_a_hostile_key_is_spelled_out(stack: Session, on_terminal: Callable[..., str]) -> None:
    """Keys are written by whoever uploads."""
    stack.ports.objects.put("in", "\x1b[2J\u202e.csv", b"a,b\n1,2\n")  # type: ignore[attr-defined]
    arrival = stack.ports.objects.arrivals[-1]  # type: ignore[attr-defined]
    line = on_terminal(delivery_line(Delivery.of(arrival, "received", at=arrival.time), own="in"))
    assert "\\x1b" in line
    assert "\x1b[2J" not in line
