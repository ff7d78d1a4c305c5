"""DynamoDB as an Outbox: the catalog's transactions write notices into the table of deliveries, here they are read.

Each is an item of its own until it is said; the key begins with a digit of the delivery's id, so no partition is hot.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from csvgate.aws import dynamodb_items as items
from csvgate.aws.errors import code_of, translated
from csvgate.telling.notices import Notice

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_DUE = "attribute_not_exists(due) OR due <= :now"


class DynamoDbOutbox:
    """What the catalog in the same table wrote and nobody has said yet."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def of(self, delivery_id: str) -> Iterator[Notice]:
        """What has to be said about one delivery."""
        about = {"KeyConditionExpression": "pk = :pk AND begins_with(sk, :id)"}
        values = {":pk": {"S": items.outbox_key(delivery_id)}, ":id": {"S": delivery_id}}
        return self._found(**about, ExpressionAttributeValues=values)

    def due(self, now: datetime) -> Iterator[Notice]:
        """All that has to be said by now."""
        for digit in items.OUTBOX_DIGITS:
            values = {":pk": {"S": items.outbox_key(digit)}, ":now": {"S": items.instant(now)}}
            query = {"KeyConditionExpression": "pk = :pk", "FilterExpression": _DUE}
            yield from self._found(**query, ExpressionAttributeValues=values)

    def postpone(self, notice: Notice, until: datetime) -> None:
        """It was tried once more in vain, and is not due before then."""
        with translated():
            try:
                self._client.update_item(
                    TableName=self._table,
                    Key=items.notice_key(notice),
                    ConditionExpression="attribute_exists(pk)",
                    UpdateExpression="SET due = :until, tries = :tries",
                    ExpressionAttributeValues={
                        ":until": {"S": items.instant(until)},
                        ":tries": {"N": str(notice.tries + 1)},
                    },
                )
            except ClientError as exc:
                # Somebody else has said it meanwhile.
                if code_of(exc) != "ConditionalCheckFailedException":
                    raise

    def close(self, notice: Notice) -> None:
        """There is nothing more to say; closing again changes nothing."""
        with translated():
            self._client.delete_item(TableName=self._table, Key=items.notice_key(notice))

    def _found(self, **query: Any) -> Iterator[Notice]:  # noqa: ANN401  the parameters of a call
        with translated():
            pages = self._client.get_paginator("query").paginate(TableName=self._table, ConsistentRead=True, **query)
            for page in pages:
                yield from map(items.notice_of, page["Items"])
