"""The embedded PostgreSQL: on the loopback address only, behind a password, never as root, and it survives a crash."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from csvgate.errors import UsageError
from csvgate.local import postgres as embedded
from csvgate.local import processes
from csvgate.local.postgres import Postgres
from tests.local.listening import LOOPBACK, listeners
from tests.waiting import until


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A server whose end is no other test's business, in a folder that only its owner may enter."""
    with embedded.start(tmp_path_factory.mktemp("own"), port=0) as running:
        yield running


def pid_of(server: Postgres) -> int:
    return int((server.folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def ask(server: Postgres, question: str) -> object:
    """The one value of the answer."""
    with psycopg.connect(server.database_url) as connection:
        (answer,) = connection.execute(question.encode()).fetchone() or (None,)
    return answer


def test_it_listens_on_the_loopback_address_only(server: Postgres) -> None:
    assert listeners(server.port) == {LOOPBACK}


def test_nobody_gets_in_without_the_password(server: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(server.database_url.partition("?")[0], passfile=os.devnull)


def test_the_password_is_in_a_file_that_only_we_can_read(server: Postgres) -> None:
    passfile = server.folder / "pgpass"
    assert (passfile.stat().st_mode & 0o777, passfile.stat().st_uid) == (0o600, os.geteuid())
    assert passfile.read_text().strip().rpartition(":")[2] not in server.database_url


def test_it_never_runs_as_root(server: Postgres) -> None:
    assert Path(f"/proc/{pid_of(server)}").stat().st_uid != 0


def test_who_runs_it_for_root_may_use_programs_behind_closed_doors(tmp_path: Path) -> None:
    """As in `/root`; initdb asks whether it may before it does."""
    program = tmp_path / "program"
    program.touch(mode=0o755)
    tmp_path.chmod(0o700)
    asks = "import os, sys; sys.exit(not os.access(sys.argv[1], os.X_OK))"
    asked = subprocess.run([*embedded._servant(tmp_path), sys.executable, "-c", asks, program], check=False)
    assert asked.returncode == 0


def test_starting_it_twice_gives_the_one_that_runs(server: Postgres) -> None:
    assert embedded.start(server.folder.parent) == embedded.find(server.folder.parent) == server


def test_a_port_that_is_taken_is_said(server: Postgres, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"Port {server.port} is taken"):
        list(embedded._free_ports([server.port]))


def test_what_was_committed_outlives_a_kill(server: Postgres) -> None:
    with psycopg.connect(server.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    killed = pid_of(server)
    os.kill(killed, signal.SIGKILL)
    while processes.runs(killed):
        pass
    again = embedded.start(server.folder.parent)
    assert again == server
    assert ask(again, "SELECT count(*) FROM kept") == 1000


def test_a_number_that_another_process_has_by_now_keeps_no_server_from_starting(server: Postgres) -> None:
    """As where a container begins anew on the same files."""
    file = server.folder / "data" / "postmaster.pid"
    number, *rest = file.read_text().splitlines(keepends=True)
    os.kill(int(number), signal.SIGKILL)
    until(lambda: not processes.runs(int(number)))
    with subprocess.Popen([*embedded._servant(server.folder), "sleep", "60"]) as another:
        file.write_text("".join([f"{another.pid}\n", *rest]))
        assert embedded.start(server.folder.parent) == server
        another.kill()


def test_stopped_it_is_gone_and_stopping_twice_is_no_error(server: Postgres) -> None:
    pid = pid_of(server)
    server.stop()
    server.stop()
    assert not processes.runs(pid)
    assert embedded.find(server.folder.parent) is None
