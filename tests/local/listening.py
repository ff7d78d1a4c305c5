"""A port in, the addresses that listen on it out; a process in, the ports on which it listens, out.

Reads `/proc`, as the small machines do that have no `ss`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

LISTENING = "0A"
LOOPBACK = "0100007F"


def listeners(port: int) -> set[str]:
    """The addresses (as in /proc/net/tcp) that listen on a port."""
    return {address for address, its_port, _ in _listening() if its_port == port}


def ports(pid: int) -> list[int]:
    """The ports on which a process of this user listens; one that is open at two addresses counts twice."""
    held = set()
    for descriptor in Path("/proc", str(pid), "fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            held.add(str(descriptor.readlink()))
    return [port for _, port, inode in _listening() if f"socket:[{inode}]" in held]


def _listening() -> Iterator[tuple[str, int, str]]:
    """Address, port and inode of each socket that waits for connections."""
    for table in ("tcp", "tcp6"):
        for line in Path("/proc/net", table).read_text().splitlines()[1:]:
            row = line.split()
            if row[3] == LISTENING:
                address, _, port = row[1].partition(":")
                yield address, int(port, 16), row[9]
