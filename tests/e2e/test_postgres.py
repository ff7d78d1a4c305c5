"""Files into the local stack, rows into its PostgreSQL: what a reader that knows nothing of csvgate finds there."""

from __future__ import annotations

import csv
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.e2e.test_cli_stack import SAMPLES, Desk, listens, running
from tests.waiting import until

FEEDS = """\
feeds:
  - {name: readings, key: in/*.csv, contract: readings.json, sink: postgresql}
"""
CONTRACT = """\
{"fields": [{"name": "id", "type": "integer", "constraints": {"required": true}},
            {"name": "note", "type": "string"}]}
"""
GOOD = 'id,note\n1,plain\n2,"a ""quote"", and a\nline break"\n3,\n'
BAD = "id,note\n4,fine\nfive,not a number\n6,fine again\n"
POSTMASTER = ".csvgate/postgres/data/postmaster.pid"
BROKEN_ROWS = {("five", "not a number")}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with a stack that has a database and a feed; after it nothing listens any more."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    for name, text in {"feeds.yaml": FEEDS, "readings.json": CONTRACT, "good.csv": GOOD, "bad.csv": BAD}.items():
        (desk.directory / name).write_text(text)
    facts = desk.asks("up", "--detach", "--port", "0", "--postgres", "--feeds", "feeds.yaml")
    try:
        yield desk
    finally:
        desk.types("down")
    ports = (facts["emulator"]["port"], psycopg.conninfo.conninfo_to_dict(facts["database_url"])["port"])
    assert not any(listens(int(port or 0)) for port in ports)


def in_files(desk: Desk, *names: str) -> list[tuple[int, str | None]]:
    """The rows that keep the contract, as Python's csv module reads the files; nothing is None in PostgreSQL."""
    rows: list[Sequence[str]] = []
    for name in names:
        with (desk.directory / name).open(newline="") as file:
            rows += list(csv.reader(file))[1:]
    return sorted((int(number), note or None) for number, note in rows if (number, note) not in BROKEN_ROWS)


def in_database(desk: Desk) -> list[tuple[Any, ...]]:
    """The rows that readers of the table see."""
    with psycopg.connect(desk.asks("status")["database_url"]) as connection:
        return connection.execute("SELECT id, note FROM csvgate_data.readings ORDER BY id").fetchall()


def test_rows_are_in_the_database_as_they_are_in_the_files_until_they_are_taken_back(desk: Desk) -> None:
    """Each once, without the one that breaks the contract; after an undo, without those of its file."""
    good = desk.asks("put", "good.csv", "--key", "in/good.csv", "--wait")
    bad = desk.asks("put", "bad.csv", "--key", "in/bad.csv", "--wait")
    assert in_database(desk) == in_files(desk, "good.csv", "bad.csv")
    loads = [receipt["load"] for receipt in (good, bad)]
    assert [(load["rows_loaded"], load["rows_quarantined"], load["verified"]) for load in loads] == [
        (3, 0, True),
        (2, 1, True),
    ]
    assert desk.asks("undo", "in/bad.csv")["rows_removed"] == 2
    assert in_database(desk) == in_files(desk, "good.csv")
    assert desk.asks("show", "in/bad.csv")["state"] == "undone"


def test_rows_that_were_taken_back_can_be_loaded_again_and_everything_agrees(desk: Desk) -> None:
    """The receipt says that it was for the second time."""
    load = desk.asks("reload", "in/bad.csv")["load"]
    assert (load["rows_loaded"], load["verified"], load["generation"]) == (2, True, 2)
    assert in_database(desk) == in_files(desk, "good.csv", "bad.csv")
    assert desk.asks("reconcile", "--grace", "0")["agrees"]


def test_a_second_up_keeps_all_as_it_was(desk: Desk) -> None:
    """The database, the feeds, and the rows."""
    before, rows = desk.asks("status"), in_database(desk)
    again = desk.asks("up", "--detach")
    assert {name: again[name] for name in ("database_url", "feeds")} == {
        name: before[name] for name in ("database_url", "feeds")
    }
    assert in_database(desk) == rows


def test_what_belongs_to_no_feed_is_recorded_and_not_loaded(desk: Desk) -> None:
    """A receipt, and no more."""
    receipt = desk.asks("put", "good.csv", "--key", "elsewhere.csv", "--wait")
    assert (receipt["state"], receipt.get("load")) == ("recorded", None)


def test_after_everything_was_killed_the_rows_are_there_once(tmp_path: Path) -> None:
    """The emulator forgets its catalog, and the files come again; the database knows them."""
    desk = Desk(tmp_path)
    try:
        facts = desk.asks("up", "--detach", "--port", "0", "--postgres")
        first = desk.asks("put", str(SAMPLES / "orders.csv"), "--wait")
        os.killpg(facts["emulator"]["pid"], signal.SIGKILL)
        os.kill(int((tmp_path / POSTMASTER).read_text().splitlines()[0]), signal.SIGKILL)
        database_url = desk.asks("up", "--detach", "--port", "0")["database_url"]
        again = until(lambda: desk.asks("ls", "--state", "loaded"))
        assert [receipt["load"] for receipt in again] == [first["load"]]
        with psycopg.connect(database_url) as connection:
            assert connection.execute("SELECT count(*) FROM csvgate.live_rows").fetchone() == (60,)
    finally:
        desk.types("down")


def test_the_demo_with_a_database_proves_its_rows_and_leaves_nothing(tmp_path: Path) -> None:
    """All that is in the samples and can be read as they say, counted in the database."""
    desk = Desk(tmp_path)
    desk.environment["TMPDIR"] = str(tmp_path)
    loads = [receipt["load"] for receipt in desk.asks("demo", "--postgres") if receipt["state"] == "loaded"]
    assert [(load["rows_loaded"] + load["rows_quarantined"], load["verified"]) for load in loads] == [
        (60, True),
        (24, True),
        (48, True),
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("moment", ["draft", "data/postmaster.pid"])
def test_a_demo_that_is_interrupted_while_its_database_comes_up_leaves_nothing(tmp_path: Path, moment: str) -> None:
    """While its files are made, and while it starts: the two moments at which it is neither here nor gone."""
    desk = Desk(tmp_path)
    desk.environment["TMPDIR"] = str(tmp_path)
    with desk.starts("demo", "--postgres") as process:
        until(lambda: list(tmp_path.glob(f"csvgate-demo-*/.csvgate/postgres/{moment}")))
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    assert process.returncode == 130
    assert list(tmp_path.iterdir()) == []
    assert not running(tmp_path)
