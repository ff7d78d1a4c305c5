"""A second process counts columns: the figures of one, and nothing left of it, however it ends."""

from __future__ import annotations

import gzip
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from csvgate.core.inspection import Inspection, inspect
from csvgate.core.partner import Partner
from csvgate.local.processes import command_line
from csvgate.side_by_side import room, second
from tests.strategies import whole

ROWS = 120_000
ODD = 90_000


@pytest.fixture(autouse=True)
def company_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of some megabytes are large enough, and so is any machine."""
    monkeypatch.setattr("csvgate.core.bulk.shared.WORTH", 0)
    monkeypatch.setattr(room, "processors", lambda: 2)
    monkeypatch.setattr(room, "is_enough_memory", lambda: True)


@pytest.fixture(scope="module")
def data() -> bytes:
    """Columns of all kinds, and one odd record in the middle."""
    rows = (
        b'%d,%d.%02d,2024-%02d-%02d,"name ""%d""",%s\n'
        % (at, at % 977, at % 100, at % 12 + 1, at % 28 + 1, at % 40, b"x" * (at % 13))
        for at in range(ROWS)
    )
    lines = [b"id,price,day,name,note\n", *rows]
    lines[ODD] = b"odd\n"
    return b"".join(lines)


class Watched(second.Second):
    """Notes what it was asked; waits for the process to be there, so that it always takes part."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    @property
    def is_idle(self) -> bool:
        if self._process and not self._is_there:
            self._process._letters.poll(60)
        return super().is_idle

    def show(self, task: Callable[..., object], /, *arguments: object) -> None:
        self.asked += 1
        super().show(task, *arguments)

    @property
    def pid(self) -> int:
        assert self._process
        return self._process._child.pid


@contextmanager
def company(watched: Watched) -> Iterator[Partner]:
    """As the real one, with somebody watched."""
    try:
        yield watched
    finally:
        watched.close()


def together(data: bytes, watched: Watched | None = None) -> Inspection:
    """The inspection by two processes."""
    watched = watched or Watched()
    found = inspect(lambda: iter([data]), company=lambda: company(watched))
    assert watched.asked
    return found


def children() -> list[int]:
    """The second processes that run on this machine for us."""
    with suppress(OSError):
        own = Path(f"/proc/{os.getpid()}/task").glob("*/children")
        pids = [int(pid) for file in own for pid in file.read_text().split()]
        return [pid for pid in pids if any("side_by_side" in word for word in command_line(pid))]
    return []


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_two_processes_say_what_one_says(data: bytes, pack: Callable[[bytes], bytes]) -> None:
    stored = pack(data)
    assert together(stored) == inspect(whole(stored))
    assert children() == []


def test_a_partner_that_is_killed_is_not_missed(data: bytes) -> None:
    """The file is read again, alone, and the receipt does not hide it."""

    class Dying(Watched):
        def show(self, task: Callable[..., object], /, *arguments: object) -> None:
            super().show(task, *arguments)
            os.kill(self.pid, signal.SIGKILL)

    found, alone = together(data, Dying()), inspect(whole(data))
    assert (found.reads, found.columns, found.findings) == (2, alone.columns, alone.findings)
    assert children() == []


def test_a_source_that_fails_leaves_no_process(data: bytes) -> None:
    def source() -> Iterator[bytes]:
        yield data
        raise ConnectionResetError

    watched = Watched()
    with pytest.raises(ConnectionResetError):
        inspect(source, company=lambda: company(watched))
    assert watched.asked
    assert children() == []


def test_one_that_cannot_be_started_is_never_idle(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """No interpreter of that name; no program that answers."""
    for executable in ("/nowhere/python", "/bin/false"):
        monkeypatch.setattr(sys, "executable", executable)
        assert inspect(whole(data), company=second.company) == inspect(whole(data))


def test_there_is_one_second_process_at_a_time() -> None:
    with second.company() as one, second.company() as other:
        one.begin(None)
        other.begin(None)
        assert (one._process is None, other._process is None) == (False, True)  # type: ignore[attr-defined]
    with second.company() as third:
        third.begin(None)
        assert third._process is not None  # type: ignore[attr-defined]


def test_it_ends_with_a_parent_that_is_killed() -> None:
    """Nobody closed it: it notices."""
    script = (
        "from csvgate.side_by_side.process import Process; import time\n"
        "process = Process(); process.keep(None); process.answer()\n"
        "print(process._child.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    ended, _, _ = select.select([child], [], [], 60)
    os.close(child)
    assert ended
