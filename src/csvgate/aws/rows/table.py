"""The table of rows as the sink works with it: values in, calls of DynamoDB out. The one place that makes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count, islice
from typing import TYPE_CHECKING, Any

from csvgate.aws.errors import cancellation_reasons, translation
from csvgate.aws.patience import tries
from csvgate.aws.rows import items
from csvgate.aws.rows.batches import WRITERS, Batches, Request
from csvgate.aws.rows.items import Item
from csvgate.aws.rows.state import Entry, Head, Listing, Place, Running
from csvgate.aws.rows.writes import Member
from csvgate.errors import TransientError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

# The value to which a condition compares.
BOUND = ":bound"
TRANSACTION_TRIES = 8
REFUSED = "ConditionalCheckFailed"


class RowsTable:
    """What is in the table, read consistently, and what may be done to it; safe to share between threads."""

    def __init__(self, client: DynamoDBClient, name: str, remove: Callable[[str], None]) -> None:
        """`remove` deletes what a row has elsewhere, by its address."""
        self.name = name
        self._client = client
        self._remove = remove
        self._refused = client.exceptions.ConditionalCheckFailedException
        self._cancelled = client.exceptions.TransactionCanceledException
        self._batches = Batches(client, name)

    def entry(self, delivery_id: str) -> Entry:
        """What the ledger has of the delivery; an empty entry if nothing."""
        item = self._item(items.ledger_key(delivery_id))
        return items.entry_of(item) if item else Entry(delivery_id=delivery_id)

    def entries(self) -> Iterator[Entry]:
        """The whole ledger, a page at a time."""
        for digit in items.LEDGER_DIGITS:
            yield from map(items.entry_of, self._found(items.ledger_partition(digit)))

    def head(self, table: str) -> Head:
        """The head of the table; where it has none, what its editions say: it is new, or somebody deleted its head."""
        item = self._item(items.head_key(table))
        return items.head_of(item) if item else items.head_over(table, self._newest_editions(table))

    def shown(self, table: str, delivery_id: str) -> Place | None:
        """Where readers of the table find the delivery, by its head and the edition that it names."""
        head = self._item(items.head_key(table))
        key = items.listing_key(table, items.head_of(head).edition, delivery_id) if head else None
        listing = self._item(key) if key else None
        return items.place_of(listing["place"], delivery_id) if listing else None

    def listed(self, head: Head, edition: int, *, but: str) -> Iterator[Listing]:
        """The loads that belong to an edition, without that of one delivery; a page at a time."""
        found = self._found(head.table, f"begins_with(sk, {BOUND})", items.edition_prefix(edition))
        return (each for each in map(items.listing_of, found) if each.delivery_id != but)

    def leftovers(self, head: Head) -> Iterator[Item]:
        """What is noted as begun or as dropped, and what belongs to editions that are gone."""
        return self._found(head.table, f"sk < {BOUND}", items.edition_prefix(head.oldest))

    def transact(self, members: Iterable[Member]) -> bool:
        """All is written; or nothing, as a condition failed: False."""
        wanted: Any = [
            {kind: {"TableName": self.name, **write} for kind, write in member.items()} for member in members
        ]
        for _ in tries(TRANSACTION_TRIES):
            try:
                self._client.transact_write_items(TransactItems=wanted)
            except self._cancelled as exc:
                if any(reason["Code"] == REFUSED for reason in cancellation_reasons(exc)):
                    return False
                if not isinstance(translation(exc), TransientError):
                    raise
            else:
                return True
        message = f"other transactions in {self.name} stay in the way of this one"
        raise TransientError(message)

    def advance(self, running: Running, written: int) -> bool:
        """The ledger says how far the load is; False if it runs no more."""
        try:
            self._client.update_item(
                TableName=self.name,
                Key=items.ledger_key(running.place.delivery_id),
                ConditionExpression="#running.#place = :place",
                UpdateExpression="SET #running.#written = :written",
                ExpressionAttributeNames={"#running": "running", "#place": "place", "#written": "written"},
                ExpressionAttributeValues={
                    ":place": items.place_attribute(running.place),
                    ":written": {"N": str(written)},
                },
            )
        except self._refused:
            return False
        return True

    def write(self, requests: Iterable[Request]) -> Iterator[int]:
        """The requests are done up to each mark that is given."""
        return self._batches.write(requests)

    def count(self, place: Place) -> int:
        """How many rows are there."""
        with ThreadPoolExecutor(WRITERS) as readers:
            return sum(readers.map(self._count, place.partitions))

    def delete(self, item: Item) -> None:
        """The item is gone."""
        self._client.delete_item(TableName=self.name, Key=_key_of(item))

    def clear(self, place: Place, most: int | None = None) -> int:
        """No row is there any more, or so many fewer; how many went."""
        rows = (row for partition in place.partitions for row in self._found(partition, shown="pk, sk, cells_uri"))
        return max(self._batches.write(map(self._deleting, count(1), islice(rows, most))), default=0)

    def _deleting(self, number: int, row: Item) -> Request:
        if "cells_uri" in row:
            self._remove(row["cells_uri"]["S"])
        return Request(number, {"DeleteRequest": {"Key": _key_of(row)}})

    def _item(self, key: Item) -> Item | None:
        answer: Any = self._client.get_item(TableName=self.name, Key=key, ConsistentRead=True)
        item: Item | None = answer.get("Item")
        return item

    def _newest_editions(self, table: str) -> list[int]:
        """The two newest that list a load, the newer first."""
        numbers: list[int] = []
        for _ in range(2):
            condition, bound = f"sk BETWEEN :first AND {BOUND}", items.edition_bound(numbers)
            request = self._query(table, condition, bound) | {"ScanIndexForward": False, "Limit": 1}
            request["ExpressionAttributeValues"][":first"] = {"S": items.EDITIONS}
            answer: Any = self._client.query(**request)
            numbers += map(items.edition_of, answer["Items"])
        return numbers

    def _count(self, partition: str) -> int:
        pages = self._client.get_paginator("query").paginate(**self._query(partition), Select="COUNT")
        return sum(page["Count"] for page in pages)

    def _found(self, partition: str, condition: str = "", bound: str = "", *, shown: str = "") -> Iterator[Item]:
        request = self._query(partition, condition, bound)
        if shown:
            request["ProjectionExpression"] = shown
        for page in self._client.get_paginator("query").paginate(**request):
            yield from page["Items"]

    def _query(self, partition: str, condition: str = "", bound: str = "") -> Any:  # noqa: ANN401  parameters
        values = {":partition": {"S": partition}, **({BOUND: {"S": bound}} if bound else {})}
        return {
            "TableName": self.name,
            "ConsistentRead": True,
            "KeyConditionExpression": f"pk = :partition AND {condition}" if condition else "pk = :partition",
            "ExpressionAttributeValues": values,
        }


def _key_of(item: Item) -> Item:
    return {name: item[name] for name in ("pk", "sk")}
