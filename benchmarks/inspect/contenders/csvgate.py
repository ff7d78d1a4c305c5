"""csvgate in one process, as a program calls it; the command line is measured as a command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.inspect.contenders.answer import Answer, tell
from csvgate.core.inspection import inspect

CHUNK = 1 << 20


def examine(path: Path) -> Answer:
    """What `inspect` says of the file."""

    def source() -> Iterator[bytes]:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    found = inspect(source)
    return {"rows": found.row_count, "columns": found.column_count, "verdict": found.verdict, "sha256": found.sha256}


if __name__ == "__main__":
    tell(examine)
