"""What is asked of the indexes in; deliveries, newest first and a page at a time, out: the lists of the catalog."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from csvgate.aws import dynamodb_items as items
from csvgate.aws.dynamodb_items import Item
from csvgate.aws.errors import translated
from csvgate.core.findings import Verdict
from csvgate.delivery import Delivery, State

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

PAGE = 100
# Sorts behind everything that can follow a moment in `arrived`.
LAST_OF_A_MOMENT = "#~"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The items under one value of a table's or an index's key, up to a value of the key by which they are sorted."""

    index: str = ""
    attribute: str
    value: str
    sorted_by: str = "arrived"
    most: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lists:
    """The table of deliveries as people leaf through it; an index may be a second behind."""

    client: DynamoDBClient
    table: str

    def history(self, bucket: str, key: str) -> Iterator[Delivery]:
        """All deliveries of a key."""
        return self._deliveries(Asked(index="by-key", attribute="object", value=f"{bucket}/{key}"))

    def newest(
        self, state: State | None, verdict: Verdict | None, day: str | None, until: datetime | None
    ) -> Iterator[Delivery]:
        """Those that CatalogView.newest is asked for, a day after the other."""
        most = f"{items.instant(until)}{LAST_OF_A_MOMENT}" if until else ""
        for each in [day] if day else self._days(until):
            if state:
                asked = Asked(index="by-state", attribute="state_day", value=f"{state}#{each}", most=most)
                yield from (found for found in self._deliveries(asked) if verdict in {None, found.verdict})
            elif verdict:
                asked = Asked(index="by-verdict", attribute="verdict_day", value=f"{verdict}#{each}", most=most)
                yield from self._deliveries(asked)
            else:
                yield from self._deliveries(Asked(index="by-day", attribute="day", value=each, most=most))

    def _days(self, until: datetime | None) -> Iterator[str]:
        """The days on which something arrived."""
        last = items.instant(until)[: len("YYYY-MM-DD")] if until else ""
        for item in self._items(Asked(attribute="pk", value="days", sorted_by="sk", most=last)):
            yield item["sk"]["S"]

    def _deliveries(self, asked: Asked) -> Iterator[Delivery]:
        return map(items.delivery_of, self._items(asked))

    def _items(self, asked: Asked) -> Iterator[Item]:
        """The last first."""
        with translated():
            pages = self.client.get_paginator("query").paginate(
                **_request(asked), TableName=self.table, PaginationConfig={"PageSize": PAGE}
            )
            for page in pages:
                yield from page["Items"]


def _request(asked: Asked) -> Any:  # noqa: ANN401  what a query takes
    condition, names, values = "#key = :value", {"#key": asked.attribute}, {":value": {"S": asked.value}}
    if asked.most:
        condition += " AND #sorted <= :most"
        names["#sorted"], values[":most"] = asked.sorted_by, {"S": asked.most}
    request = {
        "KeyConditionExpression": condition,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
        "ScanIndexForward": False,
    }
    return request | ({"IndexName": asked.index} if asked.index else {})
