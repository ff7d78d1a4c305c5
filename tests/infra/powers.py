"""Where a command runs in a container in; that its first process is nobody, and may do and take no more, out."""

from __future__ import annotations

import re
from collections.abc import Callable

NOBODY = 10001
CAPABILITIES = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
FILTERED = "2"
# As both generations of the kernel's groups say it.
MEMORY = "touch /tmp/x; cat /sys/fs/cgroup/memory.max 2> /dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes"


def assert_hardened(inside: Callable[[str], str], refused: Callable[[str], str], memory: int) -> None:
    """As the kernel says of the process, not as a file says of the container."""
    status = dict(re.findall(r"^(\w+):\t(.*)$", inside("cat /proc/1/status"), re.MULTILINE))
    assert {status[name] for name in CAPABILITIES} == {"0" * 16}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", FILTERED)
    assert [status[name].split() for name in ("Uid", "Gid")] == [[str(NOBODY)] * 4] * 2
    assert "Read-only file system" in refused("touch /x")
    assert int(inside(f"sh -c '{MEMORY}'")) == memory
