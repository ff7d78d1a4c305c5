"""A sink over a table of DynamoDB, and files whose rows are interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from csvgate.aws.rows.items import Item
from csvgate.aws.rows.sink import DynamoDbSink
from csvgate.load import Target
from csvgate.memory import MemoryObjectStore
from tests.aws import rows_reader
from tests.aws.provision import make_sink
from tests.ports.contents import Cells, Table, target

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

APPEND = target("id", "name")
REPLACE = target("id", "name", disposition="replace")
ROWS = 80
CHECKPOINT = 25


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A sink over a table of its own, and the client to look under it."""

    client: DynamoDBClient
    table: str
    objects: MemoryObjectStore = field(default_factory=MemoryObjectStore)

    def sink(self) -> DynamoDbSink:
        """As one process has it."""
        return make_sink(self.client, self.table, self.objects)

    def seen(self, into: Target) -> list[tuple[str | None, ...]]:
        """What readers see."""
        return rows_reader.seen(self.client, self.table, into, self.objects)

    def items(self) -> list[Item]:
        """All there is."""
        pages = self.client.get_paginator("scan").paginate(TableName=self.table)
        return [item for page in pages for item in page["Items"]]

    def keys(self) -> list[tuple[str, str]]:
        """The keys of all there is."""
        return [(item["pk"]["S"], item["sk"]["S"]) for item in self.items()]

    def rows(self) -> list[tuple[str, str]]:
        """The keys of all rows, whether anybody sees them or not."""
        return [(pk, sk) for pk, sk in self.keys() if pk.count("#") == 3]

    def notes(self) -> list[str]:
        """What is noted as begun or dropped."""
        return [sk for _, sk in self.keys() if sk.startswith(("begun#", "dropped#"))]


def numbered(rows: int = ROWS, name: str = "Ann") -> Table:
    return Table(cells=[[str(number), name] for number in range(1, rows + 1)])


def tuples(content: Table) -> list[tuple[str | None, ...]]:
    return [tuple(cells) for cells in content.cells]


@dataclass(frozen=True, kw_only=True)
class Interrupted:
    """A Content of whose rows something happens in the middle, each time that they are read."""

    table: Table
    happens: Callable[[int], object]
    at: int = ROWS // 2
    rows_quarantined: int = 0

    @property
    def row_count(self) -> int:
        return self.table.row_count

    def rows(self) -> Iterator[tuple[int, Cells]]:
        for number, cells in self.table.rows():
            if number == self.at:
                self.happens(number)
            yield number, cells

    def raw(self) -> None:
        return None


def second_time(action: Callable[[], object]) -> Callable[[int], object]:
    """The rows are measured first; it happens when they are written."""
    times = count()
    return lambda _: action() if next(times) == 1 else None
