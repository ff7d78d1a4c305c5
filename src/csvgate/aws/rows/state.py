"""What the table of rows knows of deliveries and tables, as values: Place, Running, Entry, Head, Listing. No client."""

from __future__ import annotations

from dataclasses import dataclass

from csvgate.aws.dynamodb_items import instant
from csvgate.delivery import Delivery
from csvgate.load import Load

FIRST_EDITION = 1
# A partition takes about 1,000 writes a second, so the rows of a large file are spread over several.
ROWS_OF_A_SHARD = 2_000
MOST_SHARDS = 64
# Half of a delivery's id tells it from all others, and is shorter in each row.
ID_LENGTH = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where the rows of one load are; `load` is its generation and its attempt, and no other load has the same."""

    table: str
    delivery_id: str
    load: str
    shards: int

    @property
    def partitions(self) -> tuple[str, ...]:
        """The partition keys of its rows."""
        return tuple(f"{self.table}#{self.delivery_id[:ID_LENGTH]}#{self.load}#{n}" for n in range(self.shards))


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """A load that has begun and not ended; `digest` stands for all its rows, those up to `written` are in the table."""

    generation: int
    place: Place
    digest: str
    written: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What the ledger has of a delivery: its newest generation with its answer, and where the rows are, if they are.

    `whose` they are, as it was known then; `version` counts the changes of the entry, `attempts` all loads ever begun,
    and `places` are where these could write.
    """

    delivery_id: str
    version: int = 0
    attempts: int = 0
    generation: int = 0
    whose: Delivery | None = None
    load: Load | None = None
    place: Place | None = None
    edition: int = 0
    running: Running | None = None
    places: frozenset[Place] = frozenset()

    def told(self, generation: int) -> Load | None:
        """The answer to whoever loads that generation or an earlier one, if there is one yet."""
        return self.load if self.generation >= generation else None

    def is_held(self, place: Place) -> bool:
        """Whether the rows there are the delivery's, or are about to be."""
        return place == self.place or (self.running is not None and place == self.running.place)


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """Which edition of a table readers see, and the one before, which an undo brings back.

    `newest` is the highest number that an edition ever had; `version` counts the changes of the table.
    """

    table: str
    version: int = 0
    edition: int = FIRST_EDITION
    previous: int | None = None
    newest: int = FIRST_EDITION

    def keeps(self, edition: int) -> bool:
        """Whether readers see the edition, or would see it again."""
        return edition in {self.edition, self.previous}

    @property
    def oldest(self) -> int:
        """Editions below are gone for good."""
        return self.previous or self.edition


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A load that belongs to an edition, as far as others have to know it."""

    delivery_id: str
    object: str
    order: str
    arrived: str

    def is_after(self, delivery: Delivery) -> bool:
        """Within a key by sequencer, where both have one; else by upload time."""
        arrival = delivery.arrival
        if self.object == object_of(delivery) and self.order and arrival.order:
            return self.order >= arrival.order
        return self.arrived > instant(delivery.upload_timestamp)


def shards_for(row_count: int) -> int:
    """Over how many partitions so many rows are spread."""
    return min(MOST_SHARDS, 1 + row_count // ROWS_OF_A_SHARD)


def object_of(delivery: Delivery) -> str:
    """The object as one text, to compare and to read."""
    return f"{delivery.arrival.bucket}/{delivery.arrival.key}"
