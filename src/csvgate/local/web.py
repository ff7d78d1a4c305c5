"""A deployed stack in, the upload service over it as a child process out: `csvgate web`, on the loopback address."""

from __future__ import annotations

import contextlib
import http.client
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from csvgate import settings
from csvgate.errors import PermanentError
from csvgate.local import processes, sockets
from csvgate.local.facts import StackFacts
from csvgate.variables import SETTINGS

USUAL_PORT = 8080
START_SECONDS, STOP_SECONDS = 60.0, 25.0
LOG_TAIL_LINES = 15
PROGRAM = "from csvgate.cli import main; main()"
TOKEN_FILE = "token"  # noqa: S105  a name, not one
# Of the caller's environment the service sees these, and neither secrets nor another stack.
HEARD = frozenset({"announce", "max_upload_bytes", "uploads_per_minute", "upload_bytes_per_minute"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Web:
    """An upload service that was started, by us or by an earlier process."""

    pid: int
    port: int
    data_dir: Path

    @property
    def log(self) -> Path:
        """A line for each request, and what the service complained of."""
        return self.data_dir / "web.log"

    @property
    def url(self) -> str:
        """Where browsers find it."""
        return f"http://{sockets.HOST}:{self.port}"

    @property
    def token_file(self) -> Path:
        """Where the token is with which one signs in."""
        return self.data_dir / TOKEN_FILE

    def stop(self) -> None:
        """Nothing of it runs any more; uploads that were under way had some time to end."""
        processes.end_group(self.pid, patience=STOP_SECONDS)


def start(data_dir: Path, facts: StackFacts, port: int | None = None) -> Web:
    """A service that answers, over the stack of that directory; none runs there yet.

    port: 8080 if nothing is said, and any free one if that is taken; 0 is any free one.
    """
    data_dir = data_dir.resolve()
    wanted = USUAL_PORT if port is None else port
    # Somebody else may take the port between our look and its start.
    for chosen in (wanted if wanted and sockets.is_free(wanted) else sockets.any_free(), sockets.any_free()):
        if web := _started(Web(pid=0, port=chosen, data_dir=data_dir), facts):
            return web
    log = Web(pid=0, port=0, data_dir=data_dir).log
    message = f"The upload service does not start. The end of its log ({log}):\n{_tail(log)}"
    raise PermanentError(message)


def find(data_dir: Path) -> Web | None:
    """The service that runs on this data directory, whoever started it."""
    known = (_recognise(pid, data_dir.resolve()) for pid in processes.all_pids())
    return next((web for web in known if web), None)


def _arguments(web: Web) -> tuple[str, ...]:
    """What makes the process recognisable: an `-X` option that means nothing to Python."""
    mark = ("-X", f"csvgate-web={web.data_dir}", "-c", PROGRAM)
    return (*mark, "web", "--listen", f"{sockets.HOST}:{web.port}")


def _recognise(pid: int, data_dir: Path) -> Web | None:
    """The process as our service, or None if it is anything else, or only a part of it."""
    arguments = processes.command_line(pid)[1:]
    port = arguments[-1].rpartition(":")[2] if arguments else ""
    web = Web(pid=pid, port=int(port), data_dir=data_dir) if port.isdecimal() else None
    return web if web and arguments == _arguments(web) and processes.leads(pid) else None


def _started(web: Web, facts: StackFacts) -> Web | None:
    """The service, if it answers; else nothing of it is left."""
    command = (sys.executable, *_arguments(web))
    web = replace(web, pid=processes.spawn(command, _environment(web, facts), web.log))
    answers = False
    try:
        answers = _answers_in_time(web)
    finally:
        if not answers:
            web.stop()
    return web if answers else None


def _environment(web: Web, facts: StackFacts) -> Mapping[str, str]:
    given = settings.environment()
    heard = {each.name: given[each.name] for each in SETTINGS if each.field in HEARD and each.name in given}
    return {
        **heard,
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "CSVGATE_TARGET": "local",
        "CSVGATE_DATA_DIR": str(web.data_dir),
        "AWS_ENDPOINT_URL": facts.endpoint_url,
        "S3_BUCKET_NAME": facts.bucket,
        **({"CSVGATE_FEEDS": facts.feeds} if facts.feeds else {}),
    }


def _answers_in_time(web: Web) -> bool:
    """It answers; False if it ended, or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and processes.runs(web.pid):
        if _is_healthy(web.port):
            return processes.runs(web.pid)
        time.sleep(processes.POLL_SECONDS)
    return False


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(sockets.HOST, port, timeout=5)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz")
        return connection.getresponse().read() == b"ok\n"
    return False


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(lines[-LOG_TAIL_LINES:])
