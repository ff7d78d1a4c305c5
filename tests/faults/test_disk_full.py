"""A disk that is full in mid COPY costs no row, and what did not fit is loaded when there is room again."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from resource import RLIM_INFINITY, RLIMIT_FSIZE, prlimit

import psycopg

from csvgate.errors import TransientError
from csvgate.local.postgres import Postgres
from csvgate.postgres.connection import Database
from csvgate.postgres.migration import migrate
from csvgate.postgres.sink import PostgresSink
from tests.ports.contents import Table, target, version
from tests.postgres.provision import drop_database, make_database

TIGHT, ROOMY = "24m", "200m"
FILE_LIMIT = 20_000_000
INTO = target("id", "text")
# About five megabytes in PostgreSQL.
CONTENT = Table(cells=[[str(number), "x" * 200] for number in range(20_000)])
FILES = range(8)

MakeRoom = Callable[[], object]


@contextmanager
def tight_disk(server: Postgres) -> Iterator[tuple[str, MakeRoom]]:
    """A database on a disk of its own that is full soon, and how to make room on it; mounting takes root."""
    folder = tempfile.mkdtemp()
    mount = ["mount", "-t", "tmpfs", "tmpfs", folder, "-o"]
    owner = (server.folder / "data").stat()
    subprocess.run([*mount, f"size={TIGHT},mode=700,uid={owner.st_uid},gid={owner.st_gid}"], check=True)
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE tight LOCATION '{folder}'".encode())
        database_url = make_database(server, "TABLESPACE tight")
        try:
            yield database_url, lambda: subprocess.run([*mount, f"remount,size={ROOMY}"], check=True)
        finally:
            drop_database(server, database_url)
            connection.execute("DROP TABLESPACE tight")
            subprocess.run(["umount", folder], check=True)


@contextmanager
def small_files(server: Postgres) -> Iterator[tuple[str, MakeRoom]]:
    """The same for who is not root: no file of a connection that is made now may grow beyond a limit."""
    postmaster = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    prlimit(postmaster, RLIMIT_FSIZE, (FILE_LIMIT, RLIM_INFINITY))
    try:
        yield make_database(server), lambda: prlimit(postmaster, RLIMIT_FSIZE, (RLIM_INFINITY, RLIM_INFINITY))
    finally:
        prlimit(postmaster, RLIMIT_FSIZE, (RLIM_INFINITY, RLIM_INFINITY))


def loaded(database_url: str) -> list[int]:
    """Which of the files could be loaded; of each the rows are counted."""
    with Database(database_url) as database:
        migrate(database)
        fitted = [number for number in FILES if fits(PostgresSink(database), number)]
        counts = [PostgresSink(database).count(version(number).delivery_id) for number in FILES]
    assert counts == [len(CONTENT.cells) if number in fitted else 0 for number in FILES]
    return fitted


def fits(sink: PostgresSink, number: int) -> bool:
    try:
        return sink.load(version(number), INTO, CONTENT).rows_loaded == len(CONTENT.cells)
    except TransientError:
        return False


def test_a_full_disk_leaves_whole_files_and_the_others_follow_when_there_is_room(
    postgres: Postgres,
) -> None:
    disk = tight_disk(postgres) if os.geteuid() == 0 else small_files(postgres)
    with disk as (database_url, make_room):
        assert 0 < len(loaded(database_url)) < len(FILES)
        make_room()
        assert loaded(database_url) == list(FILES)
