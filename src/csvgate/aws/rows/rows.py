"""Content in; requests to put its rows, from the first that is not written, out.

An item holds 400 KB. The cells of a row that is larger go into the results bucket, and the item says where.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from csvgate.aws.rows.batches import Request
from csvgate.aws.rows.cells import Attribute, cells_of, names_of
from csvgate.aws.rows.items import row_key
from csvgate.aws.rows.state import Place, Running
from csvgate.load import Content, Target
from csvgate.ports.objects import ObjectStore

# What an item holds, without its key.
ROOM = 409_600 - 4_096
WIDEST = 4  # bytes of a character in UTF-8
FOLDER = "rows/"
PER_CELL = 4  # what a cell takes beside its text, at most

# Stores the cells of a row, and says where they are.
Keep = Callable[[Place, int, Attribute], str]


def requests_of(running: Running, target: Target, content: Content, keep: Keep) -> Iterator[Request]:
    """A request for each row that is not written yet; its mark is the number of the row."""
    made, partitions = cells_of(target), running.place.partitions
    frame = sum(len(name) + PER_CELL for name in names_of(target))
    for number, row in content.rows():
        if number <= running.written:
            continue
        cells, weight = made(row), frame + sum(len(cell) for cell in row if cell)
        held = {"cells": cells}
        if weight * WIDEST > ROOM and size_of(cells) > ROOM:
            held, weight = {"cells_uri": {"S": keep(running.place, number, cells)}}, 0
        yield Request(number, {"PutRequest": {"Item": row_key(partitions, number) | held}}, weight)


def size_of(attribute: Attribute) -> int:
    """The bytes that the attribute takes in an item, or a few more."""
    ((kind, value),) = attribute.items()
    if kind == "M":
        return PER_CELL + sum(len(name.encode()) + size_of(each) for name, each in value.items())
    if kind == "L":
        return PER_CELL + sum(map(size_of, value))
    return PER_CELL + (len(value.encode()) if isinstance(value, str) else 0)


class Overflow:
    """What is too large for the table, in the results bucket."""

    def __init__(self, objects: ObjectStore, bucket: str) -> None:
        self._objects = objects
        self._bucket = bucket

    def keep(self, place: Place, number: int, cells: Attribute) -> str:
        """The cells are stored, as DynamoDB writes them in JSON; the answer is their address."""
        key = f"{FOLDER}{place.table}/{place.delivery_id}/{place.load}/{number:012d}.json"
        return self._objects.write(self._bucket, key, json.dumps(cells).encode(), "application/json")

    def remove(self, uri: str) -> None:
        """They are gone."""
        self._objects.remove(uri)

    def forget(self, delivery_id: str) -> None:
        """All of the delivery are gone, in whatever table and version."""
        self._objects.erase_documents(self._bucket, FOLDER, f"/{delivery_id}/")
