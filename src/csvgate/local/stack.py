"""A data directory in, the local stack up, down, or what there is of it out."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict, Unpack
from urllib.parse import urlsplit

from csvgate.errors import UsageError
from csvgate.local import emulator as embedded
from csvgate.local import facts as stack_file
from csvgate.local.deployment import BUCKET, Progress, Trigger, deploy, quietly
from csvgate.local.emulator import Emulator
from csvgate.local.facts import EmulatorFacts, StackFacts
from csvgate.local.services import require_local

__all__ = ["StackFacts", "Status", "Wish", "deploy", "down", "status", "up"]


class Wish(TypedDict, total=False):
    """What may be asked of a stack.

    port: for the embedded AWS; 4566 if that is free, else any; 0 is any free one.
    endpoint_url: an emulator on this machine that runs already, instead of the embedded one.
    bucket, trigger: where files arrive, and who is told of it.
    """

    port: int | None
    endpoint_url: str | None
    bucket: str
    trigger: Trigger


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """What is known of the stack of a data directory, and whether its endpoint answers."""

    facts: StackFacts | None
    is_running: bool


def up(data_dir: Path, *, progress: Progress = quietly, **wish: Unpack[Wish]) -> StackFacts:
    """The stack runs and is complete, also where one ran already; `stack.json` tells other commands of it."""
    with _alone_in(data_dir):
        running = embedded.find(data_dir)
        if running:
            _check_wish(running, wish)
            progress(f"a stack runs already at {running.endpoint_url}: deploying into it again")
            return _deploy(data_dir, running, progress, wish)
        endpoint_url = wish.get("endpoint_url")
        if endpoint_url:
            require_local(endpoint_url)
            return _deploy(data_dir, endpoint_url, progress, wish)
        progress("starting the embedded AWS")
        return _start_and_deploy(data_dir, progress, wish)


def down(data_dir: Path) -> Emulator | None:
    """Nothing of the stack runs any more; its state stays on disk. The answer is what was stopped.

    An emulator that was there before us is left alone.
    """
    if not data_dir.is_dir():
        return None
    with _alone_in(data_dir):
        running = embedded.find(data_dir)
        if running:
            running.stop()
        stack_file.forget(data_dir)
        return running


def status(data_dir: Path) -> Status:
    """What `stack.json` says, and whether it is still true."""
    facts = stack_file.read(data_dir)
    return Status(facts=facts, is_running=facts is not None and _is_running(data_dir, facts))


def _start_and_deploy(data_dir: Path, progress: Progress, wish: Wish) -> StackFacts:
    started = embedded.start(data_dir, port=wish.get("port"))
    try:
        return _deploy(data_dir, started, progress, wish)
    except BaseException:
        started.stop()
        raise


def _deploy(data_dir: Path, where: Emulator | str, progress: Progress, wish: Wish) -> StackFacts:
    endpoint_url = where if isinstance(where, str) else where.endpoint_url
    facts = deploy(
        endpoint_url,
        bucket=wish.get("bucket", BUCKET),
        trigger=wish.get("trigger", "queue"),
        progress=progress,
    )
    if isinstance(where, Emulator):
        facts = replace(facts, emulator=EmulatorFacts(pid=where.pid, port=where.port, log=str(where.log)))
    stack_file.write(data_dir, facts)
    return facts


def _check_wish(running: Emulator, wish: Wish) -> None:
    """A wish for another place is not met by the stack that runs."""
    other_port = (wish.get("port") or running.port) != running.port
    if other_port or (wish.get("endpoint_url") or running.endpoint_url) != running.endpoint_url:
        message = f"A stack runs already at {running.endpoint_url}. Stop it first: csvgate down."
        raise UsageError(message)


def _is_running(data_dir: Path, facts: StackFacts) -> bool:
    return embedded.find(data_dir) is not None if facts.emulator else _answers(facts.endpoint_url)


def _answers(endpoint_url: str) -> bool:
    parts = urlsplit(endpoint_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname, port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def _alone_in(data_dir: Path) -> Iterator[None]:
    """No other process starts or stops this stack meanwhile; the system forgets the lock with the process."""
    data_dir.mkdir(parents=True, exist_ok=True)
    lock = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
