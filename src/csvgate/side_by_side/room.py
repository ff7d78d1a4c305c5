"""The machine in; whether a second process finds a processor and memory of its own, out."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

# With less memory than this one process is safe, and two are not.
ENOUGH_BYTES = 400 * 1024 * 1024
# Lambda shows two processors to every function and gives time on them by memory: below this, less than one's.
MACHINE_BYTES = 1769 * 1024 * 1024
_GROUPS = Path("/sys/fs/cgroup")
_MEMBERSHIP = Path("/proc/self/cgroup")
_LIMITS = ("memory.max", "memory.high", "memory.limit_in_bytes")


def processors() -> int:
    """How many processors this process may use."""
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min([own, *map(int, _quotas())])


def is_enough_memory() -> bool:
    """Nothing limits our memory so far that two processes would not fit; the machine is none of the smallest."""
    limits = [*_process_limits(), *_group_limits()]
    return _physical() >= MACHINE_BYTES and min(limits, default=ENOUGH_BYTES) >= ENOUGH_BYTES


def _physical() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _process_limits() -> Iterator[int]:
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
        soft, _ = resource.getrlimit(kind)
        if soft != resource.RLIM_INFINITY:
            yield soft


def _group_limits() -> Iterator[int]:
    for group in _groups("memory"):
        for limit in _LIMITS:
            if (text := _text(group / limit)).isdecimal():
                yield int(text)


def _quotas() -> Iterator[float]:
    """How many processors the control groups give us; less than one is one."""
    for group in _groups("cpu"):
        quota, _, period = _text(group / "cpu.max").partition(" ")
        if not quota:
            quota, period = _text(group / "cpu.cfs_quota_us"), _text(group / "cpu.cfs_period_us")
        if quota.isdecimal() and period.isdecimal():
            yield max(1.0, int(quota) / int(period))


def _groups(controller: str) -> Iterator[Path]:
    """The control group that we are in, and all around it: version 2, or version 1 of the controller."""
    for line in _text(_MEMBERSHIP).splitlines():
        _, names, path = line.split(":", 2)
        if names and controller not in names.split(","):
            continue
        root = _GROUPS / controller if names else _GROUPS
        own = root / path.lstrip("/")
        yield own
        yield from (parent for parent in own.parents if parent.is_relative_to(root))


def _text(file: Path) -> str:
    with suppress(OSError):
        return file.read_text(encoding="ascii").strip()
    return ""
