"""A number of bytes in; a hard limit on the memory of a command, and how it is enforced, out.

A control group counts everything, the page cache too, and kills what needs more. Where none can be made, the limit is
that of a process on its data (RLIMIT_DATA), which is less: no page cache, no shared memory, no sum over a tree.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")
# cgroup v1 and v2: the limit, the swap that must not help, the peak.
FILES = (
    ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.max_usage_in_bytes"),
    ("memory.max", "memory.swap.max", "memory.peak"),
)
JOIN = 'echo $$ > "$0/cgroup.procs" && exec "$@"'
LIMIT = 'ulimit -d "$0" && exec "$@"'


@dataclass(frozen=True, kw_only=True, slots=True)
class Cap:
    """A hard limit: the command that begins with `prefix` stands under it."""

    kind: str
    prefix: tuple[str, ...]
    peak: Path | None = None

    def peak_bytes(self) -> int | None:
        """The most that was counted so far, where it is counted."""
        return int(self.peak.read_text(encoding="utf-8")) if self.peak and self.peak.exists() else None


@contextmanager
def capped(size: int) -> Iterator[Cap]:
    """A limit of so many bytes; it is gone afterwards."""
    group = _own_group() / f"csvgate-benchmark-{os.getpid()}"
    try:
        yield _group_cap(group, size) or _process_cap(size)
    finally:
        with suppress(OSError):
            group.rmdir()


def _group_cap(group: Path, size: int) -> Cap | None:
    """A control group below our own, if the system lets us make one with a limit."""
    with suppress(OSError):
        group.mkdir()
        for limit, swap, peak in FILES:
            if (group / limit).exists():
                (group / limit).write_text(str(size), encoding="utf-8")
                with suppress(OSError):
                    (group / swap).write_text(str(size) if "memsw" in swap else "0", encoding="utf-8")
                return Cap(
                    kind="a control group, page cache included",
                    prefix=("sh", "-c", JOIN, str(group)),
                    peak=group / peak,
                )
    return None


def _process_cap(size: int) -> Cap:
    return Cap(kind="RLIMIT_DATA, no control group could be made", prefix=("sh", "-c", LIMIT, str(size // 1024)))


def _own_group() -> Path:
    """The control group of memory that this process is in."""
    entries = [line.split(":", 2) for line in MEMBERSHIP.read_text(encoding="utf-8").splitlines()]
    paths = {name: path for _, names, path in entries for name in names.split(",")}
    if "memory" in paths:
        return ROOT / "memory" / paths["memory"].lstrip("/")
    return ROOT / paths.get("", "/").lstrip("/")
