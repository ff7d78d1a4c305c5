"""The installed `csvgate` in, a zip for Lambda out: the same bytes for the same code, whenever it is built.

python -m csvgate.local.package OUT
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
# A function has no terminal and no local stack. boto3 is part of Lambda's Python runtime.
LEFT_OUT = frozenset({"cli", "local", "infra", "samples", "__pycache__"})
# The earliest date that a zip can hold.
DATE = (1980, 1, 1, 0, 0, 0)
READABLE_FILE = 0o100644 << 16


def build(path: Path) -> Path:
    """The zip is there, an older one replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for file in _files():
            archive.writestr(_entry(file), file.read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=9)
    return path


def _files() -> Iterator[Path]:
    for file in sorted(PACKAGE.rglob("*")):
        if file.is_file() and LEFT_OUT.isdisjoint(file.relative_to(PACKAGE).parts):
            yield file


def _entry(file: Path) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(file.relative_to(PACKAGE.parent).as_posix(), date_time=DATE)
    entry.create_system = 3  # Unix, wherever it is built
    entry.external_attr = READABLE_FILE
    return entry


if __name__ == "__main__":
    print(build(Path(sys.argv[1])))  # noqa: T201  # the answer of the command
