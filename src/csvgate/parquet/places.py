"""A table and a delivery in; the keys of the objects in the results bucket that hold its rows and tell of them, out.

data/feed=<table>/date=<day>/<delivery>-<generation>-<part>-<hash>.parquet    rows
live/feed=<table>/date=<day>/<delivery_id>                                    the files of it that readers see
live/feed=<table>/all                                                         the same, where deliveries replace
parquet/tables/<table>.json                                                   the table's columns
parquet/shelves/<table>/<delivery_id>.json | all.json                         the ledger
parquet/deliveries/<delivery_id>                                              where in the ledger it may stand
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC

from csvgate.delivery import Delivery
from csvgate.load import Target

DATA, SHELVES = "data/", "parquet/shelves/"
# What of an id, and of the hash of a file, its name has.
SHORT, HASH = 16, 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where one delivery of a table goes; `shelf` and `live` are one for the whole table, where deliveries replace."""

    table: str
    day: str
    delivery_id: str
    replaces: bool

    @classmethod
    def of(cls, delivery: Delivery, target: Target) -> Place:
        """The place of a delivery: the day is that of its upload, in UTC."""
        return cls(
            table=target.table,
            day=delivery.upload_timestamp.astimezone(UTC).date().isoformat(),
            delivery_id=delivery.delivery_id,
            replaces=target.disposition == "replace",
        )

    @property
    def shelf(self) -> str:
        """The part of the ledger that changes at one stroke."""
        return f"{SHELVES}{self.table}/{'all' if self.replaces else self.delivery_id}.json"

    @property
    def live(self) -> str:
        """The list of files that readers follow."""
        return f"live/feed={self.table}/{'all' if self.replaces else f'date={self.day}/{self.delivery_id}'}"

    @property
    def columns(self) -> str:
        """The document of the table."""
        return f"parquet/tables/{self.table}.json"

    def part(self, generation: int, number: int, body: bytes) -> str:
        """A file of rows; whoever writes it again writes the same bytes."""
        digest = hashlib.sha256(body).hexdigest()[:HASH]
        name = f"{self.delivery_id[:SHORT]}-{generation}-{number:05}-{digest}.parquet"
        return f"{DATA}feed={self.table}/date={self.day}/{name}"


def pointer(delivery_id: str) -> str:
    """The document that names all shelves on which a delivery stands, has stood, or is about to stand."""
    return f"parquet/deliveries/{delivery_id}"


def names_of(delivery_id: str) -> str:
    """What the keys of all files with rows of the delivery hold, whatever their table, and no others."""
    return f"/{delivery_id[:SHORT]}-"


def owner(file: str) -> str:
    """Whose rows a file has: as much of the delivery's id as names of files say."""
    return file.rpartition("/")[2].partition("-")[0]
