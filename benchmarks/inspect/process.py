"""A command in; what it cost, seen from outside, and what it printed, out."""

from __future__ import annotations

import os
import re
import resource
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

SAMPLE_MILLISECONDS = 50
PATIENCE_SECONDS = 600.0
# What takes more is ended before the machine is.
MOST_BYTES = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """A command that ended.

    `peak_bytes` is the kernel's high-water mark of the resident memory of its largest process or, where it ran as
    several, the greatest sum of their proportional shares (PSS) that was seen, whichever is more.
    `given_up` says why it was ended before its time.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    exit_code: int
    output: str
    complaint: str
    given_up: str | None = None


def run(command: list[str], *, patience: float = PATIENCE_SECONDS, most_bytes: int = MOST_BYTES) -> Ended:
    """The command ran to its end, or to that of our patience or memory."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        child = _started(command, output, errors)
        sampled, given_up = _watch(child.pid, patience, most_bytes)
        seconds = time.perf_counter() - began
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        return Ended(
            seconds=seconds,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            peak_bytes=_peak(usage.ru_maxrss * 1024, sampled),
            exit_code=child.returncode,
            output=_text(output),
            complaint=_text(errors),
            given_up=given_up,
        )


def _started(command: list[str], output: IO[bytes], errors: IO[bytes]) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, cwd=CHECKOUT, start_new_session=True
    )
    # If the machine runs out of memory, it is the contender that has to go.
    with suppress(OSError):
        Path(f"/proc/{child.pid}/oom_score_adj").write_text("1000", encoding="utf-8")
    return child


def _watch(pid: int, patience: float, most_bytes: int) -> tuple[int, str | None]:
    """The process has ended; the most memory that its tree was seen to have, and why it was ended if it was."""
    peak, given_up, deadline = 0, None, time.monotonic() + patience
    process = os.pidfd_open(pid)
    try:
        end = select.poll()
        end.register(process, select.POLLIN)
        while not end.poll(SAMPLE_MILLISECONDS):
            peak = max(peak, _bytes(pid))
            given_up = _too_much(peak, most_bytes, deadline)
            if given_up:
                _kill(pid)
    finally:
        os.close(process)
        # What it may have left behind must not disturb the next one.
        _kill(pid)
    return peak, given_up


def _too_much(peak: int, most_bytes: int, deadline: float) -> str | None:
    if peak > most_bytes:
        return f"it took more than {most_bytes / 1e9:.1f} GB"
    return "it took too long" if time.monotonic() > deadline else None


def _kill(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _peak(marked: int, sampled: int) -> int:
    """A process begins with the mark of the one that started it: below that, the samples know better."""
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return max(marked, sampled) if marked > ours else sampled or marked


def _bytes(pid: int) -> int:
    """The high-water mark of a process that is alone, the proportional shares of several."""
    tree = list(_tree(pid))
    if len(tree) > 1:
        return sum(_entry(member, "smaps_rollup", "Pss") for member in tree)
    return _entry(pid, "status", "VmHWM")


def _tree(pid: int) -> Iterator[int]:
    """The process and all that descend from it; a child belongs to the thread that started it."""
    yield pid
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text(encoding="utf-8").split():
                yield from _tree(int(child))


def _entry(pid: int, file: str, name: str) -> int:
    try:
        text = Path(f"/proc/{pid}/{file}").read_text(encoding="utf-8")
    except OSError:
        return 0
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
