"""A table of DynamoDB and a target's name in, the rows that readers see out: as `docs/how-to/dynamodb.md` says.

Shares no code with the sink: the head says which edition is shown, the edition lists the loads, each its partitions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from csvgate.load import Target
from csvgate.ports.objects import ObjectStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]


def seen(
    dynamodb: DynamoDBClient, table: str, target: Target, objects: ObjectStore | None = None
) -> list[tuple[str | None, ...]]:
    """The cells of each row as texts, delivery by delivery, in the order of the file."""
    return [
        _row(_cells(item, objects), [column["M"] for column in listing["columns"]["L"]])
        for listing in listings(dynamodb, table, target.table)
        for item in rows(dynamodb, table, listing)
    ]


def listings(dynamodb: DynamoDBClient, table: str, name: str) -> list[Item]:
    """The loads that readers see, each with the partitions of its rows."""
    head = dynamodb.get_item(TableName=table, Key={"pk": {"S": name}, "sk": {"S": "head"}}).get("Item")
    if head is None:
        return []
    values = {":table": name, ":shown": head["shown"]["S"]}
    return list(_query(dynamodb, table, "pk = :table AND begins_with(sk, :shown)", values))


def rows(dynamodb: DynamoDBClient, table: str, listing: Item) -> list[Item]:
    """The rows of a load, in the order of the file."""
    found = [
        item
        for partition in listing["partitions"]["L"]
        for item in _query(dynamodb, table, "pk = :pk", {":pk": partition["S"]})
    ]
    return sorted(found, key=lambda item: str(item["sk"]["S"]))


def _query(dynamodb: DynamoDBClient, table: str, condition: str, values: dict[str, str]) -> Iterator[Item]:
    pages = dynamodb.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression=condition,
        ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
    )
    for page in pages:
        yield from page["Items"]


def _cells(item: Item, objects: ObjectStore | None) -> Any:  # noqa: ANN401  an attribute
    if "cells" in item or objects is None:
        return item["cells"]
    return json.loads(objects.read(item["cells_uri"]["S"]) or b"")


def _row(cells: Item, columns: list[Item]) -> tuple[str | None, ...]:
    if "L" in cells:
        return tuple(map(_text, cells["L"]))
    return tuple(_text(cells["M"].get(column["attribute"]["S"], {"NULL": True})) for column in columns)


def _text(attribute: Item) -> str | None:
    ((kind, value),) = attribute.items()
    return None if kind == "NULL" else str(value).lower() if kind == "BOOL" else value
