"""What became of a command in; its exit code out. They are part of the interface: scripts rely on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

REJECTED = 1
# As `diff` says it.
DIFFERS = 1
WRONG_USAGE = 2
SYSTEM_FAILED = 3
# As a shell reports a process that a signal ended: SIGINT and SIGPIPE.
INTERRUPTED = 130
NOBODY_READS = 141


def exit_code(receipts: Iterable[Mapping[str, Any]]) -> int:
    """3 if one failed, else 1 if one was rejected, else 0."""
    states = {receipt["state"] for receipt in receipts}
    return SYSTEM_FAILED if "failed" in states else REJECTED if "rejected" in states else 0
