"""What the sink in DynamoDB did in; the same, until the catalog has heard it, out: the LoadOutbox of `csvgate.ports`.

The sink's own transactions write it into the table of rows, one item for each delivery; here it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from csvgate.aws.dynamodb_items import instant
from csvgate.aws.errors import translated
from csvgate.aws.rows import items
from csvgate.delivery import Delivery

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class DynamoDbLoadOutbox:
    """What has to be heard, beside the rows in the same table."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def of(self, delivery_id: str) -> Delivery | None:
        """See LoadOutbox."""
        with translated():
            key = items.word_key(delivery_id)
            answer: Any = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return items.delivery_told(answer["Item"]) if "Item" in answer else None

    def due(self, before: datetime) -> Iterator[Delivery]:
        """See LoadOutbox."""
        for digit in items.LEDGER_DIGITS:
            with translated():
                pages = self._client.get_paginator("query").paginate(
                    TableName=self._table,
                    ConsistentRead=True,
                    KeyConditionExpression="pk = :partition",
                    FilterExpression="since <= :before",
                    ExpressionAttributeValues={
                        ":partition": {"S": items.words_partition(digit)},
                        ":before": {"S": instant(before)},
                    },
                )
                for page in pages:
                    yield from map(items.delivery_told, page["Items"])

    def close(self, delivery: Delivery) -> None:
        """See LoadOutbox."""
        with translated(), suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.delete_item(
                TableName=self._table,
                Key=items.word_key(delivery.delivery_id),
                ConditionExpression="#done = :done",
                ExpressionAttributeNames={"#done": "done"},
                ExpressionAttributeValues={":done": {"S": items.done_in(delivery)}},
            )
