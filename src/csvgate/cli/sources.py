"""What a person names on the command line in (a path, `-`, `s3://bucket/key`); bytes that can be read again out."""

from __future__ import annotations

import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from csvgate.cli.console import Advance, progress
from csvgate.core.inspection import Source
from csvgate.delivery import Arrival
from csvgate.delivery_json import instant
from csvgate.errors import UsageError

CHUNK = 1 << 20
STANDARD_INPUT = "-"
S3 = "s3://"


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedSource:
    """A file under the name its receipt shows; `facts` are those that its bytes do not tell."""

    filename: str
    size: int
    source: Source
    facts: Mapping[str, Any] = field(default_factory=dict)


def checked(name: str) -> str:
    """The name, if it can be opened at all: said before any work is done, not in the middle of it."""
    if name == STANDARD_INPUT or name.startswith(S3):
        return name
    try:
        mode = Path(name).stat().st_mode
    except FileNotFoundError:
        problem = f"there is no file {name!r}{_instead(name)}"
        raise UsageError(problem) from None
    except (OSError, ValueError) as exc:
        problem = f"{name!r} cannot be opened: {getattr(exc, 'strerror', None) or exc}"
        raise UsageError(problem) from None
    if stat.S_ISDIR(mode):
        problem = f"{name!r} is a directory; name the files in it, such as {name.rstrip('/')}/*.csv"
        raise UsageError(problem)
    return name


def _instead(name: str) -> str:
    """What to do where somebody gives the address of a file."""
    is_address = name.startswith(("http://", "https://"))
    return "; csvgate fetches nothing from the web: download it, or pipe it in as -" if is_address else ""


@contextmanager
def opened(name: str) -> Iterator[NamedSource]:
    """The file under that name, as a source that can be read again."""
    if name.startswith(S3):
        yield stored(name)
        return
    with on_disk(name) as path:
        filename = name if name == STANDARD_INPUT else Path(name).name
        yield NamedSource(filename=filename, size=path.stat().st_size, source=reader(path))


@contextmanager
def on_disk(name: str) -> Iterator[Path]:
    """Where the file lies; what can be read only once (a pipe) lies in a temporary file meanwhile."""
    if name != STANDARD_INPUT and Path(name).is_file():
        yield Path(name)
        return
    with tempfile.NamedTemporaryFile(prefix="csvgate-") as spool:
        with sys.stdin.buffer if name == STANDARD_INPUT else Path(name).open("rb") as pipe:
            shutil.copyfileobj(pipe, spool, CHUNK)
        spool.flush()
        yield Path(spool.name)


def reader(path: Path) -> Source:
    """Reads the file from its first byte, each time it is called."""

    def chunks() -> Iterator[bytes]:
        with path.open("rb", buffering=0) as file:
            yield from read_chunks(file)

    return chunks


def read_chunks(file: IO[bytes]) -> Iterator[bytes]:
    """All bytes of an open file."""
    while chunk := file.read(CHUNK):
        yield chunk


def stored(uri: str) -> NamedSource:
    """The newest version of an object, read from the stack that the settings mean."""
    from csvgate.cli.session import objects_of

    bucket, _, key = uri.removeprefix(S3).partition("/")
    found = objects_of().open(Arrival(bucket=bucket, key=key))
    if isinstance(found, str):
        problem = f"there is no object {uri}"
        raise UsageError(problem)
    version = found.version
    arrived = {"upload_timestamp": instant(version.last_modified), "version_id": version.version_id}
    facts = {"bucket": bucket, "key": key, "etag": version.etag, **arrived}
    return NamedSource(filename=key.rpartition("/")[2], size=version.size, source=found.chunks, facts=facts)


@contextmanager
def watched(named: NamedSource) -> Iterator[Source]:
    """The source, with its progress on the terminal while it is read."""
    with progress(named.filename, named.size) as advance:
        yield _counted(named.source, advance)


def _counted(source: Source, advance: Advance) -> Source:
    def chunks() -> Iterator[bytes]:
        for chunk in source():
            advance(len(chunk))
            yield chunk

    return chunks
