"""What the local stack is called and where it answers, in a file that other commands find: `stack.json`.

While an embedded stack is stopped the file is called `stopped.json`: nothing answers, and the next start goes by it.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from csvgate.errors import UsageError

FILE_NAME = "stack.json"
STOPPED = "stopped.json"

# Whom the bucket tells of a file.
Trigger = Literal["queue", "function"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessFacts:
    """A part of the stack that runs by itself, as other processes see it."""

    pid: int
    port: int
    log: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StackFacts:
    """A deployed stack; without `emulator`, its AWS was there before and is not ours to stop.

    Where the functions have no names there are none, and workers do both stages.
    `web`: the upload service over it, which is at `web_url`; `token_file` has the token with which one signs in.
    """

    endpoint_url: str
    region: str
    bucket: str
    results_bucket: str
    arrivals_queue_url: str
    arrivals_dead_url: str
    inspected_queue_url: str
    inspected_dead_url: str
    metadata_table: str
    deliveries_table: str
    inspect_function: str
    record_function: str
    trigger: Trigger = "queue"
    database_url: str | None = None
    feeds: str | None = None
    web_url: str | None = None
    token_file: str | None = None
    web: ProcessFacts | None = None
    emulator: ProcessFacts | None = None


def write(data_dir: Path, facts: StackFacts) -> None:
    """The file holds these facts; who reads at the same time sees the old ones or the new ones."""
    draft = data_dir / f"{FILE_NAME}.new"
    draft.write_text(json.dumps(asdict(facts), indent=2) + "\n", encoding="utf-8")
    draft.replace(data_dir / FILE_NAME)
    (data_dir / STOPPED).unlink(missing_ok=True)


def read(data_dir: Path) -> StackFacts | None:
    """The facts that were written last, unless the stack was stopped since; else None."""
    return _read(data_dir / FILE_NAME)


def read_stopped(data_dir: Path) -> StackFacts | None:
    """What the stack was like that is stopped now, or None."""
    with suppress(UsageError):
        return _read(data_dir / STOPPED)
    return None


def stop(data_dir: Path) -> None:
    """Nobody finds a running stack any more; what an embedded one was like is kept for its next start."""
    file = data_dir / FILE_NAME
    with suppress(UsageError):
        if (known := read(data_dir)) and known.emulator:
            file.replace(data_dir / STOPPED)
    file.unlink(missing_ok=True)


def _read(file: Path) -> StackFacts | None:
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
        for name in {"web", "emulator"} & known.keys():
            known[name] = ProcessFacts(**known[name]) if known[name] else None
        return StackFacts(**known)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError) as exc:
        message = f"{file} is not as this version of csvgate writes it. Run `csvgate down`, then `csvgate up`."
        raise UsageError(message) from exc
