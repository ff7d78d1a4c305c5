"""A port in; the addresses that listen on it out."""

from __future__ import annotations

from pathlib import Path

LISTENING = "0A"
LOOPBACK = "0100007F"


def listeners(port: int) -> set[str]:
    """The addresses (as in /proc/net/tcp) that listen on a port."""
    rows = [line.split() for table in ("tcp", "tcp6") for line in Path("/proc/net", table).read_text().splitlines()[1:]]
    return {row[1].partition(":")[0] for row in rows if row[3] == LISTENING and row[1].endswith(f":{port:04X}")}
