"""A command in, a process group out; a group in, the members that still run, and the end of all of them, out.

Reads `/proc`, so that a process which nobody reaps (a zombie) counts as gone.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PROC = Path("/proc")
POLL_SECONDS = 0.02


def runs(pid: int) -> bool:
    """The process runs; if it was our child and has ended, the system may forget it."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    return _group_of(pid) is not None


def spawn(command: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
    """A process in a session and group of its own, with what it prints in a new log of its owner's alone; its id.

    Ctrl-C does not reach it, and its own children are with it.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), flags, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    return os.posix_spawn(command[0], [*command], environment, file_actions=actions, setsid=True)


def leads(pid: int) -> bool:
    """The process runs, and leads a group: it is no child of the one that is meant."""
    return _group_of(pid) == pid


def command_line(pid: int) -> tuple[str, ...]:
    """The arguments that the process was started with; none when it is gone."""
    try:
        raw = (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return ()
    return tuple(os.fsdecode(raw).rstrip("\0").split("\0"))


def members(group: int) -> tuple[int, ...]:
    """The processes of a group that still run."""
    return tuple(pid for pid in all_pids() if _group_of(pid) == group)


def end_group(group: int, *, patience: float) -> bool:
    """No process of the group runs any more: asked first (its leader saves its state), then killed.

    Whether its leader, which ran, ended by itself when it was asked.
    """
    was_asked = runs(group)
    _signal(group, signal.SIGTERM)
    ended = _wait_until_gone(group, leader_only=True, seconds=patience)
    if not ended:
        _signal(group, signal.SIGKILL)
    # Workers that were busy do not hear the first signal, or were started after it.
    while members(group):
        _signal(group, signal.SIGKILL)
        _wait_until_gone(group, leader_only=False, seconds=1)
    return was_asked and ended


def _wait_until_gone(group: int, *, leader_only: bool, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not (runs(group) if leader_only else members(group)):
            return True
        time.sleep(POLL_SECONDS)
    return False


def _signal(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)


def all_pids() -> tuple[int, ...]:
    """Every process of this machine."""
    return tuple(int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())


def _group_of(pid: int) -> int | None:
    """The process group, None for a process that is gone or a zombie (proc(5): `pid (name) state ppid pgrp`)."""
    try:
        state, _parent, group = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[:3]
    except OSError:
        return None
    return None if state in {"Z", "X"} else int(group)
