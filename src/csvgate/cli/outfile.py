"""A name in; a file that appears under it whole or not at all, or standard output, out."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from csvgate.errors import UsageError

STANDARD_OUTPUT = "-"


class OutFile:
    """Text goes to a file beside the wanted one, which takes its place when it is `published`."""

    def __init__(self, path: Path) -> None:
        """The file beside is open, and no other program uses it."""
        self._path = path
        self._part = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._file: IO[bytes] = self._part.open("xb")

    def write(self, text: str | bytes) -> None:
        """The text, as UTF-8 or as the bytes that it is, is behind what was written before."""
        self._file.write(_bytes_of(text))

    def publish(self) -> None:
        """The file stands under its name, with all that was written, on disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if self._path.exists():
            shutil.copymode(self._path, self._part)
        self._part.replace(self._path)

    def discard(self) -> None:
        """Of what was not published nothing is left."""
        self._file.close()
        self._part.unlink(missing_ok=True)


class OutStream:
    """Text goes to standard output, or to what is no regular file: it cannot be taken back."""

    def __init__(self, file: IO[bytes]) -> None:
        """The stream is open, and stays so."""
        self._file = file

    def write(self, text: str | bytes) -> None:
        """The text, as UTF-8 or as the bytes that it is, is on its way."""
        self._file.write(_bytes_of(text))

    def publish(self) -> None:
        """Nothing is held back."""
        self._file.flush()


def is_same(one: str, other: str | None) -> bool:
    """Whether two names lead to the same file."""
    if other is None or one == other:
        return one == other
    if Path(one).exists() and Path(other).exists():
        return Path(one).samefile(other)
    return STANDARD_OUTPUT not in (one, other) and Path(one).resolve() == Path(other).resolve()


def placed(name: str) -> str:
    """The name, if a file can stand under it: said before any work is done, not at its end."""
    if name == STANDARD_OUTPUT:
        return name
    path = Path(name)
    if path.is_dir():
        problem = f"{name!r} is a directory; name the file in it"
        raise UsageError(problem)
    if not path.parent.is_dir():
        problem = f"there is no directory {str(path.parent)!r}"
        raise UsageError(problem)
    return name


@contextmanager
def writing(name: str) -> Iterator[OutFile | OutStream]:
    """Something to write to; what was not published when the block ends does not stay."""
    with ExitStack() as stack:
        placed(name)
        if name == STANDARD_OUTPUT:
            yield OutStream(sys.stdout.buffer)
        elif Path(name).exists() and not Path(name).is_file():
            yield OutStream(stack.enter_context(Path(name).open("wb")))
        else:
            out = OutFile(Path(name))
            stack.callback(out.discard)
            yield out


def _bytes_of(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
