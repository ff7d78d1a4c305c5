"""Messages in a folder in; their files through both stages and told of, by workers that are killed on the way, out.

    python -m tests.faults.story FOLDER SEED

As `tests.faults.kills`, but the whole story of a file: claimed, inspected, sent on, loaded, recorded, told.
Catalog, rows and outboxes are in PostgreSQL; objects, queues, and what was told are files in the folder.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import uuid4

from csvgate.core.contracts.cleansing import Cleansing
from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.core.contracts.schema import Field, Schema
from csvgate.delivery import Arrival, Delivery
from csvgate.delivery_json import from_message
from csvgate.errors import TransientError
from csvgate.load import Content, Load, Target
from csvgate.memory import MemoryObjectStore
from csvgate.pipeline.story import inspect_delivery, record_delivery
from csvgate.ports import Ports
from csvgate.ports.catalog import Claim, Standing
from csvgate.ports.objects import ObjectVersion, OpenObject
from csvgate.postgres.catalog import PostgresCatalog
from csvgate.postgres.connection import Database
from csvgate.postgres.load_outbox import PostgresLoadOutbox
from csvgate.postgres.outbox import PostgresOutbox
from csvgate.postgres.sink import PostgresSink
from csvgate.telemetry.tracing import NOTHING, Carrier
from csvgate.telling.notices import Audience, Notice
from csvgate.telling.relay import Relay
from tests.faults.kills import COLUMNS, FULL_SPEED, PAUSE, PIECE, killed_again_and_again
from tests.faults.scenery import TABLES
from tests.ports.contents import version

STEPS = (
    "after_receive",
    "after_claim",
    "after_inspection",
    "after_send",
    "after_ledger",
    "mid_copy",
    "after_copy",
    "before_commit",
    "after_commit",
    "after_record",
    "after_tell",
    "after_cross_out",
    "after_ack",
)
# Of a worker that was killed; whoever comes for its delivery waits so long.
LEASE = timedelta(seconds=0.3)
Step = Callable[[str], None]


class Objects(MemoryObjectStore):
    """An ObjectStore over the files of the scenery; documents are files, too."""

    def __init__(self, folder: Path, step: Step) -> None:
        super().__init__()
        self._folder, self._step = folder, step
        self._entries = json.loads((folder / "manifest.json").read_text())

    def open(self, arrival: Arrival) -> OpenObject | Literal["vanished", "superseded"]:
        found = next(one for one in self.versions(arrival.bucket, arrival.key) if one.version_id == arrival.version_id)
        file = next(entry["file"] for entry in self._entries if _arrival(entry).version_id == arrival.version_id)
        body = (self._folder / "files" / file).read_bytes()
        return OpenObject(version=found, chunks=lambda: (body[at : at + PIECE] for at in range(0, len(body), PIECE)))

    def versions(self, bucket: str, prefix: str = "") -> Iterator[ObjectVersion]:
        of_key = [_arrival(entry) for entry in self._entries if entry["key"] == prefix]
        for at, arrival in enumerate(sorted(of_key, key=lambda one: one.order, reverse=True)):
            yield ObjectVersion(
                bucket=bucket,
                key=arrival.key,
                version_id=arrival.version_id,
                etag=None,
                size=arrival.size or 0,
                last_modified=arrival.time or datetime.now(UTC),
                is_latest=at == 0,
            )

    def write(self, bucket: str, key: str, body: bytes, content_type: str) -> str:
        _put(self._folder / "documents" / key.replace("/", " "), body)
        self._step("after_inspection")
        return f"s3://{bucket}/{key}"

    def read(self, uri: str, *, last: int | None = None) -> bytes | None:
        document = self._folder / "documents" / uri.removeprefix("s3://results/").replace("/", " ")
        return document.read_bytes() if document.is_file() else None


class Inspected:
    """A Queue in a folder."""

    def __init__(self, folder: Path, step: Step) -> None:
        self._folder, self._step = folder, step

    def send(self, body: str, attributes: Carrier = NOTHING) -> None:
        _put(self._folder / "inspected" / uuid4().hex, body.encode())
        self._step("after_send")


class Catalog(PostgresCatalog):
    """The catalog, and its steps."""

    def __init__(self, database: Database, step: Step) -> None:
        super().__init__(database, Audience(channels=("topic",)))
        self._step = step

    def claim(self, arrival: Arrival, *, owner: str, now: datetime, lease: timedelta) -> Claim:
        claim = super().claim(arrival, owner=owner, now=now, lease=lease)
        self._step("after_claim")
        return claim

    def record(self, delivery: Delivery, column_names: Sequence[str], standing: Standing) -> bool:
        is_recorded = super().record(delivery, column_names, standing)
        self._step("after_record")
        return is_recorded


class Rows(PostgresSink):
    """The sink, and one step more."""

    def __init__(self, database: Database, step: Step) -> None:
        super().__init__(database, step)
        self._taken = step

    def load(self, delivery: Delivery, target: Target, content: Content, generation: int = 1) -> Load:
        done = super().load(delivery, target, content, generation)
        self._taken("after_commit")
        return done


class Topic:
    """A Notifier that writes down what it hears."""

    def __init__(self, folder: Path, step: Step) -> None:
        self._folder, self._step = folder, step

    def notify(self, notice: Notice) -> None:
        _put(self._folder / "told" / uuid4().hex, notice.delivery.delivery_id.encode())
        self._step("after_tell")


class Crossed(PostgresOutbox):
    """The outbox, and its step."""

    def __init__(self, database: Database, step: Step) -> None:
        super().__init__(database)
        self._step = step

    def close(self, notice: Notice) -> None:
        super().close(notice)
        self._step("after_cross_out")


def feed_of(table: str) -> Feed:
    """What the scenery means by the name of a table: `slow` ones are cleansed, though nothing has to be."""
    how = table.partition("_")[0]
    contract = Contract(schema=Schema(fields=tuple(map(_field, COLUMNS))))
    feed = Feed(name=table, key=f"{table}.csv", contract=contract, sink="postgresql", table=table)
    if how == "rows":
        return feed
    cleansing = Cleansing(trim=() if FULL_SPEED in table else ("id",))
    keys = ("id",) if how == "merge" else ()
    return replace(feed, shape="typed", disposition=how, keys=keys, cleansing=cleansing)  # type: ignore[arg-type]


def ports(folder: Path, database: Database, step: Step) -> Ports:
    """All that the story needs, each of which takes its steps."""
    catalog = Catalog(database, step)
    return Ports(
        objects=Objects(folder, step),
        inspected=Inspected(folder, step),
        catalog=catalog,
        view=catalog,
        results_bucket="results",
        clock=lambda: datetime.now(UTC),
        owner=uuid4().hex,
        lease=LEASE,
        feeds=Feeds(tuple(map(feed_of, TABLES))),
        sinks={"postgresql": Rows(database, step)},
        load_outboxes={"postgresql": PostgresLoadOutbox(database)},
    )


def work(folder: Path, step: Step) -> None:
    """No message is left in either queue, unless a step does not come back."""
    with Database((folder / "database-url").read_text()) as database:
        at = ports(folder, database, step)
        relay = Relay(outbox=Crossed(database, step), notifiers={"topic": Topic(folder, step)}, clock=at.clock)

        def inspect(text: str) -> None:
            inspect_delivery(_arrival(json.loads(text)), at)

        def record(text: str) -> None:
            relay.tell(record_delivery(from_message(text), at).delivery_id)

        stages = {folder / "inspected": record, folder / "queue": inspect}
        while found := next(((file, stages[queue]) for queue in stages for file in sorted(queue.iterdir())), None):
            with suppress(FileNotFoundError):
                _handle(*found, step)


def _handle(message: Path, stage: Callable[[str], None], step: Step) -> None:
    """The message is acknowledged after its stage is through; not if somebody else is at it, or the server away."""
    text = message.read_text()
    step("after_receive")
    try:
        stage(text)
    except TransientError:
        time.sleep(PAUSE)
        return
    message.unlink()
    step("after_ack")


def _arrival(entry: dict[str, object]) -> Arrival:
    return version(int(str(entry["version"])), str(entry["key"])).arrival


def _field(name: str) -> Field:
    return Field(name=name, type="integer" if name == "id" else "string")


def _put(path: Path, body: bytes) -> None:
    """The file is there, or not at all: where it is written, nobody looks for messages."""
    draft = path.parents[1] / uuid4().hex
    draft.write_bytes(body)
    draft.rename(path)


if __name__ == "__main__":
    killed_again_and_again(work, STEPS, Path(sys.argv[1]), int(sys.argv[2]))
