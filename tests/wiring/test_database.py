"""One database for everything in a process: as many connections as threads, and a word if it lacks its tables."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from csvgate import wiring
from csvgate.aws.client import client
from csvgate.errors import PermanentError
from csvgate.local.emulator import Emulator
from csvgate.local.postgres import Postgres
from csvgate.settings import database, load
from tests.aws.provision import unique, where
from tests.postgres.provision import make_database
from tests.waiting import until_equal

CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def test_catalog_sink_and_outbox_share_one_connection(postgres: Postgres, tmp_path: Path) -> None:
    """A function container, which does one thing at a time, holds no more."""
    database_url = make_database(postgres)
    wiring.migrate(database_url)
    settings = load({"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "DATABASE_URL": database_url}, tmp_path)
    ports = wiring.ports(wiring.prepared(settings))
    assert (ports.catalog.get("nothing"), list(ports.view.newest())) == (None, [])
    assert (ports.sinks["postgresql"].count("nothing"), list(wiring.relay(settings).outbox.of("nothing"))) == (0, [])
    with psycopg.connect(database_url, autocommit=True) as connection:
        # The server takes a moment to see off whoever migrated.
        until_equal(lambda: connection.execute(CONNECTIONS).fetchone(), (1,))


def test_a_database_that_was_never_migrated_is_told_with_the_command(postgres: Postgres, tmp_path: Path) -> None:
    """Before anything was tried in it."""
    known = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "DATABASE_URL": make_database(postgres)}
    with pytest.raises(PermanentError, match="`csvgate migrate`"):
        wiring.prepared(load(known, tmp_path))


def test_a_database_of_which_a_secret_says_all_is_migrated_and_used(
    postgres: Postgres, emulator: Emulator, tmp_path: Path
) -> None:
    """No address of it is in the environment."""
    secrets = client("secretsmanager", **where(emulator.endpoint_url))
    held = json.dumps({"url": make_database(postgres)})
    name = secrets.create_secret(Name=unique("database"), SecretString=held)["Name"]
    known = {"AWS_ENDPOINT_URL": emulator.endpoint_url, "CSVGATE_DATABASE_SECRET": name}
    assert wiring.migrate(database(known, tmp_path))
    settings = wiring.prepared(load(known, tmp_path))
    assert wiring.ports(settings).sinks["postgresql"].count("nothing") == 0
    assert wiring.feeds(settings).feeds[0].sink == "postgresql"
