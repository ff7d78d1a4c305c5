"""A data directory in, an embedded AWS that listens on the loopback address out: MiniStack as a child process.

Nothing else knows which emulator it is. MiniStack has no login and runs uploaded code on this machine,
so it is bound to 127.0.0.1 and is given an environment of its own, made here from nothing:
no secret and no real credential of the caller reaches it or the functions in it.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

from csvgate.errors import PermanentError, UsageError
from csvgate.local import processes
from csvgate.local.sockets import HOST, any_free, is_free

PACKAGE = "ministack"
USUAL_PORT = 4566
START_SECONDS = 30.0
STOP_SECONDS = 15.0
HEALTH_PATH = "/_ministack/health"
LOG_TAIL_LINES = 15
# Files that mark a data directory: an emulator writes its state only at its end; and one had no such end.
UNSAVED, CUT_OFF = "unsaved", "cut-off"
# Nobody there yet, or something that is no MiniStack.
NO_ANSWER = (OSError, http.client.HTTPException, ValueError, KeyError, TypeError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Emulator:
    """An embedded AWS that was started, by us or by an earlier process; leaving the context stops it."""

    pid: int
    port: int
    data_dir: Path

    @property
    def log(self) -> Path:
        """What it and its functions complained of."""
        return self.data_dir / "emulator.log"

    @property
    def endpoint_url(self) -> str:
        """Where clients reach it."""
        return f"http://{HOST}:{self.port}"

    @property
    def is_alive(self) -> bool:
        """It still runs; another process that got its number does not count."""
        return processes.runs(self.pid) and _recognise(self.pid, self.data_dir) == self

    def stop(self) -> None:
        """Nothing of it runs any more, and what it held is on disk; stopping twice changes nothing."""
        # When it died by itself, functions that were busy may have outlived it.
        if self.is_alive or not processes.runs(self.pid):
            has_saved = processes.end_group(self.pid, patience=STOP_SECONDS)
            if has_saved:
                (self.data_dir / UNSAVED).unlink(missing_ok=True)

    def __enter__(self) -> Self:
        """The running emulator."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """It is stopped, whatever happened meanwhile."""
        self.stop()


def start(data_dir: Path, *, port: int | None = None, fresh: bool = False) -> Emulator:
    """An emulator that answers, its state below `data_dir`, where the last one's state is found again.

    port: 4566 if that is free, else any; 0 is any free one; a port that was asked for and is taken is an error.
    fresh: what an earlier emulator left is removed first.
    """
    if find_spec(PACKAGE) is None:
        message = "The embedded AWS is not installed. Install it with: pip install 'csvgate[local]'"
        raise UsageError(message)
    data_dir = data_dir.resolve()
    port = _choose_port(port)
    _prepare(data_dir, fresh=fresh)
    _move_state(data_dir, port)
    emulator = _spawn(data_dir, port)
    try:
        _wait_until_ready(emulator)
    except BaseException:
        processes.end_group(emulator.pid, patience=STOP_SECONDS)
        raise
    return emulator


def find(data_dir: Path) -> Emulator | None:
    """The emulator that runs on this data directory, whoever started it."""
    known = (_recognise(pid, data_dir.resolve()) for pid in processes.all_pids())
    return next((emulator for emulator in known if emulator), None)


def was_cut_off(data_dir: Path) -> bool:
    """An emulator of this data directory was killed: its objects are there, and all else as its last good end left it.

    It stays true until somebody has made up for it, and says so with `recovered`.
    """
    return (data_dir / CUT_OFF).exists()


def recovered(data_dir: Path) -> None:
    """What a killed emulator forgot has been made up for."""
    (data_dir / CUT_OFF).unlink(missing_ok=True)


def _prepare(data_dir: Path, *, fresh: bool) -> None:
    # The emulator leaves the unpacked code of its workers behind when it dies.
    for name in ("state", "s3", "scratch") if fresh else ("scratch",):
        shutil.rmtree(data_dir / name, ignore_errors=True)
    for name in ("state", "s3", "scratch"):
        (data_dir / name).mkdir(parents=True, exist_ok=True)
    if fresh:
        recovered(data_dir)
    elif (data_dir / UNSAVED).exists():
        (data_dir / CUT_OFF).touch()
    (data_dir / UNSAVED).touch()


def _move_state(data_dir: Path, port: int) -> None:
    """What was saved names this port: MiniStack finds a queue by its whole address, and forgets it under another."""
    note = data_dir / "state" / "port"
    old, new = (f"{HOST}:{number}".encode() for number in (note.read_text() if note.exists() else port, port))
    for saved in (data_dir / "state").glob("*.json") if old != new else ():
        saved.write_bytes(saved.read_bytes().replace(old, new))
    note.write_text(str(port))


def _choose_port(wanted: int | None) -> int:
    if wanted and not is_free(wanted):
        message = f"Port {wanted} is in use. Choose another one, or leave it out to get a free one."
        raise UsageError(message)
    if wanted is None and is_free(USUAL_PORT):
        return USUAL_PORT
    return wanted or any_free()


def _arguments(data_dir: Path, port: int) -> tuple[str, ...]:
    """What makes the process recognisable: `-X` options that mean nothing to Python."""
    return ("-X", f"csvgate-data={data_dir}", "-X", f"csvgate-port={port}", "-m", PACKAGE)


def _recognise(pid: int, data_dir: Path) -> Emulator | None:
    """The process as our emulator, or None if it is anything else."""
    arguments = processes.command_line(pid)[1:]
    port = arguments[3].rpartition("=")[2] if len(arguments) == len(_arguments(data_dir, 0)) else ""
    if not port.isdecimal() or arguments != _arguments(data_dir, int(port)):
        return None
    return Emulator(pid=pid, port=int(port), data_dir=data_dir)


def _spawn(data_dir: Path, port: int) -> Emulator:
    emulator = Emulator(pid=0, port=port, data_dir=data_dir)
    command = (sys.executable, *_arguments(data_dir, port))
    return replace(emulator, pid=processes.spawn(command, _environment(data_dir, port), emulator.log))


def _environment(data_dir: Path, port: int) -> Mapping[str, str]:
    return {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.defpath)),
        "HOME": str(Path.home()),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        # Functions get the emulator's dummy credentials, never those in the person's home directory.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "PERSIST_STATE": "1",
        "S3_PERSIST": "1",
        "STATE_DIR": str(data_dir / "state"),
        "S3_DATA_DIR": str(data_dir / "s3"),
        "TMPDIR": str(data_dir / "scratch"),
        # Comes back in the health document: proof that the answer is from this emulator and not from
        # another one that took the port between our look and its start.
        "MINISTACK_EDITION": _name(data_dir),
    }


def _name(data_dir: Path) -> str:
    return f"csvgate {data_dir}"


def _wait_until_ready(emulator: Emulator) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and processes.runs(emulator.pid):
        if _edition(emulator.port) == _name(emulator.data_dir):
            return
        time.sleep(processes.POLL_SECONDS)
    how = "does not answer" if processes.runs(emulator.pid) else "ended at once"
    message = f"The emulator {how}. The end of its log ({emulator.log}):\n{_tail(emulator.log)}"
    raise PermanentError(message)


def _edition(port: int) -> str | None:
    """What the emulator on this port calls itself; asked without any proxy that the environment may name."""
    connection = http.client.HTTPConnection(HOST, port, timeout=1)
    with contextlib.closing(connection), contextlib.suppress(*NO_ANSWER):
        connection.request("GET", HEALTH_PATH)
        return str(json.load(connection.getresponse())["edition"])
    return None


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(lines[-LOG_TAIL_LINES:])
