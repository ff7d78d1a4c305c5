"""The installed `csvgate` in, a zip for Lambda out: the same bytes for the same code, whenever it is built.

python -m csvgate.local.package OUT [LIBRARIES]

LIBRARIES is a folder as `pip install --target` makes it: what is in it goes into the zip beside csvgate. Lambda has
another processor and another Python than this machine, so it holds other files than are installed here.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
# A function has no terminal, no service and no local stack. boto3 is part of Lambda's Python runtime.
LEFT_OUT = frozenset({"calls", "cli", "infra", "local", "memory", "samples", "web", "worker", "__pycache__"})
# Commands, and what pip notes of how it installed here.
NO_LIBRARY = frozenset({"bin", "__pycache__", "INSTALLER", "RECORD", "REQUESTED", "direct_url.json"})
# The earliest date that a zip can hold.
DATE = (1980, 1, 1, 0, 0, 0)
READABLE_FILE = 0o100644 << 16


def build(path: Path, libraries: Path | None = None) -> Path:
    """The zip is there, an older one replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, file in (*_files(), *(_libraries(libraries) if libraries else ())):
            archive.writestr(_entry(name), file.read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=9)
    return path


def _files() -> Iterator[tuple[str, Path]]:
    for file in sorted(PACKAGE.rglob("*")):
        if file.is_file() and LEFT_OUT.isdisjoint(file.relative_to(PACKAGE).parts):
            yield file.relative_to(PACKAGE.parent).as_posix(), file


def _libraries(folder: Path) -> Iterator[tuple[str, Path]]:
    """All of it but commands, and what pip and Python left here."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and NO_LIBRARY.isdisjoint(file.relative_to(folder).parts):
            yield file.relative_to(folder).as_posix(), file


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=DATE)
    entry.create_system = 3  # Unix, wherever it is built
    entry.external_attr = READABLE_FILE
    return entry


if __name__ == "__main__":
    print(build(*map(Path, sys.argv[1:3])))  # noqa: T201  # the answer of the command
