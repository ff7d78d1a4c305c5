"""The command line against a real local stack: each step as a person or a script takes it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from csvgate.local import processes
from tests.waiting import until, until_equal

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
CSVGATE = (sys.executable, "-c", "from csvgate.cli import main; main()")


class Desk:
    """A directory in which somebody types commands."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        # No setting of the person who runs the tests may reach the stack.
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(directory)}

    def types(self, *arguments: str, code: int = 0) -> str:
        """What the command prints, after it ended with that exit code."""
        ran = subprocess.run(
            [*CSVGATE, *arguments],
            cwd=self.directory,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == code, ran.stderr
        return ran.stdout

    def asks(self, *arguments: str, code: int = 0) -> Any:  # noqa: ANN401  whatever JSON says
        """The same, as JSON."""
        return json.loads(self.types(*arguments, "--json", code=code))

    def starts(self, *arguments: str) -> subprocess.Popen[str]:
        """A command that goes on."""
        return subprocess.Popen(
            [*CSVGATE, *arguments],
            cwd=self.directory,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def listens(port: int) -> bool:
    """Something answers there."""
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


def running(directory: Path) -> list[tuple[str, ...]]:
    """The processes that name that directory, as they were started."""
    commands = map(processes.command_line, processes.all_pids())
    return [command for command in commands if any(str(directory) in word for word in command)]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk on which a stack was started with --detach."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    facts = desk.asks("up", "--detach", "--port", "0")
    try:
        yield desk
    finally:
        assert desk.asks("down") == {"stopped": True}
    assert not listens(facts["emulator"]["port"])


def test_put_and_wait_prints_the_receipt(stack: Desk) -> None:
    """With a key that needs encoding in an event."""
    receipt = stack.asks("put", str(SAMPLES / "orders.csv"), "--key", "in/Bestellungen 100% + ü.csv", "--wait")
    assert (receipt["key"], receipt["state"]) == ("in/Bestellungen 100% + ü.csv", "recorded")
    assert (receipt["row_count"], receipt["verdict"]) == (60, "ok")


def test_a_second_delivery_of_a_key_keeps_the_first(stack: Desk) -> None:
    """Show gives the newest, --history both."""
    for name in ("orders", "sensors"):
        stack.types("put", str(SAMPLES / f"{name}.csv"), "--key", "daily.csv", "--wait")
    assert stack.asks("show", "daily.csv")["row_count"] == 48
    assert [past["row_count"] for past in stack.asks("show", "daily.csv", "--history")] == [48, 60]


def test_what_is_no_csv_is_rejected_and_found_by_state(stack: Desk) -> None:
    """The exit code says it at once, ls later."""
    rejected = stack.asks("put", str(SAMPLES / "report.csv"), "--wait", code=1)
    assert rejected["delivery_id"] in {found["delivery_id"] for found in stack.asks("ls", "--state", "rejected")}


def test_what_is_in_the_bucket_can_be_inspected_in_place(stack: Desk) -> None:
    """Inspect reads s3:// as it reads files."""
    stack.types("put", str(SAMPLES / "kunden.csv"), "--wait")
    inspected = stack.asks("inspect", "s3://test-bucket/kunden.csv")
    assert inspected["columns"] == stack.asks("show", "kunden.csv")["columns"]
    assert "no object" in failure(stack, "inspect", "s3://test-bucket/nothing.csv")


def failure(desk: Desk, *arguments: str) -> str:
    """What a command says on standard error when it is used wrongly."""
    with desk.starts(*arguments) as process:
        told = process.communicate()[1]
    assert process.returncode == 2
    return told


def test_a_bucket_that_is_not_there_is_named(stack: Desk) -> None:
    """In one line."""
    stack.environment["S3_BUCKET_NAME"] = "not-there"
    told = [failure(stack, "put", str(SAMPLES / "orders.csv")), failure(stack, "reconcile")]
    del stack.environment["S3_BUCKET_NAME"]
    assert told == ["Error: there is no bucket 'not-there'\n"] * 2


def test_logs_tell_each_delivery(stack: Desk) -> None:
    """Both functions, each line with the delivery id."""
    receipt = stack.asks("put", str(SAMPLES / "orders.csv"), "--key", "logged.csv", "--wait")

    def who_told() -> set[str]:
        lines = [json.loads(line) for line in stack.types("logs").splitlines()]
        return {line["function"] for line in lines if line.get("delivery_id") == receipt["delivery_id"]}

    until_equal(who_told, {"process_csv", "record_csv"})


def test_reconcile_finds_nothing_missing(stack: Desk) -> None:
    """Everything that was put has its delivery."""
    found = stack.asks("reconcile", "--grace", "1d")
    assert (found["missing"]["count"], found["failed"]["count"], found["enqueued"]) == (0, 0, 0)
    assert found["versions"] == found["settled"] + found["pending"]


def test_up_after_a_kill_makes_up_for_what_the_emulator_forgot(tmp_path: Path) -> None:
    """The objects are there, the catalog is empty: without a word from anybody it is filled again."""
    desk = Desk(tmp_path)
    try:
        facts = desk.asks("up", "--detach", "--port", "0")
        first = desk.asks("put", str(SAMPLES / "orders.csv"), "--wait")
        os.killpg(facts["emulator"]["pid"], signal.SIGKILL)
        with desk.starts("up", "--detach", "--port", "0") as process:
            assert "1 that the catalog had lost are on the queue again" in process.communicate()[1]
        receipts = until(lambda: desk.asks("ls", "--state", "recorded"))
        assert [receipt["delivery_id"] for receipt in receipts] == [first["delivery_id"]]
    finally:
        desk.types("down")


def test_up_takes_the_feeds_that_the_settings_name_and_again_when_they_changed(tmp_path: Path) -> None:
    """Functions that run already begin anew with them, and it is said which ones they are."""
    desk = Desk(tmp_path)
    (tmp_path / ".env").write_text("CSVGATE_FEEDS=feeds.yaml\n")
    try:
        for name in ("first", "second"):
            (tmp_path / "feeds.yaml").write_text(f"feeds:\n  - {{name: {name}, key: '*.csv'}}\n")
            assert f"\nfeed {name}\t*.csv\n" in desk.types("up", "--detach", "--port", "0")
            assert desk.asks("put", str(SAMPLES / "orders.csv"), "--wait")["feed"] == name
    finally:
        desk.types("down")


def test_up_in_the_foreground_shows_deliveries_and_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C ends it; the endpoint is closed then."""
    desk = Desk(tmp_path)
    with desk.starts("up", "--port", "0") as process:
        assert process.stdout is not None
        endpoint = process.stdout.readline().split("\t")[1].strip()
        while not process.stdout.readline().startswith("log"):
            pass
        desk.types("put", str(SAMPLES / "orders.csv"), "--wait")
        assert "orders.csv" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
    assert process.returncode == 0
    assert not listens(int(endpoint.rpartition(":")[2]))
    assert desk.asks("status", code=3)["is_running"] is False


def test_the_demo_prints_four_receipts_and_leaves_nothing(tmp_path: Path) -> None:
    """From nothing; one of the samples is rejected, and that is the point."""
    verdicts = [receipt["verdict"] for receipt in Desk(tmp_path).asks("demo")]
    assert verdicts == ["ok", "warning", "warning", "rejected"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_demo_that_is_interrupted_leaves_nothing(tmp_path: Path, ending: signal.Signals) -> None:
    """Neither a process nor a directory, whenever the signal comes."""
    desk = Desk(tmp_path)
    desk.environment["TMPDIR"] = str(tmp_path)
    with desk.starts("demo") as process:
        until(lambda: list(tmp_path.glob("csvgate-demo-*/.csvgate/emulator.log")))
        process.send_signal(ending)
        process.wait(timeout=30)
    assert process.returncode == 130
    assert list(tmp_path.iterdir()) == []
    assert not running(tmp_path)
