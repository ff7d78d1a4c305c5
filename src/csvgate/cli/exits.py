"""What became of a command in; its exit code out. They are part of the interface: scripts rely on them."""

from __future__ import annotations

REJECTED = 1
WRONG_USAGE = 2
SYSTEM_FAILED = 3
# As a shell reports a process that a signal ended: SIGINT and SIGPIPE.
INTERRUPTED = 130
NOBODY_READS = 141
