"""Messages in a folder in; their files loaded, by workers that are killed with signal 9 on the way, out.

    python -m tests.faults.kills FOLDER SEED

Each worker is a process of its own, which kills itself at a step that is drawn for it; its message comes again.
A message is a file that names a version; acknowledging is deleting it. How often which step was the last stands in
`kills-SEED.json` at the end. Two of these may work on one folder.
"""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csvgate.errors import TransientError
from csvgate.load import RawCsv, Target
from csvgate.postgres.connection import Database
from csvgate.postgres.sink import PostgresSink
from tests.ports.contents import Cells, target, version

STEPS = ("after_receive", "after_ledger", "mid_copy", "after_copy", "before_commit", "after_commit", "after_ack")
COLUMNS = ("id", "city", "note")
FULL_SPEED = "raw"
# More than libpq keeps back, so that in mid COPY the server has some of it.
PIECE = 9000
# What is tried at the same time as a restart of the server fails; in a queue it would become visible again.
PAUSE = 0.2


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A Content over a file: as stored bytes, in small pieces, or row by row."""

    path: Path
    as_stored: bool

    @property
    def row_count(self) -> int:
        return sum(1 for _ in self.rows())

    @property
    def rows_quarantined(self) -> int:
        return 0

    def rows(self) -> Iterator[tuple[int, Cells]]:
        with self.path.open(newline="", encoding="utf-8") as opened:
            records = csv.reader(opened)
            next(records)
            for number, cells in enumerate(records, start=1):
                yield number, [cell or None for cell in cells]

    def raw(self) -> RawCsv | None:
        return RawCsv(chunks=self._pieces) if self.as_stored else None

    def _pieces(self) -> Iterator[bytes]:
        body = self.path.read_bytes()
        return (body[start : start + PIECE] for start in range(0, len(body), PIECE))


def target_of(table: str) -> Target:
    """The target that the scenery has under this name: its first word is the disposition, or `rows`."""
    how = table.partition("_")[0]
    keys = ("id",) if how == "merge" else ()
    types = {"types": ("integer", "string", "string")}
    if how == "rows":
        return target(*COLUMNS, table=table, shape="rows")
    return target(*COLUMNS, table=table, disposition=how, keys=keys, **types)  # type: ignore[arg-type]  # by name


def work(folder: Path, step: Callable[[str], None]) -> None:
    """Every message in the folder is done, unless the step does not come back."""
    database_url = (folder / "database-url").read_text()
    with Database(database_url) as database:
        sink = PostgresSink(database, step)
        while messages := sorted((folder / "queue").iterdir()):
            with suppress(FileNotFoundError):
                handle(messages[0], sink, folder, step)


def handle(message: Path, sink: PostgresSink, folder: Path, step: Callable[[str], None]) -> None:
    """The message is acknowledged, after its file was loaded; not if the server is away."""
    told: dict[str, Any] = json.loads(message.read_text())
    step("after_receive")
    content = File(path=folder / "files" / told["file"], as_stored=FULL_SPEED in told["table"])
    try:
        sink.load(version(told["version"], told["key"]), target_of(told["table"]), content)
    except TransientError:
        time.sleep(PAUSE)
        return
    step("after_commit")
    message.unlink()
    step("after_ack")


def fuse(last: str) -> Callable[[str], None]:
    """Kills this process at that step."""

    def burn(step: str) -> None:
        if step == last:
            os.kill(os.getpid(), signal.SIGKILL)

    return burn


def killed_again_and_again(
    work: Callable[[Path, Callable[[str], None]], None], steps: Sequence[str], folder: Path, seed: int
) -> None:
    """Workers are started and killed until no message is left."""
    draw, kills = random.Random(seed), Counter[str]()
    while True:
        last = draw.choice(steps)
        worker = os.fork()
        if worker == 0:
            work(folder, fuse(last))
            os._exit(0)
        _, status = os.waitpid(worker, 0)
        if not os.WIFSIGNALED(status):
            break
        kills[last] += 1
    (folder / f"kills-{seed}.json").write_text(json.dumps(kills))
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    killed_again_and_again(work, STEPS, Path(sys.argv[1]), int(sys.argv[2]))
